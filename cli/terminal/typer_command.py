"""Flags as rows of a table, and the Typer command that reads them: their spelling, their values and their help."""

import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from nndigits.cli.terminal.completion import Complete
from nndigits.stages.words.escaping import printable

FLAGS = {"source": "--from", "indices": "--index", "runs": "--seeds"}
"""Parameters of stages whose flags have another name."""

VALUES = {"int": "N", "int range": "N", "float": "X", "float range": "X", "str": "TEXT", "path": "FILE"}
"""What the value of an option is called in the help, by Typer's name of its type."""

TEXT = re.compile(r"\s*[A-Za-z]+(\s|,|$)|$")
"""The start of a distortion, but not of a file name or another option: a word, then a space, a comma or the end."""


LONG_DASHES = ("\N{EN DASH}", "\N{EM DASH}")
"""What some programs make of two hyphens."""

ELSEWHERE = "elsewhere"


def flag_of(parameter: str) -> str:
    """Return the flag of a stage's parameter: ``--warm-up`` of ``warm_up``."""
    return FLAGS.get(parameter, f"--{parameter.replace('_', '-')}")


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
    metavar
        What the value is called in the help; None for the name of its type.
    default
        The value when the flag is not typed; with None, the command does not receive it.
    group
        The heading above the flag in the help; ELSEWHERE for one that another command's help explains.
    positional
        Whether it is a positional argument.
    complete
        The completion of its value in a shell.
    """

    name: str
    kind: Any
    help: str
    metavar: str | None = None
    default: Any = None
    group: str | None = None
    positional: bool = False
    complete: Complete | None = None

    def parameter(self) -> inspect.Parameter:
        """Return the flag as a parameter of a function that Typer reads."""
        kind = self.kind if self.default is not None else self.kind | None
        option = typer.Argument(help=self.help) if self.positional else self._option()
        return inspect.Parameter(
            self.name, inspect.Parameter.KEYWORD_ONLY, default=self.default, annotation=Annotated[kind, option]
        )

    def _option(self) -> Any:
        return typer.Option(
            help=self.help,
            rich_help_panel=self.group,
            readable=False,
            metavar=self.metavar,
            autocompletion=self.complete,
        )


def _mistyped(args: list[str]) -> str:
    """Say what is wrong with a word that no option and no file can be."""
    for before, word in zip(["", *args], args, strict=False):
        where = f"{before} " if before.startswith("-") else ""
        if not word:
            return f"{where}'': an empty word, where a value is expected (a variable of the shell that is not set?)"
        if word.startswith(LONG_DASHES):
            return f"{word}: begins with a long dash; type --{word.lstrip('-' + ''.join(LONG_DASHES))}"
        if word.startswith("~/"):
            return f"{where}{word}: the shell replaces ~ only outside quotation marks; leave them out"
    return ""


class HelpfulCommand(TyperCommand):
    """A command whose help names the values of its options (FILE, N, TEXT) and lists the options in groups.

    ``--distort`` alone is the default distortion. The default paths in the help are escaped: the name of their folder
    comes from the environment.
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

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Refuse what is surely mistyped, give ``--distort`` alone its value, and let Typer read the arguments."""
        problem = _mistyped(args) or self._given_twice(args)
        if problem:
            ctx.fail(problem)
        params: list[Any] = self.params
        takes_value = any("--distort" in one.opts and not getattr(one, "is_flag", True) for one in params)
        given = []
        for argument, following in zip(args, [*args, "-"][1:], strict=True):
            given.append(argument)
            if argument == "--distort" and takes_value and not TEXT.match(following):
                given.append("usual")
        return super().parse_args(ctx, given)

    def _given_twice(self, args: list[str]) -> str:
        """Say which option is given twice that has one value: of two values, one would be ignored."""
        params: list[Any] = self.params
        single = {name: one for one in params if not one.multiple for name in (*one.opts, *one.secondary_opts)}
        words = [word.partition("=")[0] for word in args[: [*args, "--"].index("--")]]
        given = [single[word] for word in words if word in single]
        twice = next((one for one in given if given.count(one) > 1), None)
        return f"{twice.opts[0]}: is given twice, and has one value" if twice is not None else ""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write each group under its heading, in the order of the options."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx)
            if record is not None:
                usual = "Arguments" if option.param_type_name == "argument" else "Options"
                groups.setdefault(getattr(option, "rich_help_panel", None) or usual, []).append(record)
        groups.pop(ELSEWHERE, None)
        for group, records in groups.items():
            with formatter.section(group):
                formatter.write_dl(records)
