"""The flags of a demonstration, from the signature of its ``run``.

``weights: Annotated[tuple[float, ...], "Its weights."] = (6.0, 2.0)`` becomes ``--weights``, whose help is the text.
"""

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_origin

import typer

from nndigits.cli.flags.command import Flag, flag_of
from nndigits.cli.flags.completion import DATA_SETS, NETWORKS, Complete, artifacts

PROGRESS = "progress"
"""The parameter of a slow demonstration that becomes a progress bar, not a flag."""


def flags(run: Callable[..., Any]) -> list[Flag]:
    """Return the flags of a demonstration."""
    return [_flag(parameter) for parameter in _parameters(run).values()]


def read(run: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of ``run`` from the values that Typer has read; several numbers become a tuple."""
    parameters = _parameters(run)
    return {name: _read(parameters[name], value) for name, value in given.items()}


def _parameters(run: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return {name: parameter for name, parameter in inspect.signature(run).parameters.items() if name != PROGRESS}


def _flag(parameter: inspect.Parameter) -> Flag:
    kind, note = get_args(parameter.annotation)
    several = get_origin(kind) is tuple
    if not isinstance(note, str):
        return Flag(parameter.name, list[get_args(kind)[0]], note.help, positional=True)  # type: ignore[misc]
    if several:
        return Flag(parameter.name, str, note, "X,X,...", ",".join(f"{number:.15g}" for number in parameter.default))
    return Flag(parameter.name, kind, note, None, parameter.default, complete=_completion(parameter))


def _completion(parameter: inspect.Parameter) -> Complete | None:
    return {"data": artifacts(*DATA_SETS), "weights": artifacts(*NETWORKS)}.get(parameter.name)


def _read(parameter: inspect.Parameter, value: Any) -> Any:
    """Return a tuple of numbers from ``6,2,2`` or from positional arguments, and any other value as it is."""
    kind = get_args(parameter.annotation)[0]
    if get_origin(kind) is not tuple:
        return value
    if not isinstance(value, str):
        return tuple(value) or parameter.default
    parts = value.split(",") if value.strip() else []
    try:
        return tuple(get_args(kind)[0](part) for part in parts)
    except ValueError:
        raise typer.BadParameter(
            f"{value!r}: expected numbers with commas between", param_hint=flag_of(parameter.name)
        ) from None
