"""The mutants that no test can tell from the code, as a file lists them.

An entry is a paragraph: the file and the function, the line, the mutant, and why
nothing comes of it:

    poller/poller.cc: Poller::Create
    -  if (a < b) {
    +  if (a <= b) {
    If they are equal, both branches do the same.

A line that starts with "#" is a comment.
"""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Entry:
    key: tuple  # as Mutant.key()
    reason: str
    line: int  # of the list


class Error(Exception):
    pass


def read(text):
    """The entries of a list."""
    entries = {}
    paragraph, start = [], 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            start = start if paragraph else number
            paragraph.append(line)
        elif paragraph:
            entry = _entry(paragraph, start)
            if entry.key in entries:
                raise Error(f"line {start}: it is listed already, on line "
                            f"{entries[entry.key].line}")
            entries[entry.key] = entry
            paragraph = []
    return entries


def _entry(lines, number):
    place = re.fullmatch(r"(\S+): ?(.*)", lines[0])
    if not place:
        raise Error(f"line {number}: no file and function: {lines[0]}")
    if len(lines) < 3 or lines[1][0] != "-" or lines[2][0] != "+":
        raise Error(f"line {number}: no line with - and its mutant with +")
    if len(lines) < 4:
        raise Error(f"line {number}: no reason")
    if any(line[0] in "-+" for line in lines[3:]):
        raise Error(f"line {number}: no empty line before the next entry")
    key = (place.group(1), place.group(2), *(" ".join(line[1:].split())
                                             for line in lines[1:3]))
    return Entry(key, " ".join(lines[3:]), number)


def stale(entries, mutants):
    """The entries that are none of `mutants`."""
    keys = {mutant.key() for mutant in mutants}
    return [entry for entry in entries.values() if entry.key not in keys]
