"""A command as its file declares it, the spelling of its flags, and its help."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand

from nndigits.stages.words.escaping import printable


class Command(NamedTuple):
    """A command of `nn`, or a group of commands.

    Attributes
    ----------
    run
        The function whose parameters are the options, or a Typer app with commands of its own.
    example
        A command line that can be typed, without ``nn``; a group's app has its own.
    cls
        A Typer command class where the options need one.
    """

    name: str
    run: Callable[..., None] | typer.Typer
    example: str = ""
    cls: Any = None


TEXT = re.compile(r"\s*[A-Za-z]+(\s|,|$)|$")
"""The start of a distortion, but not of a file name or another option: a word, then a space, a comma or the end."""

FLAGS = {"source": "--from", "indices": "--index", "runs": "--seeds"}
"""Parameters of stages whose flags have another name."""


VALUES = {"int": "N", "int range": "N", "float": "X", "float range": "X", "str": "TEXT", "path": "FILE"}
"""What the value of an option is called in the help, by Typer's name of its type."""


def flag_of(parameter: str) -> str:
    """Return the flag of a stage's parameter: ``--warm-up`` of ``warm_up``."""
    return FLAGS.get(parameter, f"--{parameter.replace('_', '-')}")


class NamedValues(TyperCommand):
    """A command whose help says what its arguments and the values of its options are: FILE, N, TEXT.

    The default paths in it are escaped: the name of their folder comes from the environment.
    """

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        params: list[Any] = self.params
        for one in params:
            one.help = printable(one.help or "")
            if isinstance(one.default, Path) and printable(str(one.default)) != str(one.default):
                one.show_default = printable(str(one.default))
            if one.metavar is None and one.param_type_name == "argument":
                name = str(one.name)
                one.metavar = name.upper() if one.nargs == 1 else f"{name.removesuffix('s').upper()}..."
            elif one.metavar is None:
                one.metavar = VALUES.get(one.type.name)


class Spelling(NamedValues):
    """A command that reads ``--distort`` alone as the default distortion."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Rewrite the arguments before Typer reads them."""
        given = []
        for argument, following in zip(args, [*args, "-"][1:], strict=True):
            given.append(argument)
            if argument == "--distort" and not TEXT.match(following):
                given.append("usual")
        return super().parse_args(ctx, given)
