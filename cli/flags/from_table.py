"""Flags made from a table: a command takes one flag for each row, and receives the values as keyword arguments."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from nndigits.cli.flags.completion import Complete

Command = Callable[..., None]


@dataclass(frozen=True)
class Flag:
    """One flag, or one positional argument, of a command.

    Attributes
    ----------
    name
        The parameter that it sets, which gives the flag its spelling.
    kind
        The type that Typer reads.
    help
        One line.
    default
        The value when the flag is not typed; with None, the command does not receive it.
    shown
        The default that the help states, where ``default`` is None.
    group
        The heading above the flag in the help.
    positional
        Whether it is a positional argument.
    metavar
        What the value is called in the help; None for the name of its type.
    complete
        The completion of its value in a shell.
    """

    name: str
    kind: Any
    help: str
    default: Any = None
    shown: str = ""
    group: str | None = None
    positional: bool = False
    metavar: str | None = None
    complete: Complete | None = None

    def parameter(self) -> inspect.Parameter:
        """Return the flag as a parameter of a function that Typer reads."""
        kind = self.kind if self.default is not None else self.kind | None
        help = f"{self.help}  [default: {self.shown}]" if self.shown else self.help
        option = typer.Argument(help=help) if self.positional else self._option(help)
        return inspect.Parameter(
            self.name, inspect.Parameter.KEYWORD_ONLY, default=self.default, annotation=Annotated[kind, option]
        )

    def _option(self, help: str) -> Any:
        return typer.Option(
            help=help,
            rich_help_panel=self.group,
            readable=False,
            metavar=self.metavar,
            autocompletion=self.complete,
        )


def with_flags(flags: Sequence[Flag]) -> Callable[[Command], Command]:
    """Return a decorator that gives a command ``flags`` in place of its ``**given``, before its own parameters.

    The command receives the flags that have a value.
    """
    return lambda command: _with_flags(command, flags)


def _with_flags(command: Command, flags: Sequence[Flag]) -> Command:
    own = [p for p in inspect.signature(command).parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]

    def wrapped(**arguments: Any) -> None:
        given = {flag.name: arguments.pop(flag.name) for flag in flags}
        command(**arguments, **{name: value for name, value in given.items() if value is not None})

    parameters = [
        *(flag.parameter() for flag in flags),
        *(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own),
    ]
    wrapped.__doc__ = command.__doc__
    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapped
