#!/usr/bin/env python3
"""Prints what of poller/ and net/ is not run, from `llvm-cov export`.

    llvm-cov export -skip-functions ... | uncovered.py LIST

What LIST has is counted and not printed. It consists of paragraphs: the reason,
on lines that begin with #, then what stays uncovered for it, one a line, as it
is printed here without its line's number. What stands in a file twice is listed
twice. Exit status 1 if anything is printed, and if LIST has what is covered.
"""

import collections
import json
import os
import re
import sys

FOLDERS = ("net/", "poller/")


def line_counts(segments):
    """By line, how often it was run; as LLVM's LineCoverageStats counts."""
    by_line = collections.defaultdict(list)
    for line, _, count, has_count, is_entry, is_gap in segments:
        by_line[line].append((count, has_count, is_entry, is_gap))
    counts = {}
    if not by_line:
        return counts
    wrapped = None
    for line in range(min(by_line), max(by_line) + 1):
        here = by_line.get(line, [])
        starts = [count for count, has_count, is_entry, is_gap in here
                  if has_count and is_entry and not is_gap]
        skipped = here and not here[0][1] and here[0][2]
        around = [wrapped[0]] if wrapped and wrapped[1] else []
        if not skipped and (starts or around):
            counts[line] = max(starts + around)
        if here:
            wrapped = here[-1]
    return counts


def branch_counts(branches):
    """By place, how often it was true, and how often false, of all instances."""
    counts = {}
    for branch in branches:
        was = counts.get(tuple(branch[:4]), (0, 0))
        counts[tuple(branch[:4])] = (was[0] + branch[4], was[1] + branch[5])
    return counts


def without_comment(line):
    return re.sub(r"//.*", "", line).strip()


def text_of(lines, place):
    """The source text at `place`, on one line."""
    first, begin, last, end = place
    if first == last:
        return lines[first - 1][begin - 1:end - 1]
    parts = [lines[first - 1][begin - 1:], *lines[first:last - 1],
             lines[last - 1][:end - 1]]
    return " ".join(without_comment(part) for part in parts)


def unrun_blocks(lines, counts):
    """Lines that stand together and were never run: the first, and their text."""
    blocks = []
    previous = None
    for number in sorted(counts):
        text = without_comment(lines[number - 1])
        if counts[number] != 0 or not text:
            continue
        if re.search(r"\w", text) is None:  # A brace.
            if previous == number - 1:
                previous = number
            continue
        if previous == number - 1:
            blocks[-1][1] += " " + text
        else:
            blocks.append([number, text])
        previous = number
    return blocks


def source_of(filename):
    """The file in the tree; a public header is compiled under another name."""
    path = os.path.normpath(filename)
    header = re.search(r"/_virtual_includes/[^/]+/isopoll/(.+)", path)
    if header is None:
        return path
    name = header.group(1)
    return name if name.startswith("net/") else os.path.join("poller", name)


def findings_in(path, lines, reports, totals):
    """(line, what, text) of all in one file that was not run."""
    counts = collections.Counter()
    for data in reports:
        counts.update(line_counts(data["segments"]))
    branches = [branch for data in reports for branch in data["branches"]]
    totals["lines"] += len(counts)
    totals["run"] += sum(count != 0 for count in counts.values())
    for number, text in unrun_blocks(lines, counts):
        yield number, f"{path}: never run: {text}"
    for place, taken in sorted(branch_counts(branches).items()):
        if taken == (0, 0):
            continue  # Never run, or no choice: see above.
        totals["branches"] += 2
        totals["taken"] += sum(count != 0 for count in taken)
        for count, what in zip(taken, ("true", "false")):
            if count == 0:
                yield place[0], f"{path}: never {what}: {text_of(lines, place)}"


def read_list(path):
    """How often each finding is listed."""
    listed = collections.Counter()
    reason = ""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line:
                reason = ""
            elif line.startswith("#"):
                reason += line
            elif reason:
                listed[line] += 1
            else:
                sys.exit(f"{path}:{number}: no reason is given above this")
    return listed


def sources():
    for folder in FOLDERS:
        for at, _, names in os.walk(folder):
            yield from (os.path.join(at, name) for name in names
                        if name.endswith(".cc"))


def percent(part, whole):
    return f"{part} of {whole} ({100 * part / max(whole, 1):.1f} %)"


def main():
    listed = read_list(sys.argv[1])
    totals = collections.Counter()
    seen = set()
    bad = False
    reports = collections.defaultdict(list)
    for data in json.load(sys.stdin)["data"][0]["files"]:
        reports[source_of(data["filename"])].append(data)
    for path in sorted(reports):
        if not path.startswith(FOLDERS):
            continue
        seen.add(path)
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        for number, finding in findings_in(path, lines, reports[path], totals):
            if listed[finding] > 0:
                listed[finding] -= 1
                totals["listed"] += 1
                continue
            bad = True
            print(finding.replace(":", f":{number}:", 1))
    for finding in (+listed).elements():
        bad = True
        print(f"listed, but not so: {finding}")
    print(f"run: {percent(totals['run'], totals['lines'])} lines, "
          f"{percent(totals['taken'], totals['branches'])} ways of conditions")
    print(f"listed with a reason: {totals['listed']}")
    print("no test has code of:", *sorted(set(sources()) - seen))
    return 1 if bad else 0


sys.exit(main())
