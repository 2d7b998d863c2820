"""The mutants of a file: what changes of one line each are to be noticed.

Comments, directives, strings and declarations without a value stay as they are.
Braces and names are not understood further than source.py does: some mutants do
not compile, and those do not count.
"""

import dataclasses
import re

import source

# Written with a space on both sides only as what they are here.
_SWAPPED = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "&&": ("||",),
    "||": ("&&",),
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*",),
    "%": ("*",),
    "<<": (">>",),
    ">>": ("<<",),
    "&": ("|",),
    "|": ("&",),
    "^": ("&",),
    "+=": ("-=",),
    "-=": ("+=",),
    "*=": ("/=",),
    "/=": ("*=",),
    "&=": ("|=",),
    "|=": ("&=",),
    "^=": ("|=",),
    "<<=": (">>=",),
    ">>=": ("<<=",),
}
_NEGATED = {
    "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==",
}
_STEPS = {"++": "--", "--": "++"}
_ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}
_NOT_AN_EXPRESSION = {
    "auto", "bool", "break", "case", "char", "class", "const", "constexpr",
    "continue", "default", "do", "double", "else", "enum", "for", "goto", "if",
    "int", "return", "static", "static_assert", "struct", "switch", "template",
    "typedef", "typename", "union", "using", "while"
}
# What "return {};" says anyway, or what another operator changes.
_PLAIN_RESULTS = re.compile(
    r"(\{\}|-?\w*\d\w*|true|false|nullptr|\*this|absl::OkStatus\(\)|kNone)?")


@dataclasses.dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    function: str
    before: str  # the line
    after: str  # and what becomes of it
    kind: str

    def key(self):
        """What says which mutant it is, wherever the line moves to."""
        return (self.path, self.function, _words(self.before), _words(self.after))


def _words(line):
    return " ".join(line.split())


def apply(text, mutant):
    """`text`, a file, with the mutant's line in place of its own."""
    lines = text.split("\n")
    assert lines[mutant.line - 1] == mutant.before, mutant
    lines[mutant.line - 1] = mutant.after
    return "\n".join(lines)


def mutants(path, text):
    """All the mutants of a file, from its first line to its last."""
    return _Generator(path, text).generate()


