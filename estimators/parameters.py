"""Parameters of an estimator, checked and converted to those of a training run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from inspect import signature
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from nndigits.stages.runs.parameters import Parameters, WrongType, convert, is_whole
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.patterns import shown
from nndigits.stages.words.escaping import printable

NAMES = tuple(field.name for field in fields(Parameters) if field.name not in ("rejects", "drawn"))
"""All parameters of a run that an estimator has. A reject class is trained with images of strips and drawings,
which it has not."""


def to_run(estimator: Any) -> Parameters:
    """Return the parameters of a run from the attributes of an estimator.

    Raises
    ------
    ValueError
        A value is out of range or of the wrong type, or two contradict each other.
    """
    values = of_their_types({name: getattr(estimator, name) for name in NAMES if name != "seed"})
    values["seed"] = seed_of(estimator.random_state)
    defaults = signature(type(estimator)).parameters
    if values["layers"] and values["hidden"] == defaults["hidden"].default:
        values["hidden"] = ()  # the default: layers given alone replace it, and have activations of their own
        if values["activation"] == defaults["activation"].default:
            values["activation"] = Parameters.activation
    with as_value_error():
        return Parameters(**values)


def seed_of(random_state: Any) -> int:
    """Return the seed of a run: a whole number as it is, else one that ``random_state`` draws."""
    if is_whole(random_state):
        return int(random_state)
    if random_state is not None and not isinstance(random_state, np.random.RandomState):
        raise ValueError(f"random_state={printable(shown(random_state))}: expected a whole number, None or RandomState")
    return int(check_random_state(random_state).randint(2**31))


def of_their_types(values: dict[str, Any]) -> dict[str, Any]:
    """Return parameters with the types that a run has; raises ValueError for one of another type."""
    converted = {}
    for name, value in values.items():
        try:
            converted[name] = convert(name, value)
        except WrongType as error:
            raise ValueError(f"{name}={printable(shown(value))}: {error}") from None
    return converted


@contextmanager
def as_value_error() -> Iterator[None]:
    """Raise ValueError, which users of scikit-learn expect, with the message of a UsageError."""
    try:
        yield
    except UsageError as error:
        raise ValueError(printable(str(error))) from None


def to_estimator(parameters: Parameters) -> dict[str, Any]:
    """Return the parameters of an estimator that trains as a run does.

    Raises
    ------
    ValueError
        The run has a reject class.
    """
    if parameters.rejects:
        raise ValueError("a network with a reject class cannot be an estimator: its last output is no class")
    return {"random_state" if name == "seed" else name: getattr(parameters, name) for name in NAMES}
