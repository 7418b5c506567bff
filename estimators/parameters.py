"""Parameters of an estimator, checked and converted to those of a training run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from numbers import Integral, Real
from typing import Any, get_args, get_type_hints

from nn.stages.runs.parameters import Parameters
from nn.stages.store.errors import UsageError

NAMES = tuple(field.name for field in fields(Parameters) if field.name not in ("rejects", "drawn"))
"""All parameters of a run that an estimator has. A reject class is trained with images of strips and drawings,
which it has not."""

WHOLE = ("epochs", "batch", "seed", "threads", "patience")
TEXTS = ("dtype", "keep", "layers", "activation", "cost", "init", "optimizer", "schedule", "distort")
OPTIONAL = ("threads", "patience", "momentum")
CHOICES = {name: get_args(get_type_hints(Parameters)[name]) for name in ("dtype", "keep")}


def to_run(estimator: Any) -> Parameters:
    """Return the parameters of a run from the attributes of an estimator.

    Raises
    ------
    ValueError
        A value is out of range or of the wrong type, or two contradict each other.
    """
    values = {name: _typed(name, getattr(estimator, name)) for name in NAMES}
    if values["layers"] and values["hidden"] == Parameters.hidden:
        values["hidden"] = ()  # the default: layers given alone replace it
    with as_value_error():
        return Parameters(**values)


@contextmanager
def as_value_error() -> Iterator[None]:
    """Raise ValueError, which users of scikit-learn expect, with the message of a UsageError."""
    try:
        yield
    except UsageError as error:
        raise ValueError(str(error)) from None


def to_estimator(parameters: Parameters) -> dict[str, Any]:
    """Return the parameters of an estimator that trains as a run does.

    Raises
    ------
    ValueError
        The run has a reject class.
    """
    if parameters.rejects:
        raise ValueError("a network with a reject class cannot be an estimator: its last output is no class")
    return {name: getattr(parameters, name) for name in NAMES}


def _typed(name: str, value: Any) -> Any:
    """Return a value as Python's own type; raises ValueError if it is of another one."""
    if value is None and name in OPTIONAL:
        return None
    if name in CHOICES:
        expected, fits = " or ".join(map(repr, CHOICES[name])), isinstance(value, str) and value in CHOICES[name]
    elif name in TEXTS:
        expected, fits = "text", isinstance(value, str)
    elif name == "hidden":
        expected = "a sequence of whole numbers, such as (30,)"
        fits = isinstance(value, (tuple, list)) and all(map(is_whole, value))
    elif name in WHOLE:
        expected, fits = "a whole number", is_whole(value)
    else:
        expected, fits = "a number", is_real(value)
    if not fits:
        raise ValueError(f"{name}={value!r}: expected {expected}")
    if name == "hidden":
        return tuple(map(int, value))
    return value if name in TEXTS else (int(value) if name in WHOLE else float(value))


def is_whole(value: Any) -> bool:
    """Return whether a value is a whole number, of Python or NumPy."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_real(value: Any) -> bool:
    """Return whether a value is a real number, of Python or NumPy."""
    return isinstance(value, Real) and not isinstance(value, bool)
