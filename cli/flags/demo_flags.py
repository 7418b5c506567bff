"""The flags of a demonstration, read off the signature of its ``run``."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_args, get_origin

import typer

from nn.cli.flags.options import Json, Plot, Quiet
from nn.cli.flags.spelling import flag

PROGRESS = "progress"  # the parameter of a demonstration that takes its time: no flag, but a bar

SHARED = (("plot", None, Plot), ("json", False, Json), ("quiet", False, Quiet))


def own_parameters(run: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The parameters that become flags."""
    return {name: parameter for name, parameter in inspect.signature(run).parameters.items() if name != PROGRESS}


def signature(run: Callable[..., Any]) -> inspect.Signature:
    """What Typer should see: the parameters of a demonstration, and the options that all of them have."""
    own = [_flag(parameter) for parameter in own_parameters(run).values()]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, default, annotation in SHARED
    ]
    return inspect.Signature([*own, *shared])


def read(run: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of ``run`` from what Typer has read; what was not given on the line keeps its default."""
    parameters = own_parameters(run)
    return {name: _read(parameters[name], value) for name, value in given.items()}


def _flag(parameter: inspect.Parameter) -> inspect.Parameter:
    """The option of a parameter; several numbers are written with commas between them."""
    kind, note = get_args(parameter.annotation)
    several = get_origin(kind) is tuple
    if not isinstance(note, str):
        annotation: Any = Annotated[list[get_args(kind)[0]] | None, typer.Argument(help=note.help)]  # type: ignore[misc]
        default: Any = None
    else:
        annotation = Annotated[str if several else kind, typer.Option(help=note, readable=False)]
        default = ",".join(f"{number:.15g}" for number in parameter.default) if several else parameter.default
    return parameter.replace(annotation=annotation, default=default, kind=inspect.Parameter.KEYWORD_ONLY)


def _read(parameter: inspect.Parameter, value: Any) -> Any:
    """Read several numbers from one string, or from the arguments that have no flag."""
    kind = get_args(parameter.annotation)[0]
    if get_origin(kind) is not tuple:
        return value
    if not isinstance(value, str):
        return tuple(value) if value else parameter.default
    parts = value.split(",") if value.strip() else []
    try:
        return tuple(get_args(kind)[0](part) for part in parts)
    except ValueError:
        raise typer.BadParameter(
            f"{value!r}: expected numbers with commas between", param_hint=flag(parameter.name)
        ) from None
