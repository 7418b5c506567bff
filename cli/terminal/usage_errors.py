"""Usage errors in one line: the option, the value found, and the value expected.

Typer prints four lines, does not show the value, and does not escape file names.
"""

from typing import Any

import typer

from nndigits.cli.flags.suggestions import OPTIONS, similar

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
    if error.option_name == "--weights" and "files" in {one.name for one in error.ctx.command.get_params(error.ctx)}:
        return "no such option: --weights. Name the files without it"
    known = [name for option in error.ctx.command.get_params(error.ctx) for name in option.opts if name[:2] == "--"]
    return f"no such option: {error.option_name}. {similar(error.option_name, known, OPTIONS)}".strip().rstrip(".")


def _message(error: Any) -> str:
    if not isinstance(error, typer.BadParameter) or not error.message:
        whole: str = error.format_message()
        return whole[:1].lower() + whole[1:]
    name = error.param_hint or (error.param.opts[0] if error.param else "")
    message = error.message
    for kind, expected in KINDS.items():
        message = message.replace(f" is not a valid {kind}.", f": expected {expected}")
    return f"{name} {message}".strip()
