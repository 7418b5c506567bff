"""The charts of a report, as SVG: the learning curves, the comparison, and the reliability diagram."""

from collections.abc import Sequence
from contextlib import suppress

from markupsafe import Markup

from nndigits.models.network.calibration import BINS
from nndigits.stages.comparison.entries import Entry
from nndigits.stages.figures.comparison import comparison_figure
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.figures.learning_curves import MOST_RUNS, History, learning_curves, read_history
from nndigits.stages.html.svg import inline
from nndigits.stages.inspection.folder import Folder
from nndigits.stages.inspection.freshness import judge
from nndigits.stages.reporting.predictions import Predictions
from nndigits.stages.store.errors import InputError


def histories(folder: Folder) -> list[History]:
    """Read the histories of the runs of a folder that belong to its weights; at most those that one chart can show."""
    found = []
    for name in folder.names("history"):
        with suppress(InputError):
            if judge(folder, name)[0] == "fresh":
                found.append(read_history(folder.path / name))
    return found[:MOST_RUNS]


def curves(runs: Sequence[History]) -> Markup:
    """Draw the learning curves of all runs, overlaid."""
    return inline(learning_curves(runs), "curves")


def comparison(rows: Sequence[Entry], dataset: str, *, with_book: bool) -> Markup:
    """Draw the accuracy of each classifier with its interval."""
    return inline(comparison_figure(rows, dataset, with_book=with_book), "comparison")


def reliability(predictions: Predictions) -> Markup:
    """Draw the accuracy against the confidence: on the diagonal, of 100 answers at 90 % ninety are right."""
    counts, confidence, correct = predictions.bins
    filled = [bin for bin in range(BINS) if counts[bin]]
    points = Curve(
        [100 * float(confidence[bin] / counts[bin]) for bin in filled],
        [100 * float(correct[bin] / counts[bin]) for bin in filled],
        "this network",
        "marked",
    )
    panel = Panel(
        "Accuracy by confidence",
        "mean confidence, %",
        "correct, %",
        (Curve([0, 100], [0, 100], "perfectly calibrated", "dashed"), points),
        x_range=(0.0, 100.0),
        y_range=(0.0, 100.0),
    )
    return inline(Figure((panel,), columns=1, size=(5.4, 4.4)), "reliability")
