"""What isopoll is to reach, and what a run says of it."""

import dataclasses

from figures import mean_ratio

MANY = (100, 1000)


@dataclasses.dataclass
class Goal:
    name: str
    limit: float
    workload: str
    active: tuple = ()  # which numbers of active channels; none: all
    least_watched: int = 0
    subject: str = "isopoll epoll"
    field: str = "ratio"

    def figures(self, run, subject=None):
        return [
            figure for figure in run.select(subject or self.subject,
                                            workload=self.workload)
            if figure["watched"] >= self.least_watched and
            (not self.active or figure["active"] in self.active)
        ]

    def value(self, run, subject=None, of="ratio"):
        """The mean, for isopoll or for `subject`; None if it was not there."""
        figures = self.figures(run, subject)
        if not figures:
            return None
        if self.field == "cost":
            return max(figure["cost"] for figure in figures)
        return mean_ratio(figures, of)

    def worst(self, run):
        return max(self.figures(run), key=lambda figure: figure["ratio"])

    def noise(self, run):
        return mean_ratio([run.noise(figure) for figure in self.figures(run)])


GOALS = (
    Goal("active channels, one token", 1.03, "active", (1,), 100),
    Goal("active channels, many tokens", 1.02, "active", MANY, 100),
    Goal("toggle, no Wait between", 0.20, "toggle"),
    Goal("toggle, a zero Wait after each", 1.08, "toggle+look"),
    Goal("add and remove", 1.10, "churn"),
    Goal("add, a zero Wait, remove", 1.05, "churn+look"),
    Goal("zero Wait, all idle", 1.08, "idle", (0,)),
    Goal("Wakeup while one is pending", 0.05, "wake pending"),
    Goal("Wakeup of a busy poller", 0.05, "wake busy"),
    Goal("wake-up, end to end", 1.05, "wake latency"),
    Goal("echo, the server's CPU time", 1.02, "echo cpu"),
    Goal("bytes per registered descriptor", 64, "memory", field="cost"),
    Goal("poll: active channels", 1.05, "active", subject="isopoll poll"),
    Goal("poll: zero Wait", 1.05, "idle", subject="isopoll poll"),
    Goal("select: active channels", 1.05, "active", subject="isopoll select"),
    Goal("select: zero Wait", 1.05, "idle", subject="isopoll select"),
)