class _Generator:

    def __init__(self, path, text):
        self._path = path
        self._text = text
        self._lines = text.split("\n")
        self._tokens = source.tokens(text)
        self._made = {}
        # Where operators begin whose negation says no more than that the
        # condition they are is always true, or never.
        self._sole = set()

    def generate(self):
        for at, token in enumerate(self._tokens):
            if token.scope == "code":
                self._condition(at, token)
                self._leave_out(at, token)
                self._result(at, token)
            if _has_code(token):
                self._swap(token)
                self._constant(at, token)
                self._negation(at, token)
                self._extreme(at, token)
                self._choice(token)
        return sorted(self._made.values(), key=lambda mutant: mutant.line)

    def _make(self, token, start, end, replacement, kind):
        """The mutant with `replacement` from `start` to `end`, offsets of one line."""
        before = self._lines[token.line - 1]
        first = self._text.rfind("\n", 0, start) + 1
        after = before[:start - first] + replacement + before[end - first:]
        if after != before:
            self._made.setdefault(
                (token.line, after),
                Mutant(self._path, token.line, token.function, before, after, kind))

    def _replace(self, token, replacement, kind):
        self._make(token, token.start, token.end, replacement, kind)

    def _is_spaced(self, token):
        around = self._text[token.start - 1] + self._text[token.end]
        return around.isspace()

    def _swap(self, token):
        if token.kind != "operator":
            return
        if token.text in _STEPS:
            self._replace(token, _STEPS[token.text], "step")
        elif self._is_spaced(token):
            for other in _SWAPPED.get(token.text, ()):
                if token.start not in self._sole or other != _NEGATED[token.text]:
                    self._replace(token, other, "operator")

    def _constant(self, at, token):
        if token.text in ("true", "false"):
            self._replace(token, "false" if token.text == "true" else "true",
                          "constant")
        elif token.kind == "number" and not self._is_pure(at):
            changed = _changed_number(token.text)
            if changed:
                self._replace(token, changed, "constant")

    def _is_pure(self, at):
        """Whether it is the 0 of a pure virtual function."""
        words = [token.text for token in self._tokens[max(0, at - 2):at + 2]]
        return (self._tokens[at].scope == "declarations" and
                words[1:] == ["=", "0", ";"] and
                words[0] in (")", "const", "override", "noexcept"))

    def _negation(self, at, token):
        follows = self._tokens[at + 1:at + 2]
        if token.start in self._sole:
            return
        if token.text in "!~" and follows and (follows[0].kind == "name" or
                                               follows[0].text in ("(", "*", "::")):
            self._replace(token, "", "negation")

    def _extreme(self, at, token):
        if [part.text for part in self._tokens[max(0, at - 2):at]] == ["std", "::"]:
            other = {"min": "max", "max": "min"}.get(token.text)
            if other:
                self._replace(token, other, "extreme")

    def _choice(self, token):
        if token.text == "?":
            self._replace(token, "&& false ?", "choice")
            self._replace(token, "|| true ?", "choice")

    def _condition(self, at, token):
        if token.text not in ("if", "while"):
            return
        if at + 1 == len(self._tokens) or self._tokens[at + 1].text != "(":
            return  # if constexpr
        end = source.closing(self._tokens, at + 1)
        inside = self._tokens[at + 2:end]
        semicolons = [part.text for part in inside].count(";")
        if semicolons:
            inside = inside[1 + [part.text for part in inside].index(";"):]
        if not inside or any(part.text == "=" for part in inside):
            return  # A declaration
        if inside[0].line != self._tokens[end].line:
            self._long_condition(token, inside[0])
        elif inside[0].text not in ("true", "false"):
            self._short_condition(token, inside, self._tokens[end].start)

    def _long_condition(self, token, first):
        if first.line != token.line:
            return
        if token.text == "if":
            self._make(token, first.start, first.start, "true || ", "condition")
        self._make(token, first.start, first.start, "false && ", "condition")

    def _short_condition(self, token, inside, end):
        start = inside[0].start
        operators = [part for part in inside
                     if part.text in _SWAPPED and self._is_spaced(part)]
        self._make(inside[0], start, end, "false", "condition")
        if token.text == "if":
            self._make(inside[0], start, end, "true", "condition")
            self._note_sole(operators, inside[0])
        elif not operators and inside[0].text != "!":
            self._make(inside[0], start, end, f"!({self._text[start:end]})",
                       "condition")

    def _note_sole(self, operators, first):
        if len(operators) == 1 and operators[0].text in _NEGATED:
            self._sole.add(operators[0].start)
        elif not operators and first.text == "!":
            self._sole.add(first.start)

    def _leave_out(self, at, token):
        if token.text in ("break", "continue"):
            self._replace(token, "", "jump")
        elif token.starts_statement and self._is_expression(at):
            self._make(token, token.start, token.start, "if (false) ", "statement")

    def _is_expression(self, at):
        """Whether the statement is a call or an assignment."""
        first = self._tokens[at]
        if first.text in _NOT_AN_EXPRESSION:
            return False
        if first.text in ("++", "--", "*", "(", "delete"):
            return True
        if first.text == "::":
            at += 1
        called = False
        while at < len(self._tokens):
            token = self._tokens[at]
            if token.text in ("(", "["):
                called |= token.text == "("
                at = source.closing(self._tokens, at) + 1
            elif (token.kind == "name" and self._tokens[at + 1].text in
                  ("::", ".", "->", "(", "[", "++", "--", *_ASSIGNMENTS)):
                at += 1
            elif token.text in ("::", ".", "->"):
                at += 1
            elif token.text in _ASSIGNMENTS or token.text in ("++", "--"):
                return True
            else:
                return called and token.text in (";", "<<")
        return False

    def _result(self, at, token):
        if token.text != "return":
            return
        end = at
        while end < len(self._tokens) and self._tokens[end].text != ";":
            opens = self._tokens[end].text in "([{"
            end = source.closing(self._tokens, end) + 1 if opens else end + 1
        if end >= len(self._tokens):
            return
        if self._tokens[end].line != token.line:
            if token.starts_statement and token.returns not in ("bool", "?", "&"):
                self._make(token, token.start, token.start, "return {}; ", "result")
            return
        value = self._text[token.end:self._tokens[end].start].strip()
        if token.returns in ("?", "&") or _PLAIN_RESULTS.fullmatch(value):
            return
        if token.returns != "bool":
            changed = "return {}"
        elif value[0] == "!" or self._is_compared(at + 1, end):
            return
        else:
            changed = f"return !({value})"
        self._make(token, token.start, self._tokens[end].start, changed, "result")

    def _is_compared(self, start, end):
        """Whether another operator negates it."""
        return any(token.text in _SWAPPED and self._is_spaced(token)
                   for token in self._tokens[start:end])


def _has_code(token):
    if token.statement in ("static_assert", "template", "typedef", "using"):
        return False
    return token.scope != "declarations" or token.in_value


def _changed_number(number):
    """The next number; 0 for 1."""
    match = re.fullmatch(r"(0[xX][\da-fA-F']+|[\d']+)([uUlLzZ]*)", number)
    if not match:
        return "1.5" if re.fullmatch(r"[\d.]+", number) else None
    digits = match.group(1).replace("'", "")
    is_hex = digits[:2] in ("0x", "0X")
    value = int(digits, 16) if is_hex else int(digits)
    value = 0 if value == 1 else value + 1
    return (hex(value) if is_hex else str(value)) + match.group(2)
