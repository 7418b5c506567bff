"""What was typed wrong, in one line that names the option, what was found and what is expected.

Typer takes four lines, keeps what was found to itself, and prints the names of files as they come.
"""

from typing import Any

import typer

Mistyped: Any = typer.BadParameter.__base__
"""The root of Typer's errors of this kind: it has no public name there."""

KINDS = {"int": "a whole number", "float": "a number"}
"""What a reader calls what Typer calls a valid int."""


def explain(error: Any) -> str:
    """Say what is wrong, and whose help to ask."""
    what = _what(error)
    if not error.ctx:
        return what
    return f"{what}{'' if what.endswith(('.', '?')) else '.'} `{error.ctx.command_path} --help` says more"


def _what(error: Any) -> str:
    if not isinstance(error, typer.BadParameter) or not error.message:
        whole: str = error.format_message()
        return whole[:1].lower() + whole[1:]
    name = error.param_hint or (error.param.opts[0] if error.param else "")
    message = error.message
    for kind, expected in KINDS.items():
        message = message.replace(f" is not a valid {kind}.", f": expected {expected}")
    return f"{name} {message}".strip()
