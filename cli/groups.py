"""The commands in groups, as `nn` and `nn --help` print them, and `nn help COMMAND`."""

import textwrap
from collections.abc import Callable
from typing import Any

from nndigits.cli.terminal.layout import width
from nndigits.cli.terminal.output import Output, program
from nndigits.cli.terminal.usage_errors import SuggestingGroup

GROUPS = {
    "From digits to a network": {
        "run": "fetch, train and evaluate what is out of date",
        "fetch": "get handwritten digits, or other images, and split them",
        "datasets": "list the data sets that are known by name",
        "train": "train a network of 784-30-10 neurons",
        "find-eta": "propose a learning rate",
        "eval": "measure its accuracy on the test images",
        "status": "which files are fresh, stale or missing",
    },
    "Read pictures": {
        "predict": "read a picture of a digit",
        "read": "read a picture of several digits",
        "draw": "write a page to draw digits on, read by your networks",
    },
    "Better networks": {
        "recipes": "list better networks, up to 99.7 %",
        "sweep": "train with many parameters, and compare them",
        "baseline": "simple classifiers to compare with",
        "compare": "compare networks, baselines and the book",
    },
    "Look into it": {
        "show": "describe a file and what it was made from",
        "report": "write a page about all of it, to open in a browser",
        "demo": "demonstrate the ideas of the chapter",
        "chapter": "write a page of the chapter, with exercises",
    },
    "Exchange": {
        "export": "write a network for other programs: ONNX, safetensors",
        "import": "read a network of another program",
    },
}
"""The commands in the groups of `nn` and `nn --help`, and what each is for; others come last."""


class MainGroup(SuggestingGroup):
    """The commands of nn: its help lists them in groups, and `nn help COMMAND` is `nn COMMAND --help`."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read the options before the command; --json beside --version is for its output."""
        return super().parse_args(ctx, ["--version"] if {*args} == {"--version", "--json"} else args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; behind the word help, ask for its help."""
        if args[0] == "help":
            args = [*args[1:], "--help"]
        if args == ["--help"]:
            print(ctx.get_help())
            ctx.exit()
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write each group below its heading, and commands that are in no group last, by their own first sentence."""
        rest = {name: str(self.commands[name].help).partition(".")[0] for name in self.list_commands(ctx)}
        for group, commands in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl(list(commands.items()))
            rest = {name: purpose for name, purpose in rest.items() if name not in commands}
        if rest:
            with formatter.section("Others"):
                formatter.write_dl(list(rest.items()))


TAKE_A_FILE = ("predict", "read", "show", "import")


def overview(status: Callable[[Output], None]) -> None:
    """Print the commands, then the state of the pipeline by the command ``status``, with the next command."""
    output, nn = Output(), program()
    output.prose("nn: from a perceptron to a network that reads handwritten digits")
    output.line()
    for group, commands in GROUPS.items():
        output.line(f"{group}:")
        for command, purpose in commands.items():
            words = f"{command} FILE" if command in TAKE_A_FILE else command
            output.line(*textwrap.wrap(f"  nn {words:<13} {purpose}", width(), subsequent_indent=" " * 19))
    output.line()
    status(output)
    output.prose("More:", f"{nn} help COMMAND")
