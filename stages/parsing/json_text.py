"""JSON from a file that a stranger may have written: its depth and the length of its numbers are limited."""

import json
import math
from typing import Any

from nndigits.stages.parsing.patterns import SchemaError

MOST_DEPTH = 10
"""Containers inside each other. The files of nn have at most six."""

MOST_DIGITS = 40
"""The characters of a whole number. The longest that nn writes are the 39 digits of a random state."""


def parse_json(text: bytes) -> Any:
    """Parse JSON; raises SchemaError for other text, and for numbers or nesting beyond the limits."""
    try:
        value = json.loads(
            text.decode(),
            object_pairs_hook=_unique,
            parse_constant=_finite,
            parse_float=_finite,
            parse_int=_whole,
        )
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"has a description that is not JSON ({type(error).__name__})") from None
    _check_depth(value)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of two values with one name, programs take different ones."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("two values of one name")
    return value


def _finite(number: str) -> float:
    """Convert a number; raises ValueError for NaN, Infinity, and numbers that overflow."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value


def _whole(number: str) -> int:
    if len(number) > MOST_DIGITS:
        raise SchemaError(f"a number of {len(number):,} digits")
    return int(number)


def _check_depth(value: Any) -> None:
    """Raise SchemaError for containers nested deeper than the limit. Level by level, so that no depth is too much."""
    level = [value]
    for _ in range(MOST_DEPTH + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise SchemaError(f"has a description nested more than {MOST_DEPTH} levels deep")
