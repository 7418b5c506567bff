"""The ladder of techniques as a picture."""

from pathlib import Path
from statistics import mean, stdev

import matplotlib as mpl
from ladder.rungs import SPLITS, Row
from matplotlib.figure import Figure

TICKS = (0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50)


def draw(rows: list[Row], path: Path) -> None:
    """Draw what is left wrong at each rung, on a scale where half as much is the same step everywhere."""
    with mpl.rc_context({"svg.hashsalt": "nn", "font.size": 10}):
        figure = Figure(figsize=(9.5, 0.36 * len(rows) + 1.3), layout="constrained")
        wrong, took = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1))
        places = range(len(rows))
        for split, colour, lower in (("validation", "0.55", -0.14), ("test", "tab:blue", 0.14)):
            errors = [[100 * (1 - right) for right in row.right[split]] for row in rows]
            spreads = [stdev(some) if len(some) > 1 else 0 for some in errors]
            heights = [place + lower for place in places]
            wrong.errorbar(
                list(map(mean, errors)),
                heights,
                xerr=spreads,
                fmt="o",
                color=colour,
                markersize=5,
                capsize=3,
                label=split,
            )
        wrong.set(xscale="log", xlabel="read right, %", title="Accuracy, a technique more at each rung")
        wrong.set_xticks(TICKS, [f"{100 - tick:g}" for tick in TICKS])
        wrong.minorticks_off()
        worst = max(max(1 - right for right in row.right[split]) for row in rows for split in SPLITS)
        best = min(min(1 - right for right in row.right[split]) for row in rows for split in SPLITS)
        wrong.set_xlim(140 * worst, max(70 * best, 0.1))  # better to the right
        wrong.set_yticks(places, [row.rung.name for row in rows])
        wrong.invert_yaxis()
        wrong.legend(loc="upper right")
        timed = [(place, row.seconds) for place, row in enumerate(rows) if row.seconds is not None]
        bars = took.barh([place for place, _ in timed], [s for _, s in timed], color="tab:orange", height=0.6)
        took.bar_label(bars, fmt="%.2g", padding=3)
        took.set(xlabel="seconds", title="An epoch", xlim=(0, 1.2 * max(s for _, s in timed)))
        for axes in (wrong, took):
            axes.grid(axis="x", alpha=0.3)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date" if path.suffix == ".svg" else "Software": None})
