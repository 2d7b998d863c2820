"""Many mutants in one text: a variable of the environment chooses one.

A function that mutants change has their bodies beside its own:

  int F(int x) {
    const int chosen = Chosen();
    if (chosen == 1) { return x - 1; } else if (chosen == 2) ... else { its own }
  }

So one run of the compiler builds them all. What the compiler itself runs, of a
constexpr function, is its own body.
"""

import re

import operators
import source

VARIABLE = "ISOPOLL_MUTANT"  # the number of a mutant, or 0
_NAME = "mutant/"  # and the number: the file that a body claims to be from
_CHOSEN = f"""\
#ifndef ISOPOLL_MUTATION
#define ISOPOLL_MUTATION
#include <cstdlib>
namespace isopoll_mutation {{
inline int Chosen() {{
  static const int chosen = [] {{
    const char* number = std::getenv("{VARIABLE}");
    return number == nullptr ? 0 : std::atoi(number);
  }}();
  return chosen;
}}
}}
#endif
"""


def split(text, mutants):
    """Those that change one function's body, by number, and the others."""
    bodies = list(_bodies(text))
    inside, others = {}, []
    for mutant in mutants:
        if any(_body_of(mutant, text, body) for *body, _ in bodies):
            inside[len(inside) + 1] = mutant
        else:
            others.append(mutant)
    return inside, others


def together(text, numbered):
    """`text`, a file, with these mutants in it."""
    path = next(iter(numbered.values())).path
    parts, end = [_CHOSEN, _line(path, 1)], 0
    for *body, early in _bodies(text):
        variants = {number: changed for number, mutant in numbered.items()
                    if (changed := _body_of(mutant, text, body))}
        if variants:
            parts += [text[end:body[0]], _choice(path, text, body, variants, early)]
            end = body[1]
    return "".join([*parts, text[end:]])


def is_constexpr(text, mutant):
    """Whether it changes a body that the compiler may have run, too."""
    return any(_body_of(mutant, text, body) for *body, early in _bodies(text)
               if early)


def named(errors):
    """The numbers of the mutants that a compiler's errors name."""
    return {int(number) for number in re.findall(
        rf"^{_NAME}(\d+):[\d:]* (?:fatal )?error", errors, re.MULTILINE)}


def _bodies(text):
    """Where the functions' bodies begin and end, with their braces, and whether
    they are constexpr."""
    found = source.tokens(text)
    at = 0
    while at + 1 < len(found):
        if _opens_body(found, at):
            end = source.closing(found, at)
            if end < len(found):
                yield found[at].start, found[end].end, _is_constexpr(found, at)
            at = end
        at += 1


def _opens_body(found, at):
    return (found[at].text == "{" and found[at].scope == "declarations" and
            found[at + 1].scope == "code")


def _is_constexpr(found, at):
    """Whether the compiler may have to run it, without an environment."""
    while at > 0 and found[at - 1].text not in (";", "{", "}"):
        at -= 1
        if found[at].text == "constexpr":
            return True
    return False


def _body_of(mutant, text, body):
    """What a mutant makes of a body; None if it changes something else."""
    changed = operators.apply(text, mutant)
    before, after = text[:body[0] + 1], text[body[1] - 1:]
    if not changed.startswith(before) or not changed.endswith(after):
        return None
    return changed[body[0]:len(changed) - len(after) + 1]


def _choice(path, text, body, variants, early):
    line = 1 + text.count("\n", 0, body[0])
    cases = [f"if (chosen_mutant == {number}){_line(_NAME + str(number), line)}"
             f"{changed} else " for number, changed in variants.items()]
    # Not as the value that it begins with: a constant would be made of that.
    choose = "chosen_mutant = ::isopoll_mutation::Chosen(); "
    if early:
        choose = f"if (!__builtin_is_constant_evaluated()) {choose}"
    return "".join(["{ int chosen_mutant = 0; ", choose, *cases,
                    _line(path, line), text[body[0]:body[1]], "}"])


def _line(path, number):
    return f'\n#line {number} "{path}"\n'
