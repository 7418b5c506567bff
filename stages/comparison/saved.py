"""A comparison as compare.json has it: its rows, made into entries again."""

from collections.abc import Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from nndigits.stages.comparison.entries import Entry
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.patterns import COUNT, MOST_COUNT, SHARE, SchemaError, check_pattern, real, whole

LIMITS: dict[str, Any] = {
    "runs": COUNT,
    "correct": real(0, MOST_COUNT),
    "total": whole(1, MOST_COUNT),
    "accuracy": SHARE,
    "spread": SHARE,
    "interval": SHARE,
    "numbers": COUNT,
    "bytes": COUNT,
}
"""The limits of fields of Entry; the other fields have the usual ones of their type."""


def entries(path: Path, rows: Sequence[dict[str, Any]]) -> tuple[Entry, ...]:
    """Return the entries of the rows of a comparison; raises InputError if they are not as nn writes them."""
    try:
        return tuple(_made(Entry, row) for row in rows)
    except SchemaError as error:
        raise InputError(f"{path}: has a row that nn does not write ({error}). Compare again: `nn compare`") from None


def _made(kind: Any, found: Any) -> Any:
    """Return a dataclass from the JSON of it; fields that it has a default for may be missing or null."""
    check_pattern(found, dict, kind.__name__)
    values = {}
    for field in fields(kind):
        value = found.get(field.name)
        if value is not None:
            values[field.name] = _value(get_type_hints(kind)[field.name], value, field.name)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise SchemaError(f"{field.name} is missing")
    return kind(**values)


def _value(hint: Any, value: Any, name: str) -> Any:
    """Return a value of JSON as the type of a field; lists become tuples."""
    kind = next((one for one in get_args(hint) if one is not type(None)), hint) if _is_optional(hint) else hint
    if is_dataclass(kind):
        return _made(kind, value)
    if get_origin(kind) is dict:
        check_pattern(value, dict, name)
        return {key: _value(get_args(kind)[1], item, f"{name}.{key}") for key, item in value.items()}
    if get_origin(kind) is not tuple:
        check_pattern(value, LIMITS.get(name, kind), name)
        return value
    items = get_args(kind)
    check_pattern(value, [LIMITS.get(name, items[0])], name)
    if Ellipsis not in items and len(value) != len(items):
        raise SchemaError(f"{name} has {len(value)} values, expected {len(items)}")
    return tuple(value)


def _is_optional(hint: Any) -> bool:
    return type(None) in get_args(hint)
