#!/usr/bin/python3
"""Prints docs/benchmark.md: the template with a run's figures in it.

  tools/bench/document.py docs/benchmark.json >docs/benchmark.md
"""

import pathlib
import re
import sys

import figures
from goals import GOALS

PEERS = ("libev", "libevent", "libuv", "asio")


def row(cells):
    return "| " + " | ".join(cells) + " |"


def table(header, rows):
    return "\n".join([row(header), row(["---"] * len(header)), *map(row, rows)])


def number(value):
    return "-" if value is None else f"{value:.3g}" if value < 10 else f"{value:.0f}"


def ratio(value):
    return "-" if value is None else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def noise(value):
    return ratio(value) + ("" if figures.is_usable(value) else " (not usable)")


def with_quartiles(figure):
    if figure["lower"] == figure["upper"]:
        return ratio(figure["ratio"])
    quartiles = f'{ratio(figure["lower"])}..{ratio(figure["upper"])}'
    return f'{ratio(figure["ratio"])} ({quartiles})'


def met(is_met, is_usable):
    return "-" if not is_usable else "yes" if is_met else "no"


def goals(run):
    rows = []
    for goal in GOALS:
        value = goal.value(run)
        is_cost = goal.field == "cost"
        show = number if is_cost else ratio
        is_epoll = goal.subject == "isopoll epoll"
        rows.append([
            goal.name, f"≤ {show(goal.limit)}", f"**{show(value)}**",
            "-" if is_cost else ratio(goal.worst(run)["ratio"]),
            "-" if is_cost else noise(goal.noise(run)),
            met(value <= goal.limit, is_cost or figures.is_usable(goal.noise(run))),
            *(show(goal.value(run, f"{peer} epoll")) if is_epoll else ""
              for peer in PEERS)
        ])
    return table(
        ["mean ratio of", "goal", "isopoll", "worst case", "A/A", "met", *PEERS], rows)


def cost(figure):
    value = figure["cost"]
    if figure["workload"] == "memory":
        return f"{value:.0f} B"
    return f"{value:.3g} ns" if value < 1e3 else (
        f"{value / 1e3:.3g} µs" if value < 1e6 else f"{value / 1e6:.3g} ms")


def memory(run, call):
    """The bytes themselves: the raw loop's are too few to be divided by."""
    subjects = run.subjects(" " + call)
    rows = [[case.removeprefix("memory").strip(),
             *(cost(run.select(subject, case=case)[0]) for subject in subjects)]
            for case in run.cases("memory")]
    return table(["", *subjects], rows)


def workload(run, name, call):
    """A line for each case, a column for each subject on that system call."""
    if name == "memory":
        return memory(run, call)
    subjects = run.subjects(" " + call)
    rows = []
    for case in run.cases(name):
        baseline, *others = (run.select(subject, case=case)[0]
                             for subject in subjects)
        mark = "" if figures.is_usable(baseline["ratio"]) else ", not usable"
        rows.append([
            case.removeprefix(name).strip() or name,
            cost(baseline),
            with_quartiles(baseline) + mark, *map(with_quartiles, others)
        ])
    return table(["", subjects[0], "A/A", *subjects[1:]], rows)


def machine(run):
    facts = run.run["machine"]
    return (f'{facts["processors"]} processors ({facts["processor"]}), '
            f'{facts["system"]}, g++ {facts["compiler"]}, -O2; '
            f'{run.run["date"]}; {run.run["rounds"]} rounds of four slices of '
            f'{run.run["slice_ms"]:.0f} ms')


def fill(match, run):
    words = match.group(1).split(":")
    if words[0] == "goals":
        return goals(run)
    if words[0] == "machine":
        return machine(run)
    return workload(run, words[0], words[1])


def main():
    run = figures.Figures(sys.argv[1])
    template = pathlib.Path(__file__).with_name("benchmark.md.in")
    text = template.read_text(encoding="utf-8")
    print(re.sub(r"{{([^}]*)}}", lambda match: fill(match, run), text), end="")


if __name__ == "__main__":
    main()
