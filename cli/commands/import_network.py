"""`nn import`: a network of another program."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nndigits.cli.flags import completion
from nndigits.cli.flags.command import Command
from nndigits.cli.flags.options import Json, Quiet
from nndigits.cli.terminal.output import Output, program

if TYPE_CHECKING:
    from nndigits.stages.exchange.import_network import ImportReport


def import_network(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A .safetensors file, or the .json of the book's network2.py.",
            readable=False,
            autocompletion=completion.files(".safetensors", ".json"),
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Weights to write.", readable=False)],
    layers: Annotated[
        str, typer.Option(metavar="TEXT", help="The layers, as for nn train. Needed for other programs' tensors.")
    ] = "",
    image: Annotated[
        str, typer.Option(metavar="HxW", help="Height and width of the images.  [default: 28x28]", show_default=False)
    ] = "",
    mean: Annotated[float, typer.Option(help="The mean that was subtracted from the inputs, of 0 to 1.")] = 0.0,
    std: Annotated[float, typer.Option(help="What the inputs were then divided by.")] = 1.0,
    framework: Annotated[
        Literal["pytorch", "keras"] | None,
        typer.Option(help="Whose tensors they are, where their names do not tell.", show_default=False),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read a network of another program, and write it as weights.

    It reads what nn export wrote, a state of PyTorch or Keras, and the networks that the code of the book's chapter 2
    saves.
    """
    from nndigits.stages.exchange.import_network import Preparation
    from nndigits.stages.exchange.import_network import import_network as stage

    output = Output(as_json=json, quiet=quiet)
    result = stage(file, out, Preparation(layers, _size(image), mean, std, framework))
    output.result(result, lambda output: _render(result, output))


def _size(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    height, x, width = text.partition("x")
    if not (x and height.isdecimal() and width.isdecimal() and len(text) < 12):
        raise typer.BadParameter(f"{text}: expected a height and a width, such as 28x28", param_hint="--image")
    return int(height), int(width)


def _render(report: "ImportReport", output: Output) -> None:
    output.prose(f"{report.what}, from {report.path} -> {report.out}")
    if report.taken:
        output.note(f"Tensors, layer by layer: {', '.join(report.taken)}")
    output.note("Measure it:", f"{program()} eval {report.out}")


COMMAND = Command("import", import_network, "import network.safetensors -o artifacts/imported.npz")
