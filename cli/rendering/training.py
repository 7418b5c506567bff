"""Files of a training run as `nn show` prints them: layers, first weights as pictures, epochs and their curve."""

from typing import TYPE_CHECKING

from nndigits.cli.rendering.eta_curve import curve_lines
from nndigits.cli.terminal.draw import captioned
from nndigits.cli.terminal.output import Output
from nndigits.cli.terminal.tables import table
from nndigits.stages.words.numbers import fixed, share

if TYPE_CHECKING:
    from nndigits.stages.inspection.networks import Epoch, EpochsReport
    from nndigits.stages.show import ShowReport

MOST_EPOCHS = 30
"""Of a longer run, only some epochs are printed: the first, the best, the last, and others at equal distances."""

CURVE_HEIGHT = 10


def render_layers(report: "ShowReport", output: Output) -> None:
    """Print a row for each trainable layer, and the number of all parameters."""
    if not report.layers:
        return
    layers = table("layer", "parameters", "mean", "std dev")
    for layer in report.layers:
        layers.add_row(layer.layer, f"{layer.numbers:,}", fixed(layer.mean, 3), fixed(layer.spread, 3))
    layers.add_row("total", f"{sum(layer.numbers for layer in report.layers):,}", "", "")
    output.table(layers)


def render_pictures(report: "ShowReport", output: Output) -> None:
    """Draw the weights of the first neurons."""
    if not report.pictures:
        return
    output.line()
    output.prose(f"Weights of the first {len(report.pictures)} neurons; what is drawn raises the neuron's output:")
    output.line()
    output.pictures([captioned(one, f"#{number}") for number, one in enumerate(report.pictures)])


def render_epochs(report: "EpochsReport", output: Output) -> None:
    """Print the curve of the validation accuracy, or of the cost if there is none, and a row for each epoch."""
    if not report.epochs:
        return
    if all(epoch.total for epoch in report.epochs):
        what, heights = "Validation accuracy in %", [100 * epoch.correct / epoch.total for epoch in report.epochs]
    else:
        what, heights = "Mean cost", [epoch.cost for epoch in report.epochs]
    if len(heights) > 1:
        output.line("", f"{what}, epoch 0 to {report.epochs[-1].epoch}:", "")
        width = min(72, 2 * len(heights))
        for line in curve_lines(heights, width, CURVE_HEIGHT):
            output.line(line)
    rows = table("epoch", "cost", "validation", "")
    for epoch in report.epochs:
        if _is_printed(epoch.epoch, report):
            best = "kept" if epoch.epoch == report.kept_epoch else ""
            rows.add_row(str(epoch.epoch), fixed(epoch.cost, 5), _correct(epoch), best)
    output.line()
    output.table(rows)


def _is_printed(number: int, report: "EpochsReport") -> bool:
    step = -(-len(report.epochs) // MOST_EPOCHS)
    return number % step == 0 or number in (report.kept_epoch, len(report.epochs) - 1)


def _correct(epoch: "Epoch") -> str:
    if not epoch.total:
        return f"{epoch.correct:,}" if epoch.correct else ""
    return share(epoch.correct, epoch.total)
