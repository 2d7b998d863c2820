"""Draws a run's figures: pictures.py FIGURES.json FOLDER. See tools/plot."""

import math
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
# The same figures make the same file. On white, whatever the page is on.
matplotlib.rcParams.update({
    "savefig.facecolor": "white",
    "font.size": 9,
    "svg.hashsalt": "isopoll",
    "svg.fonttype": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
})
import matplotlib.pyplot as plt  # noqa: E402  after the choice of backend

import figures  # noqa: E402
from goals import GOALS  # noqa: E402

COLORS = {
    "isopoll": "#0b6e4f",
    "libev": "#e0a458",
    "libevent": "#7a9cc6",
    "libuv": "#b8637a",
    "asio": "#8d8d8d",
    "raw": "#333333",
}
CALL_COLORS = {"select": "#b8637a", "poll": "#e0a458", "epoll": "#0b6e4f"}


def save(picture, folder, name):
    picture.savefig(folder / f"{name}.png", dpi=150)
    picture.savefig(folder / f"{name}.svg", metadata={"Date": None})
    plt.close(picture)


def add_legend(picture, axes):
    """Below everything that is drawn, so that it covers no curve."""
    handles, labels = axes.get_legend_handles_labels()
    picture.tight_layout(rect=(0, 0.35 / picture.get_figheight(), 1, 1))
    picture.legend(handles, labels, frameon=False, loc="lower center",
                   ncol=len(labels))


def draw_ratios(run, folder):
    """What each library costs over the raw epoll loop, workload by workload."""
    goals = [
        goal for goal in GOALS
        if goal.subject == "isopoll epoll" and goal.field == "ratio"
    ]
    libraries = [
        library for library in COLORS
        if library != "raw" and run.select(f"{library} epoll")
    ]
    picture, grid = plt.subplots(3, 4, figsize=(11, 7.5))
    for axes, goal in zip(grid.flat, goals):
        draw_bars(axes, run, goal, libraries)
    for axes in grid.flat[len(goals):]:
        axes.axis("off")
    picture.suptitle(
        "Cost over a hand-written epoll loop (= 1): means of median ratios and "
        "of quartiles, shorter is better; dotted: isopoll's goal")
    picture.tight_layout()
    save(picture, folder, "ratios")


def draw_bars(axes, run, goal, libraries):
    places = list(range(len(libraries)))[::-1]
    values, lower, upper = (
        [goal.value(run, f"{library} epoll", of) for library in libraries]
        for of in ("ratio", "lower", "upper"))
    axes.barh(places, values, color=[COLORS[name] for name in libraries],
              height=0.6)
    axes.errorbar(values, places, fmt="none", ecolor="#333333", elinewidth=1,
                  capsize=2,
                  xerr=([value - low for value, low in zip(values, lower)],
                        [high - value for value, high in zip(values, upper)]))
    axes.set_yticks(places, libraries)
    for place, value, high in zip(places, values, upper):
        text = f"{value:.0f}" if value >= 10 else f"{value:.2f}"
        if value < 0.1:
            text = f"{value:.3f}"
        axes.annotate(text, (high, place), va="center", ha="left",
                      xytext=(4, 0), textcoords="offset points",
                      bbox={"facecolor": "white", "edgecolor": "none",
                            "pad": 0.3})
    # Behind the bars, so that no line runs through a figure.
    axes.axvline(1, color="#333333", linewidth=0.8, zorder=0)
    axes.axvline(goal.limit, color=COLORS["isopoll"], linestyle=":", zorder=0)
    axes.set_xlim(0, 1.25 * max(*upper, goal.limit))
    title = goal.name
    if not figures.is_usable(goal.noise(run)):
        title += " (not usable: A/A)"
    axes.set_title(title, fontsize=9)


def crossover(few, many):
    """Where two lines of (N, cost) meet, on logarithmic axes; None: nowhere."""
    few, many = dict(few), dict(many)
    shared = sorted(few.keys() & many.keys())
    for low, high in zip(shared, shared[1:]):
        before = math.log(few[low] / many[low])
        after = math.log(few[high] / many[high])
        if before < 0 <= after:
            share = before / (before - after)
            return (low * (high / low)**share,
                    few[low] * (few[high] / few[low])**share)
    return None


