"""The output of `nn` without a command: the state of the pipeline as `nn status` reports it, and the commands."""

import textwrap

from nndigits.cli.flags.options import ARTIFACTS
from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.output import Output, program
from nndigits.cli.terminal.status import render

COMMANDS = {
    "nn fetch": "get handwritten digits, or other images, and split them",
    "nn datasets": "list the data sets that are known by name",
    "nn train": "train a network of 784-30-10 neurons",
    "nn eval": "measure its accuracy on the test images",
    "nn status": "which files are fresh, stale or missing",
    "nn predict FILE": "read a picture of a digit",
    "nn read FILE": "read a picture of several digits",
    "nn recipes": "list better networks, up to 99.7 %",
    "nn show FILE": "describe a file and what it was made from",
    "nn baseline": "simple classifiers to compare with",
    "nn sweep": "train with many parameters, and compare them",
    "nn compare": "compare networks, baselines and the book",
    "nn report": "write a page about all of it, to open in a browser",
    "nn draw": "write a page to draw digits on, read by your networks",
    "nn export": "write a network for other programs: ONNX, safetensors",
    "nn import FILE": "read a network of another program",
    "nn demo": "demonstrate the ideas of the chapter",
    "nn chapter": "write a page of the chapter, with exercises",
}


def overview() -> None:
    """Print the commands, then the state of the pipeline with the next command."""
    from nndigits.stages.status import status

    output, nn = Output(as_json=False, quiet=False), program()
    output.prose("nn: from a perceptron to a network that reads handwritten digits")
    output.line()
    for command, purpose in COMMANDS.items():
        output.line(*textwrap.wrap(f"  {command:<16} {purpose}", width(), subsequent_indent=" " * 19))
    output.line()
    render(status(ARTIFACTS), output)
    output.prose("More:", f"{nn} --help", f"{nn} COMMAND --help")
