"""What bare `nn` says: the pipeline at a glance, how far it is, and what to type next."""

import os

from nn.cli.flags.options import DATA, EVAL, WEIGHTS
from nn.cli.terminal.output import Output, program

STAGES = (
    ("fetch", DATA, "find handwritten digits and split them"),
    ("train", WEIGHTS, "let a network of 784-30-10 neurons learn from them"),
    ("eval", EVAL, "see how well it reads digits that it has not seen"),
)

BESIDE = {
    "nn predict FILE": "read a digit that you wrote yourself",
    "nn read FILE": "read a strip of several, touching or not",
    "nn recipes": "networks that do better, up to 99.7 %, and how long they take",
    "nn show FILE": "what is in a file, and what made it",
    "nn baseline": "what a network has to beat",
    "nn compare": "networks, baselines and the book in one table",
    "nn demo": "the ideas of the chapter, each as a command that shows it",
}


def overview() -> None:
    """Print the stages in order, with the file each leaves."""
    output, nn = Output(as_json=False, quiet=False), program()
    output.line("nn: from a perceptron to a network that reads handwritten digits\n")
    missing = [name for name, path, _ in STAGES if not os.path.exists(path)]
    for name, path, what in STAGES:
        state = "to do" if name in missing else "made"
        output.line(f"  nn {name:<6} -> {path!s:<22} {state:<6} {what}")
    for command, what in BESIDE.items():
        output.line(f"  {command:<43} {what}")
    output.line()
    if missing:
        output.line(f"Type next:  {nn} {missing[0]}")
    else:
        output.line(f"Try next:   {nn} show {WEIGHTS}    {nn} train --hidden 100")
    output.line(f"More:       {nn} --help    {nn} COMMAND --help")
