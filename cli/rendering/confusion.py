"""The confusion matrix as text, of `nn eval` and of `nn show`."""

from typing import TYPE_CHECKING

from nn.cli.terminal.output import Output
from nn.cli.terminal.tables import Column, table
from nn.stages.words.numbers import percent

if TYPE_CHECKING:
    from nn.stages.evaluate import EvalReport
    from nn.stages.inspection.results import EvalResult


def render_confusion(report: "EvalReport | EvalResult", output: Output) -> None:
    """Print a row for each digit: the number of each prediction, precision and recall."""
    classes = range(len(report.confusion))
    matrix = table("digit", *map(str, classes), Column("precision", rank=2), Column("recall", rank=1), least_gap=1)
    for digit, row in zip(report.per_digit, report.confusion, strict=True):
        cells = [str(count) if count else "." for count in row]
        matrix.add_row(
            str(digit.digit),
            *cells,
            percent(digit.precision, 1),
            percent(digit.recall, 1),
            styles={1 + digit.digit: "good"},
        )
    output.prose("Confusion matrix (rows: true digits, columns: predictions):")
    output.line()
    output.table(matrix)