def lines(run, workload, active):
    """For each call the raw loop's (N, cost) and isopoll's.

    Both are of the slices in which the two took turns, and differ by the
    median ratio: other slices ran at another hour.
    """
    raw, isopoll = {}, {}
    for call in CALL_COLORS:
        pairs = sorted(
            (figure["watched"], figure["base_cost"], figure["ratio"])
            for figure in run.select(f"isopoll {call}", workload=workload,
                                     active=active))
        raw[call] = [(watched, base) for watched, base, _ in pairs]
        isopoll[call] = [(watched, base * ratio)
                         for watched, base, ratio in pairs]
    return raw, isopoll


SCALES = (("idle", 0, "a zero Wait, none ready"),
          ("idle", 1, "a zero Wait, one ready"),
          ("active", 1, "one token handed on"),
          ("active", 100, "one of 100 tokens handed on"))


def draw_scale(run, folder):
    """Cost against the number of descriptors."""
    picture, grid = plt.subplots(2, 2, figsize=(11, 8), sharex=True)
    for axes, (workload, active, title) in zip(grid.flat, SCALES):
        raw, isopoll = lines(run, workload, active)
        for library, style, by_call in (("raw", ":", raw),
                                        ("isopoll", "-", isopoll)):
            for call, line in by_call.items():
                axes.loglog(*zip(*line), style, marker="o", markersize=3,
                            color=CALL_COLORS[call],
                            label=f"{library} {call}")
        axes.margins(y=0.12)  # room for the crosses' words
        mark_crossovers(axes, isopoll)
        axes.set_title(title, fontsize=9)
        axes.grid(True, which="major", linewidth=0.3)
    for axes in grid[1]:
        axes.set_xlabel("registered descriptors")
    for axes in grid[:, 0]:
        axes.set_ylabel("nanoseconds")
    picture.suptitle("How cost grows with the number of descriptors; crosses: "
                     "from there on epoll is cheaper (isopoll)")
    add_legend(picture, grid[0, 0])
    save(picture, folder, "scale")


def mark_crossovers(axes, by_call):
    for call, offset in (("select", (-70, 40)), ("poll", (30, -30))):
        place = crossover(by_call[call], by_call["epoll"])
        if place is None:
            continue
        axes.plot(*place, marker="x", color="black", markersize=8)
        count = f"{float(f'{place[0]:.2g}'):,g}"
        axes.annotate(f"{call}: N = {count}", place,
                      textcoords="offset points", xytext=offset,
                      arrowprops={"arrowstyle": "-", "linewidth": 0.5})


def draw_backends(run, folder):
    """isopoll's backends over the raw loop of the same call, for each N."""
    picture, grid = plt.subplots(1, 2, figsize=(11, 4), sharey=True)
    for axes, (workload, active, title) in zip(
            grid, (("idle", 0, "zero Wait, none ready"),
                   ("active", 1, "active channels, one token"))):
        for call, color in CALL_COLORS.items():
            draw_band(axes, run.select(f"isopoll {call}", workload=workload,
                                       active=active), color, call)
        axes.axhline(1, color="#333333", linewidth=0.8)
        axes.set_xscale("log")
        axes.set_title(title, fontsize=9)
        axes.set_xlabel("registered descriptors")
    grid[0].set_ylabel("ratio, with its quartiles")
    picture.suptitle("isopoll over the raw loop of the same system call (= 1)")
    add_legend(picture, grid[0])
    save(picture, folder, "backends")


def draw_band(axes, of_call, color, label):
    of_call = sorted(of_call, key=lambda figure: figure["watched"])
    watched = [figure["watched"] for figure in of_call]
    axes.plot(watched, [figure["ratio"] for figure in of_call], marker="o",
              markersize=3, color=color, label=label)
    axes.fill_between(watched, [figure["lower"] for figure in of_call],
                      [figure["upper"] for figure in of_call], color=color,
                      alpha=0.15, linewidth=0)


def main():
    run = figures.Figures(sys.argv[1])
    folder = pathlib.Path(sys.argv[2])
    for draw in (draw_ratios, draw_scale, draw_backends):
        draw(run, folder)


if __name__ == "__main__":
    main()
