"""C++ as far as mutants need it: tokens, and what each of them is a part of."""

import dataclasses
import re

_TOKEN = re.compile(
    r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<directive>^[ \t]*\#(?:\\\n|[^\n])*)
  | (?P<string>(?:u8|[uUL])?R"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)"
      |(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"|[uUL]?'(?:\\.|[^'\\\n])*')
  | (?P<number>\.?\d(?:[eEpP][+-]|'?[\w.])*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<operator><<=|>>=|\.\.\.|->|::|<=|>=|==|!=|&&|\|\||<<|>>|\+\+|--
      |[-+*/%&|^]=|[^\s\w])
    """, re.DOTALL | re.MULTILINE | re.VERBOSE)

# What may stand between a function's parameters and its body.
_AFTER_PARAMETERS = {"const", "final", "mutable", "noexcept", "override"}


@dataclasses.dataclass
class Token:
    kind: str  # as the groups of _TOKEN
    text: str
    start: int  # in the file's text
    line: int  # from 1
    # "code", the inside of a function; "values", of an initializer; or
    # "declarations".
    scope: str = ""
    function: str = ""  # with its classes; or the class alone
    returns: str = ""  # the function's result, as far as it matters here
    starts_statement: bool = False  # of a block
    in_value: bool = False  # a declaration's, after the "="
    statement: str = ""  # its first word

    @property
    def end(self):
        return self.start + len(self.text)


@dataclasses.dataclass
class _Scope:
    kind: str
    name: str = ""
    returns: str = ""
    head: list = dataclasses.field(default_factory=list)  # the statement's
    parens: int = 0


def tokens(text):
    """The tokens that are code: no comments, directives and strings."""
    found = []
    line, at = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        if match.lastgroup not in ("comment", "directive"):
            kind = "string" if match.lastgroup == "fence" else match.lastgroup
            found.append(Token(kind, match.group(), at, line))
    _place(found)
    return [token for token in found if token.kind != "string"]


def closing(found, index):
    """The index of the bracket that closes the one at `index`; or the end."""
    depth = 0
    for at in range(index, len(found)):
        if found[at].text in "([{":
            depth += 1
        elif found[at].text in ")]}":
            depth -= 1
            if depth == 0:
                return at
    return len(found)


def _place(found):
    """Fills in what each token is a part of."""
    stack = [_Scope("declarations")]
    for token in found:
        top = stack[-1]
        if token.text == "}" and len(stack) > 1:
            _leave(stack, token)
            continue
        _describe(token, stack)
        if token.text == "{":
            stack.append(_entered(stack))
            top.head.append(token)
            continue
        top.parens += {"(": 1, ")": -1}.get(token.text, 0)
        top.head.append(token)
        if _ends_statement(top):
            top.head.clear()


def _leave(stack, token):
    left = stack.pop()
    top = stack[-1]
    _describe(token, stack)
    if left.kind != "values" and top.parens == 0:
        top.head.clear()
    else:
        top.head.append(token)


def _describe(token, stack):
    top = stack[-1]
    token.scope = top.kind
    token.function = "::".join(scope.name for scope in stack if scope.name)
    token.returns = next(
        (scope.returns for scope in reversed(stack) if scope.returns), "")
    token.starts_statement = top.kind == "code" and not top.head
    token.in_value = any(_assigns(top.head, at) for at in range(len(top.head)))
    token.statement = (top.head or [token])[0].text


def _assigns(head, at):
    return head[at].text == "=" and (at == 0 or head[at - 1].text != "operator")


def _ends_statement(scope):
    words = [token.text for token in scope.head]
    if scope.parens != 0:
        return False
    if words[-1] == ";":
        return True
    return words[-1] == ":" and (words[0] in ("case", "default") or words[-2:-1]
                                 and words[-2] in ("private", "protected", "public"))


def _entered(stack):
    """The scope that a "{" after the head of the innermost one opens."""
    top = stack[-1]
    head = top.head
    words = [token.text for token in head]
    if top.kind == "declarations":
        return _in_declarations(words)
    last = words[-1] if words else ""
    if words[:1] in (["class"], ["struct"], ["union"]):
        return _Scope("declarations", _name_of_type(words))
    if _is_lambda(words):
        return _Scope("code", returns="?")
    if top.kind == "code" and (last in ("", ")", "else", "do", "try")):
        return _Scope("code")
    return _Scope("values")


def _is_lambda(words):
    """Whether a lambda's introduction ends `words`."""
    at = len(words) - 1
    while at >= 0 and (words[at] in _AFTER_PARAMETERS):
        at -= 1
    if "->" in words:
        arrow = len(words) - 1 - words[::-1].index("->")
        if arrow and words[arrow - 1] == ")" and not set(words[arrow:]) & set("(;{"):
            at = arrow - 1
    if at >= 0 and words[at] == ")":
        depth = 0
        while at >= 0:
            depth += {")": 1, "(": -1}.get(words[at], 0)
            at -= 1
            if depth == 0:
                break
    if at < 0 or words[at] != "]":
        return False
    while at >= 0 and words[at] != "[":
        at -= 1
    # After a name, it is an index.
    return at <= 0 or not (re.match(r"\w", words[at - 1]) or words[at - 1] in ")]") \
        or words[at - 1] == "return"


def _without_template(words):
    """`words` after a `template <...>`."""
    while words[:1] == ["template"]:
        depth = 0
        for at, word in enumerate(words):
            depth += {"<": 1, ">": -1, ">>": -2}.get(word, 0)
            if at > 1 and depth <= 0:
                break
        words = words[at + 1:]
    return words


def _in_declarations(words):
    words = _without_template(words)
    if {"class", "struct", "union"} & set(words[:2]):
        return _Scope("declarations", _name_of_type(words))
    if {"extern", "namespace"} & set(words[:2]) and "(" not in words:
        return _Scope("declarations")
    function = _function(words)
    if not function:
        return _Scope("values")
    if _in_member_initializers(words):
        return _Scope("values")
    return _Scope("code", *function)


def _function(words):
    """The name of the function that `words` declare, and its result."""
    if "(" not in words:
        return None
    at = words.index("(")
    if "=" in words[:at] and "operator" not in words[:at]:
        return None
    start = at - 1
    if "operator" in words[:at]:
        start = words.index("operator")
        at = at if at > start + 1 else words.index("(", at + 1)
    while start >= 2 and words[start - 1] == "::" or words[start - 1:start] == ["~"]:
        start -= 2 if words[start - 1] == "::" else 1
    return "".join(words[start:at]), words[start - 1] if start > 0 else "?"


def _in_member_initializers(words):
    """Whether a "{" after these begins the value of a member."""
    depth, after_parameters, begun = 0, False, False
    for word in words:
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(word, 0)
        after_parameters |= depth == 0 and word == ")"
        begun |= after_parameters and depth == 0 and word == ":"
    return begun and words[-1] not in (")", "}")


def _name_of_type(words):
    """The last name before a base or a body."""
    end = words.index(":") if ":" in words else len(words)
    names = [word for word in words[:end]
             if re.match(r"[A-Za-z_]", word) and word != "final"]
    return names[-1] if len(names) > 1 else ""
