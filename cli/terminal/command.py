"""A command as its file declares it, and how it is added to a Typer app."""

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

import typer

from nndigits.cli.terminal.output import Output
from nndigits.cli.terminal.typer_command import Flag, HelpfulCommand

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the result only: no progress, no hints.")]


class Command(NamedTuple):
    """A command of `nn`, or a group of commands.

    Attributes
    ----------
    run
        The function whose parameters are the options, or a Typer app with commands of its own. Its first parameter is
        the ``Output`` that --json and --quiet make.
    example
        A command line that can be typed, without ``nn``; a group's app has its own.
    flags
        Flags that the function receives as ``**given``, if they have a value.
    cls
        The Typer command class.
    help
        Its help; that of the function if empty.
    """

    name: str
    run: Callable[..., None] | typer.Typer
    example: str = ""
    flags: Sequence[Flag] = ()
    cls: Any = HelpfulCommand
    help: str = ""


def add(app: typer.Typer, command: Command) -> None:
    """Add a command, or a group of commands, to an app."""
    if isinstance(command.run, typer.Typer):
        app.add_typer(command.run, name=command.name)
    else:
        register = app.command(command.name, cls=command.cls, epilog=f"Example:  nn {command.example}")
        register(_for_typer(command.run, command))


def _for_typer(run: Callable[..., None], command: Command) -> Callable[..., None]:
    """Return a function that Typer reads: with the flags, and with --json and --quiet for the output."""
    first, *own = inspect.signature(run).parameters.values()
    options = [one.replace(kind=first.KEYWORD_ONLY) for one in own if one.kind is not first.VAR_KEYWORD]
    for name, kind in (("json", Json), ("quiet", Quiet)):
        options.append(inspect.Parameter(name, first.KEYWORD_ONLY, default=False, annotation=kind))

    def wrapped(json: bool, quiet: bool, **arguments: Any) -> None:
        given = {flag.name: arguments.pop(flag.name) for flag in command.flags}
        typed = {name: value for name, value in given.items() if value is not None}
        run(Output(as_json=json, quiet=quiet), **arguments, **typed)

    parameters = [*(flag.parameter() for flag in command.flags), *options]
    wrapped.__name__, wrapped.__doc__ = run.__name__, command.help or run.__doc__
    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapped


def own_output(context: typer.Context, json: bool, quiet: bool) -> Output | None:
    """Return the output of a group without a command; with one, None.

    Flags before a command's name are refused, because Typer would read them as the group's own.
    """
    if context.invoked_subcommand is None:
        return Output(as_json=json, quiet=quiet)
    if json or quiet:
        hint = "--json" if json else "--quiet"
        raise typer.BadParameter(f"belongs behind {context.invoked_subcommand}", param_hint=hint)
    return None
