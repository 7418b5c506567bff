"""Usage errors in one line: the option, the value found, the value expected, and a suggestion for what is mistyped.

Typer prints four lines, does not show the value, and does not escape file names.
"""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from nndigits.stages.store.errors import did_you_mean
from nndigits.stages.words.escaping import shell_word

Mistyped: Any = typer.BadParameter.__base__
"""The base class of Typer's usage errors, which has no public name."""

KINDS = {"int": "a whole number", "float": "a number"}
"""Plain names for Typer's types."""


def explain(error: Any) -> str:
    """Return the error message, and the help page to read."""
    message = _unknown_option(error) if hasattr(error, "possibilities") else _message(error)
    if not error.ctx:
        return message
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} See `{error.ctx.command_path} --help`"


def _unknown_option(error: Any) -> str:
    """Name an unknown option, and suggest one of the command's own."""
    options = error.ctx.command.get_params(error.ctx)
    known = [name for one in options for name in (*one.opts, *one.secondary_opts) if name[:2] == "--"]
    letter = error.option_name.lstrip("-")[:1]
    typed = [f"-{word}" for word in sys.argv if re.match(r"-[a-z]{2}", word) and letter in word]
    meant = next((word for word in typed if word in known), None)
    if meant is not None:
        return f"no such option: {meant[1:]}. Did you mean {meant}?"
    return f"no such option: {error.option_name}. {similar(error.option_name, known, OPTIONS)}".strip().rstrip(".")


def _message(error: Any) -> str:
    if not isinstance(error, typer.BadParameter) or not error.message:
        whole: str = error.format_message()
        return f"{whole[:1].lower()}{whole[1:]}{_flag_for(error, whole)}"
    name = error.param_hint or (error.param.opts[0] if error.param else "")
    message = error.message
    for kind, expected in KINDS.items():
        message = message.replace(f" is not a valid {kind}.", f": expected {expected}")
    message = re.sub(r" is not in the range x>=(\S+)\.$", r": expected \1 or more", message)
    typed = re.match(r"'(.*?)' is not one of (.*)\.$", message)
    if typed:
        message = f"{message} {did_you_mean(typed[1], re.findall(chr(39) + '(.*?)' + chr(39), typed[2]))}".rstrip(" .")
    return f"{name} {message}".strip()


def _flag_for(error: Any, message: str) -> str:
    """Suggest the flag for a file, or a data set, that was typed without one."""
    found = re.match(r"Got unexpected extra argument\(?s?\)? \((\S+)\)", message)
    if not (found and error.ctx):
        return ""
    flags = {name for one in error.ctx.command.get_params(error.ctx) for name in one.opts}
    wanted = ["--data", "--weights"] if found[1].endswith("data.npz") else ["--weights", "--data"]
    wanted = wanted if found[1].endswith(".npz") else ["--dataset"]
    return next((f". Did you mean {flag} {found[1]}?" for flag in wanted if flag in flags), "")


def _words(meant: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Return what each word of other programs is called here, the likeliest first."""
    words = [word for line in meant.values() for word in line.split()]
    return {word: tuple(ours for ours, line in meant.items() if word in line.split()) for word in words}


OPTIONS = _words({
    "--eta": "--lr --learning-rate --rate --step-size",
    "--rates": "--lr --learning-rate --rate",
    "--batch": "--batch-size --minibatch --mini-batch",
    "--epochs": "--epoch --iterations",
    "--hidden": "--neurons --units --hidden-layers",
    "--layers": "--architecture",
    "--cost": "--loss",
    "--init": "--initializer",
    "--optimizer": "--optim",
    "--momentum": "--beta",
    "--schedule": "--scheduler",
    "--l2": "--lambda --weight-decay",
    "--average": "--ema",
    "--distort": "--augment",
    "--patience": "--early-stopping",
    "--seed": "--random-state",
    "--random": "--trials",
    "--on": "--cluster",
    "--dtype": "--precision",
    "--workers": "--jobs",
    "--threads": "--jobs --workers",
    "--resume": "--continue",
    "--out": "--output",
    "--weights": "--model",
    "--data": "--dataset",
})  # fmt: skip
"""Options of other programs, by what they are called here."""

COMMANDS = _words({
    "fetch": "download get",
    "train": "fit learn",
    "eval": "test evaluate score",
    "predict": "classify",
    "show": "inspect info",
    "baseline": "baselines",
    "sweep": "tune search",
    "demo": "demos",
})  # fmt: skip
"""Commands of other programs, by what they are called here."""


def similar(name: str, known: Iterable[str], elsewhere: Mapping[str, tuple[str, ...]]) -> str:
    """Return a question that suggests a known name; empty if none is meant or close."""
    known = list(known)
    if name in elsewhere:
        return next((f"Did you mean {meant}?" for meant in elsewhere[name] if meant in known), "")
    return did_you_mean(name, known)


class SuggestingGroup(TyperGroup):
    """A group that suggests a command for a mistyped one, and the command that takes a file for a file."""

    missing = "no such command"

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or fail with a suggestion."""
        name = args[0]
        if name not in self.list_commands(ctx) and not name.startswith("-"):
            ctx.fail(f"{self.missing} {name!r}. {self.question(ctx, name)}".strip())
        return super().resolve_command(ctx, args)

    def question(self, ctx: Any, name: str) -> str:
        """Return a suggestion for a mistyped command; empty if there is none."""
        known = self.list_commands(ctx)
        question = similar(name, known, COMMANDS)
        if not question and os.path.isfile(name) and {"show", "predict"} <= set(known):
            ours = name.endswith((".npz", ".json", ".csv"))
            return f"Did you mean `{ctx.command_path} {'show' if ours else 'predict'} {shell_word(Path(name))}`?"
        return question
