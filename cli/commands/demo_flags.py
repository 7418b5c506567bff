"""The flags of a demonstration, from the signature of its ``run``.

``weights: Annotated[tuple[float, ...], Given(-10, 10)] = (6.0, 2.0)`` becomes ``--weights``, whose help is the text
``flag-weights``.
"""

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_origin

from nndigits.cli.terminal.completion import DATA_SETS, NETWORKS, Complete, artifacts
from nndigits.cli.terminal.typer_command import Flag
from nndigits.stages.demos.shared.demo import Given
from nndigits.stages.demos.shared.texts import Say
from nndigits.stages.store.errors import UsageError

say = Say("shared")

PROGRESS = "progress"
"""The parameter of a slow demonstration that becomes a progress bar, not a flag."""


def flags(demo: str, run: Callable[..., Any], tell: Callable[[str], str]) -> list[Flag]:
    """Return the flags of a demonstration; ``tell`` returns their help in the language of the reader."""
    say = Say(demo)
    return [_flag(one, tell(say(f"flag-{name.replace('_', '-')}"))) for name, one in _parameters(run).items()]


def read(run: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of ``run`` from the values that Typer has read; several numbers become a tuple."""
    parameters = _parameters(run)
    return {name: _read(parameters[name], value) for name, value in given.items()}


def _parameters(run: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return {name: parameter for name, parameter in inspect.signature(run).parameters.items() if name != PROGRESS}


def _flag(parameter: inspect.Parameter, help: str) -> Flag:
    kind, given = _kind(parameter)
    if given is not None and given.positional:
        return Flag(parameter.name, list[get_args(kind)[0]], help, positional=True)  # type: ignore[misc]
    if get_origin(kind) is tuple:
        return Flag(parameter.name, str, help, "X,X,...", ",".join(f"{number:.15g}" for number in parameter.default))
    return Flag(parameter.name, kind, help, None, parameter.default, complete=_completion(parameter))


def _kind(parameter: inspect.Parameter) -> tuple[Any, Given | None]:
    """Return the type of a parameter, and what it takes if that is limited."""
    annotated = getattr(parameter.annotation, "__metadata__", None)
    return (parameter.annotation.__origin__, annotated[0]) if annotated else (parameter.annotation, None)


def _completion(parameter: inspect.Parameter) -> Complete | None:
    return {"data": artifacts(*DATA_SETS), "weights": artifacts(*NETWORKS)}.get(parameter.name)


def _read(parameter: inspect.Parameter, value: Any) -> Any:
    """Return a tuple of numbers from ``6,2,2`` or from positional arguments, and any other value as it is."""
    kind, _ = _kind(parameter)
    if get_origin(kind) is not tuple:
        return value
    if not isinstance(value, str):
        return tuple(value) or parameter.default
    parts = value.split(",") if value.strip() else []
    try:
        return tuple(get_args(kind)[0](part) for part in parts)
    except ValueError:
        raise UsageError(say("expected-numbers", found=repr(value)), parameter.name) from None
