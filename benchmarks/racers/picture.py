"""Draw the race: the test accuracy of each run against the seconds of its process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

MARKERS = {"nn": "o", "PyTorch": "s", "scikit-learn": "^"}
TICKS = (1, 2, 5, 10, 20, 60, 120, 300, 900)
ERRORS = (4, 3, 2, 1, 0.6, 0.5, 0.4, 0.3)


def draw(results: Sequence[Any], path: Path) -> None:
    """Draw a point for each run. Both axes are logarithmic, the vertical one in test images that are read wrong."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "nn", "font.size": 9}):
        figure = Figure(figsize=(7.5, 4.5), layout="constrained")
        axes = figure.subplots()
        for program, marker in MARKERS.items():
            runs = [result for result in results if result.program == program]
            seconds, errors = [run.seconds for run in runs], [100 - run.test / 100 for run in runs]
            axes.plot(seconds, errors, marker, markersize=5, alpha=0.7, label=program)
        axes.set(xscale="log", yscale="log", xlabel="seconds of the whole process", ylabel="test images read correctly")
        axes.set_xticks(TICKS, [f"{tick} s" if tick < 60 else f"{tick // 60} min" for tick in TICKS])
        axes.set_yticks(ERRORS, [f"{100 - error:g} %" for error in ERRORS])
        axes.minorticks_off()
        axes.invert_yaxis()
        axes.grid(color="0.9")
        axes.legend(frameon=False, loc="lower right")
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=120)
