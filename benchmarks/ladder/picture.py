"""The figure of the ladder of techniques."""

from pathlib import Path
from statistics import mean, stdev

import matplotlib as mpl
from ladder.rungs import SPLITS, Row
from matplotlib.figure import Figure

TICKS = (0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50)


def draw(rows: list[Row], path: Path) -> None:
    """Draw accuracy and seconds per epoch of each rung. Accuracy is on a logarithmic scale of the error rate."""
    with mpl.rc_context({"svg.hashsalt": "nn", "font.size": 10}):
        figure = Figure(figsize=(9.5, 0.36 * len(rows) + 1.3), layout="constrained")
        accuracy, time = figure.subplots(1, 2, sharey=True, width_ratios=(3, 1))
        positions = range(len(rows))
        for split, colour, lower in (("validation", "0.55", -0.14), ("test", "tab:blue", 0.14)):
            errors = [[100 * (1 - right) for right in row.right[split]] for row in rows]
            spreads = [stdev(values) if len(values) > 1 else 0 for values in errors]
            heights = [y + lower for y in positions]
            accuracy.errorbar(
                list(map(mean, errors)),
                heights,
                xerr=spreads,
                fmt="o",
                color=colour,
                markersize=5,
                capsize=3,
                label=split,
            )
        accuracy.set(xscale="log", xlabel="read right, %", title="Accuracy, a technique more at each rung")
        accuracy.set_xticks(TICKS, [f"{100 - tick:g}" for tick in TICKS])
        accuracy.minorticks_off()
        worst = max(max(1 - right for right in row.right[split]) for row in rows for split in SPLITS)
        best = min(min(1 - right for right in row.right[split]) for row in rows for split in SPLITS)
        accuracy.set_xlim(140 * worst, max(70 * best, 0.1))  # better to the right
        accuracy.set_yticks(positions, [row.rung.name for row in rows])
        accuracy.invert_yaxis()
        accuracy.legend(loc="upper right")
        timed = [(y, row.seconds) for y, row in enumerate(rows) if row.seconds is not None]
        bars = time.barh([y for y, _ in timed], [s for _, s in timed], color="tab:orange", height=0.6)
        time.bar_label(bars, fmt="%.2g", padding=3)
        time.set(xlabel="seconds", title="An epoch", xlim=(0, 1.2 * max(s for _, s in timed)))
        for axes in (accuracy, time):
            axes.grid(axis="x", alpha=0.3)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date" if path.suffix == ".svg" else "Software": None})
