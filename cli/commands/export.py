"""`nn export`: a network for other programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import networks
from nndigits.cli.terminal.options import WEIGHTS, names, out, weights
from nndigits.cli.terminal.output import Output

MODEL = Path("network.onnx")

if TYPE_CHECKING:
    from nndigits.stages.exchange.export import ExportReport


def export(
    output: Output,
    files: Annotated[list[Path] | None, names("The same as --weights.", complete=networks)] = None,
    weights: Annotated[
        list[Path] | None,
        weights("Weights of nn train. Several become one model, the average of their answers.", WEIGHTS, networks),
    ] = None,
    out: Annotated[Path | None, out("Where to write: .onnx or .safetensors.", MODEL)] = None,
) -> None:
    """Write a network for other programs, as ONNX or safetensors.

    An ONNX model takes images of bytes and gives calibrated probabilities; pip install 'nn-digits[onnx]'. A safetensors
    file holds the weights, and nn import makes the same artifact of it again.
    """
    from nndigits.stages.exchange.export import export as stage

    result = stage([*(files or ()), *(weights or ())] or [WEIGHTS], out or MODEL)
    output.result(result, lambda output: _render(result, output))


def _render(report: "ExportReport", output: Output) -> None:
    output.prose(f"{report.what} -> {report.out} ({report.bytes:,} bytes)")


COMMAND = Command("export", export, "export artifacts/weights.npz -o network.onnx")
