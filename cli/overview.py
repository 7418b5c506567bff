"""The output of `nn` without a command: the state of the pipeline as `nn status` reports it, and the commands."""

import textwrap

from nndigits.cli.flags.options import ARTIFACTS
from nndigits.cli.groups import GROUPS
from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.output import Output, program
from nndigits.cli.terminal.status import render

TAKE_A_FILE = ("predict", "read", "show", "import")


def overview() -> None:
    """Print the commands, then the state of the pipeline with the next command."""
    from nndigits.stages.status import status

    output, nn = Output(as_json=False, quiet=False), program()
    output.prose("nn: from a perceptron to a network that reads handwritten digits")
    output.line()
    for group, commands in GROUPS.items():
        output.line(f"{group}:")
        for command, purpose in commands.items():
            words = f"{command} FILE" if command in TAKE_A_FILE else command
            output.line(*textwrap.wrap(f"  nn {words:<13} {purpose}", width(), subsequent_indent=" " * 19))
    output.line()
    render(status(ARTIFACTS), output)
    output.prose("More:", f"{nn} help COMMAND")
