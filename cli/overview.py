"""The output of `nn` without a command: the stages, the state of the pipeline, and the next command."""

import os

from nn.cli.flags.options import DATA, EVAL, WEIGHTS, WIDE
from nn.cli.terminal.output import Output, program

STAGES = (
    ("fetch", DATA, "get handwritten digits and split them"),
    ("train", WEIGHTS, "train a network of 784-30-10 neurons on them"),
    ("eval", EVAL, "measure its accuracy on the test images"),
)

OTHER_COMMANDS = {
    "nn predict FILE": "read a picture of a digit",
    "nn read FILE": "read a picture of several digits, touching or not",
    "nn recipes": "list better networks, up to 99.7 %, and their training times",
    "nn show FILE": "describe a file and what it was made from",
    "nn baseline": "simple classifiers to compare with",
    "nn compare": "compare networks, baselines and the book in one table",
    "nn demo": "demonstrate the ideas of the chapter",
}


def overview() -> None:
    """Print each stage with its output file, the other commands, and the next command."""
    output, nn = Output(as_json=False, quiet=False), program()
    output.line("nn: from a perceptron to a network that reads handwritten digits\n")
    missing = [name for name, path, _ in STAGES if not os.path.exists(path)]
    for name, path, purpose in STAGES:
        state = "missing" if name in missing else "exists"
        output.line(f"  nn {name:<6} -> {path!s:<22} {state:<8} {purpose}")
    for command, purpose in OTHER_COMMANDS.items():
        output.line(f"  {command:<45} {purpose}")
    output.line()
    if missing:
        output.line(f"Next:       {nn} {missing[0]}")
    else:
        output.line(f"Try next:   {nn} show {WEIGHTS}    {nn} train --hidden 100 --init 'N(0,1/n)' -o {WIDE}")
    output.line(f"More:       {nn} --help    {nn} COMMAND --help")
