"""Learning curves: cost and validation accuracy after each epoch, of one run or several; and the cost over eta."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nndigits.stages.figures.figure import Curve, Figure, Panel, Style, shortened
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.result_files import History

if TYPE_CHECKING:
    from nndigits.stages.training.find_eta import EtaReport

MOST_RUNS = 30
"""In one picture; more curves could not be told apart."""
MOST_LETTERS = 28
FEW = 10


def learning_curves(histories: Sequence[History]) -> Figure:
    """Draw the cost and the validation accuracy of each run over the epochs, and mark the epochs that were kept.

    Raises
    ------
    UsageError
        There are too many runs for one picture.
    """
    if len(histories) > MOST_RUNS:
        raise UsageError(f"draws at most {MOST_RUNS} histories in one picture, found {len(histories)}", "plot")
    longest = max(len(history.rows) for history in histories)
    # Matplotlib would divide the epochs of short runs.
    ticks = tuple((float(epoch), str(epoch)) for epoch in range(longest)) if longest <= FEW else ()
    costs: list[Curve] = []
    accuracies: list[Curve] = []
    kept: list[tuple[int, float]] = []
    for name, history in zip(_distinct_names(histories), histories, strict=True):
        epochs = range(len(history.rows))
        style: Style = "marked" if len(epochs) == 1 else "line"
        percent = [
            100 * row.validation_correct / row.validation_total if row.validation_total else math.nan
            for row in history.rows
        ]
        costs.append(Curve(epochs, [row.cost for row in history.rows], name, style))
        accuracies.append(Curve(epochs, percent, name, style))
        kept.append((history.kept, percent[history.kept]))
    cost_names = ", ".join(sorted({history.cost_name for history in histories}))
    panels = [Panel("Training cost", "epoch", f"cost ({cost_names})", tuple(costs), x_ticks=ticks)]
    if any(row.validation_total for history in histories for row in history.rows):
        marks = Curve([epoch for epoch, _ in kept], [percent for _, percent in kept], "weights kept", "ring")
        panels.append(Panel("Validation accuracy", "epoch", "%", (*accuracies, marks), x_ticks=ticks))
    return Figure(tuple(panels), size=(4.8, 4.0), one_legend=True)


def _distinct_names(histories: Sequence[History]) -> list[str]:
    """Return a name for each history: that of its weights, with its folder where others have the same."""
    names = [history.name for history in histories]
    return [
        shortened(name if names.count(name) == 1 else f"{history.path.absolute().parent.name}/{name}", MOST_LETTERS)
        for name, history in zip(names, histories, strict=True)
    ]


def range_test_figure(report: "EtaReport") -> Figure:
    """Draw the cost over eta in a learning-rate range test, and mark the proposed eta."""
    costs = (min(report.costs), max(report.costs))
    curves = (
        Curve(report.etas, report.costs, "smoothed cost"),
        Curve((report.proposed, report.proposed), costs, f"proposed: {report.proposed:g}", "dashed"),
    )
    return Figure((Panel(f"{report.what}: which eta?", "eta", "cost of a sample", curves, log_x=True),), size=(6, 4))
