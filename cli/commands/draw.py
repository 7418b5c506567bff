"""`nn draw`: a page to draw a digit on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.flags import completion
from nndigits.cli.flags.command import Command
from nndigits.cli.flags.options import DATA, DRAW, WEIGHTS, Json, Quiet, or_default
from nndigits.cli.terminal.output import Output
from nndigits.stages.store.environment import PRETRAINED

if TYPE_CHECKING:
    from nndigits.stages.pages.draw import DrawReport


def draw(
    weights: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help=f"Weights of nn train. Repeat to compare networks on the same drawing.  [default: {WEIGHTS}, or the "
            "network that comes with nn]",
            readable=False,
            autocompletion=completion.networks,
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="FILE",
            help=f"Data set whose test images are samples on the page.  [default: {DATA}, if it is there]",
            readable=False,
            autocompletion=completion.artifacts(*completion.DATA_SETS),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help=f"Where to write the page.  [default: {DRAW}]", readable=False
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a page to draw digits on, which your networks read at every stroke, in the browser.

    It shows what a network sees, its hidden layers and its answer, as nn predict gives it. Labelled drawings can be
    saved as a data set. The page is one file. Open it with a double click; it needs no network.
    """
    from nndigits.stages.pages.draw import draw as stage

    output = Output(as_json=json, quiet=quiet)
    result = stage(
        weights or [WEIGHTS if WEIGHTS.exists() else PRETRAINED],
        or_default(out, DRAW, "page"),
        data=data,
        default_data=DATA,
    )
    output.result(result, lambda output: _render(result, output))


def _render(report: "DrawReport", output: Output) -> None:
    for why in report.passed_over:
        output.warn(f"No samples: {why}")
    output.prose(f"A page to draw on, read by {report.what} -> {report.out} ({report.bytes / 1e6:.1f} MB)")
    output.note("Open it in a browser.")


COMMAND = Command("draw", draw, "draw --weights artifacts/weights.npz --weights artifacts/best.npz")
