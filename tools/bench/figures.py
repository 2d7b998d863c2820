"""The figures of a run of //tools:bench, as --json wrote them."""

import json
import statistics


class Figures:

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.run = json.load(file)
        self.all = self.run["figures"]

    def select(self, subject=None, **fields):
        """Those of `subject` (all, if none) that have these fields."""
        return [
            figure for figure in self.all
            if subject in (None, figure["subject"]) and all(
                figure[name] == value for name, value in fields.items())
        ]

    def noise(self, figure):
        """The A/A figure of the same case: the baseline against itself."""
        return self.select(figure["baseline"], case=figure["case"])[0]

    def subjects(self, call=""):
        """Names in the order of the run: "isopoll epoll", "libev epoll"."""
        names = dict.fromkeys(figure["subject"] for figure in self.all)
        return [name for name in names if name.endswith(call)]

    def cases(self, workload):
        return list(
            dict.fromkeys(
                figure["case"] for figure in self.select(workload=workload)))


def is_usable(noise):
    """Whether the baseline was as fast as itself: else the machine was busy."""
    return 0.9 <= noise <= 1.1


def mean(values):
    """Of ratios: the geometric one, in which 0.5 and 2 cancel out."""
    return statistics.geometric_mean(values)


def mean_ratio(figures, field="ratio"):
    return mean([figure[field] for figure in figures])
