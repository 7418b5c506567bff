"""`nn import`: a network of another program."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nndigits.cli.terminal.command import Command
from nndigits.cli.terminal.completion import files
from nndigits.cli.terminal.options import image_size, names, out
from nndigits.cli.terminal.output import Output, program

if TYPE_CHECKING:
    from nndigits.stages.exchange.import_network import ImportReport


def import_network(
    output: Output,
    file: Annotated[
        Path,
        names(
            "A .safetensors file, or the .json of the book's network2.py.",
            "FILE",
            complete=files(".safetensors", ".json"),
        ),
    ],
    out: Annotated[Path, out("Weights to write.")],
    layers: Annotated[
        str, typer.Option(metavar="TEXT", help="The layers, as for nn train. Needed for other programs' tensors.")
    ] = "",
    image: Annotated[
        str | None, typer.Option(metavar="HxW", help="Height and width of the images.  [default: 28x28]")
    ] = None,
    mean: Annotated[float, typer.Option(help="The mean that was subtracted from the inputs, of 0 to 1.")] = 0.0,
    std: Annotated[float, typer.Option(help="What the inputs were then divided by.")] = 1.0,
    framework: Annotated[
        Literal["pytorch", "keras"] | None, typer.Option(help="Whose tensors they are, where their names do not tell.")
    ] = None,
) -> None:
    """Read a network of another program, and write it as weights.

    It reads what nn export wrote, a state of PyTorch or Keras, and the networks that the code of the book's chapter 2
    saves.
    """
    from nndigits.stages.exchange.import_network import Preparation
    from nndigits.stages.exchange.import_network import import_network as stage

    result = stage(file, out, Preparation(layers, image_size(image, "--image"), mean, std, framework))
    output.result(result, lambda output: _render(result, output))


def _render(report: "ImportReport", output: Output) -> None:
    output.prose(f"{report.what}, from {report.path} -> {report.out}")
    if report.taken:
        output.note(f"Tensors, layer by layer: {', '.join(report.taken)}")
    output.note("Measure it:", f"{program()} eval {report.out}")


COMMAND = Command("import", import_network, "import network.safetensors -o artifacts/imported.npz")
