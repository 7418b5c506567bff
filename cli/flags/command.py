"""How a command's file says what the command is called and shows: ``COMMAND``, which ``main.py`` collects."""

from collections.abc import Callable
from typing import Any, NamedTuple

import typer


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
