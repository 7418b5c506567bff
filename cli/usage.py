"""What was typed wrong, in one line that names the option, what was found and what is expected.

Typer takes four lines, keeps what was found to itself, and prints the names of files as they come.
"""

from typing import Any

import typer

Mistyped: Any = typer.BadParameter.__base__
"""The root of Typer's errors of this kind: it has no public name there."""

KINDS = {"int": "a whole number", "float": "a number", "string": "text in UTF-8"}
"""What is expected, by how the error begins of the library that Typer lets read values."""


def explain(error: Any) -> str:
    """Say what is wrong, and whose help to ask."""
    what = _what(error)
    if not error.ctx:
        return what
    return f"{what}{'' if what.endswith(('.', '?')) else '.'} `{error.ctx.command_path} --help` says more"


def _what(error: Any) -> str:
    if not isinstance(error, typer.BadParameter) or not error.message:
        message: str = error.format_message()
        return message[:1].lower() + message[1:]
    name = error.param_hint or (error.param.opts[0] if error.param else "")
    cause: Any = error.__cause__
    if hasattr(cause, "errors"):
        wrong = cause.errors()[0]
        kind = wrong["type"].split("_")[0]
        if wrong["type"] != "value_error":
            expected = KINDS.get(kind) or wrong["msg"].replace("Input should be", "a value")
            return f"{name} {wrong['input']!r}: expected {expected}"
    return f"{name} {error.message.removeprefix('Value error, ')}".strip()
