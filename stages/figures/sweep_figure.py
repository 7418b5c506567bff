"""The figure of a sweep: the validation accuracy against each parameter, and the learning curves of the best trials."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nndigits.stages.figures.figure import Curve, Figure, Panel, Style, shortened

if TYPE_CHECKING:
    from nndigits.stages.training.sweep import SweepReport
    from nndigits.stages.training.sweep_results import TrialResult

MOST_CURVES = 8
"""More could not be told apart."""

MOST_PARAMETERS = 7
WIDE = 20.0
"""The ratio of the largest to the smallest value from which a parameter has a logarithmic scale."""

MOST_LETTERS = 12
FEW = 6
"""Values of a parameter that are written below their points."""

KINDS: tuple[tuple[str, str, Style], ...] = (("done", "finished", "points"), ("stopped", "stopped early", "hollow"))


def sweep_figure(report: "SweepReport", learning: Callable[[str], Sequence[int]]) -> Figure:
    """Draw a panel for each parameter that differs, and one of learning curves, the best trials first.

    ``learning`` returns the correct validation images after each epoch of a trial, given its name.
    """
    scored = [one for one in report.trials if one.validation_correct is not None]
    total = report.validation_total
    panels = [_against(name, scored, total) for name in report.varied[:MOST_PARAMETERS]]
    curves: list[Curve] = []
    for trial in scored:
        correct = learning(trial.name) if len(curves) < MOST_CURVES else ()
        if correct:
            accuracies = [one / total for one in correct]
            style: Style = "marked" if len(accuracies) == 1 else "line"
            curves.append(Curve(range(len(accuracies)), accuracies, shortened(trial.name, 28), style))
    panels.append(Panel("Learning curves, the best trials first", "epoch", "validation accuracy", curves=tuple(curves)))
    return Figure(tuple(panels), columns=min(3, len(panels)), size=(5.2, 3.8))


def _against(name: str, trials: "list[TrialResult]", total: int) -> Panel:
    """Draw the accuracy of each trial against one parameter: on a scale of its numbers, or by its values in order."""
    numbers = {text: _number(text) for text in dict.fromkeys(one.values[name] for one in trials)}
    scale = {text: number for text, number in numbers.items() if number is not None}
    is_numeric = len(scale) == len(numbers)
    places = scale if is_numeric else {text: float(at) for at, text in enumerate(numbers)}
    drawn: list[Curve] = []
    for state, label, style in KINDS:
        chosen = [one for one in trials if one.state == state]
        accuracies = [(one.validation_correct or 0) / total for one in chosen]
        if chosen:
            drawn.append(Curve([places[one.values[name]] for one in chosen], accuracies, label, style))
    least, most = min(places.values(), default=0.0), max(places.values(), default=0.0)
    return Panel(
        f"Validation accuracy by {name.replace('_', ' ')}",
        name.replace("_", " "),
        "validation accuracy",
        curves=tuple(drawn),
        log_x=is_numeric and least > 0 and most / least >= WIDE,
        x_ticks=tuple((at, shortened(text, MOST_LETTERS)) for text, at in places.items())
        if not is_numeric or len(places) <= FEW
        else (),
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
