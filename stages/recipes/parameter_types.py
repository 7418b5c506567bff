"""The types of a run's parameters, read from the annotations of Parameters.

Recipes and estimators check by them what they are given, before ``constraints.py`` checks what it means.
"""

from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from nndigits.stages.runs.parameters import Parameters

HINTS = get_type_hints(Parameters)


class WrongType(ValueError):
    """A value is not of its parameter's type; the message says what is expected."""


def convert(name: str, value: Any) -> Any:
    """Return a value as Parameters annotates it: a number of NumPy as Python's own, a list as a tuple.

    Raises WrongType if it has another type.

    >>> convert("hidden", [30]), convert("eta", 3), convert("threads", None)
    ((30,), 3.0, None)
    """
    alternatives = get_args(HINTS[name]) if isinstance(HINTS[name], UnionType) else (HINTS[name],)
    for kind in alternatives:
        if kind is NoneType and value is None:
            return None
        if kind is int and is_whole(value):
            return int(value)
        if kind is float and is_real(value):
            return float(value)
        if kind is str and isinstance(value, str):
            return str(value)
        if get_origin(kind) is Literal and isinstance(value, str) and value in get_args(kind):
            return str(value)
        if get_origin(kind) is tuple and isinstance(value, list | tuple) and all(map(is_whole, value)):
            return tuple(map(int, value))
    raise WrongType(f"expected {' or '.join(_in_words(kind) for kind in alternatives if kind is not NoneType)}")


def is_whole(value: Any) -> bool:
    """Return whether a value is a whole number, of Python or NumPy."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_real(value: Any) -> bool:
    """Return whether a value is a real number, of Python or NumPy, that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _in_words(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " or ".join(map(repr, get_args(kind)))
    if get_origin(kind) is tuple:
        return "a list of whole numbers, such as [30]"
    return {int: "a whole number", float: "a number", str: "text"}[kind]
