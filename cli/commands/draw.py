"""`nn draw`: a page to draw a digit on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import networks
from nndigits.cli.terminal.options import ARTIFACTS, DATA, WEIGHTS, data, out, weights
from nndigits.cli.terminal.output import Output
from nndigits.stages.store.environment import PRETRAINED

if TYPE_CHECKING:
    from nndigits.stages.pages.draw import DrawReport

PAGE = ARTIFACTS / "draw.html"
USUAL = f"{WEIGHTS}, or the network that comes with nn"


def draw(
    output: Output,
    weights: Annotated[
        list[Path] | None,
        weights("Weights of nn train. Repeat to compare networks on the same drawing.", USUAL, networks),
    ] = None,
    data: Annotated[
        Path | None, data("Data set whose test images are samples on the page.", f"{DATA}, if it is there")
    ] = None,
    out: Annotated[Path | None, out("Where to write the page.", PAGE)] = None,
) -> None:
    """Write a page to draw digits on, which your networks read at every stroke, in the browser.

    It shows what a network sees, its hidden layers and its answer, as nn predict gives it. Labelled drawings can be
    saved as a data set. The page is one file. Open it with a double click; it needs no network.
    """
    from nndigits.stages.pages.draw import draw as stage

    by = weights or [WEIGHTS if WEIGHTS.exists() else PRETRAINED]
    result = stage(by, out or PAGE, data=data, default_data=DATA)
    output.result(result, lambda output: _render(result, output))


def _render(report: "DrawReport", output: Output) -> None:
    for why in report.passed_over:
        output.warn(f"No samples: {why}")
    for sentence in report.other_data:
        output.warn(sentence)
    output.prose(f"A page to draw on, read by {report.what} -> {report.out} ({report.bytes / 1e6:.1f} MB)")
    output.note("Open it in a browser.")


COMMAND = Command("draw", draw, "draw --weights artifacts/weights.npz --weights artifacts/best.npz")
