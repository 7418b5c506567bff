"""`nn export`: a network for other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nndigits.cli.flags import completion
from nndigits.cli.flags.command import Command
from nndigits.cli.flags.options import WEIGHTS, Json, Quiet, or_default
from nndigits.cli.terminal.output import Output

MODEL = Path("network.onnx")

if TYPE_CHECKING:
    from nndigits.stages.exchange.export import ExportReport


def export(
    weights: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...",
            help=f"Weights of nn train. Several become one model, the average of their answers.  [default: {WEIGHTS}]",
            show_default=False,
            readable=False,
            autocompletion=completion.artifacts("weights"),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help=f"Where to write: .onnx or .safetensors.  [default: {MODEL}]",
            show_default=False,
            readable=False,
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a network for other programs, as ONNX or safetensors.

    An ONNX model takes images of bytes and gives calibrated probabilities; pip install 'nn-digits[onnx]'. A safetensors
    file holds the weights, and nn import makes the same artifact of it again.
    """
    from nndigits.stages.exchange.export import export as stage

    output = Output(as_json=json, quiet=quiet)
    result = stage(weights or [WEIGHTS], or_default(out, MODEL, "model"))
    output.result(result, lambda output: _render(result, output))


def _render(report: "ExportReport", output: Output) -> None:
    output.prose(f"{report.what} -> {report.out} ({report.bytes:,} bytes)")


COMMAND = Command("export", export, "export artifacts/weights.npz -o network.onnx")
