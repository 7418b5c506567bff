"""Patterns of values read from JSON. Every number, text, list and depth that a pattern matches has a limit.

The library msgspec bounds no number beyond 64 bits, as seeds and random states have, and takes two values of one name.
A file may come from a stranger. Values are checked once, where they are read, so that the code behind can format, add
and divide them. A pattern is one of these:

- ``int``, ``float``, ``str`` or ``bool``: a value of that type, within the usual limits below;
- ``whole(least, most)``, ``real(least, most)`` or ``Text(most)``: the same within limits of its own;
- ``[pattern]`` or ``Items(pattern, least, most)``: a list;
- a dictionary: exactly its keys. A key that ends in ``?`` is optional, and ``...`` stands for any other keys;
- ``Json(depth)``: any JSON of at most ``depth`` containers inside each other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_COUNT = 2**53
"""The largest count. A float represents all smaller ones exactly, so their ratios are right."""

MOST_SEED = 2**128 - 1
"""The largest seed, and the largest number in free-form metadata."""

MOST_FLOAT = 1.7976931348623157e308
MOST_TEXT, MOST_KEY, MOST_ITEMS = 10_000, 255, 100_000
MOST_SHOWN = 40
"""The characters of a wrong value that a message shows."""

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line separators, changes of the direction of text, and halves of surrogate pairs."""

UNPRINTABLE_IN_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""The same, except for tabs and ends of lines."""


class SchemaError(ValueError):
    """A file of the right format that does not match the schema of its kind."""


@dataclass(frozen=True)
class Number:
    """Matches numbers of one type, from ``least`` to ``most``. NaN is none."""

    kind: type
    least: float
    most: float

    def check(self, value: Any, where: str) -> None:
        """Raise SchemaError for any other value."""
        _check_type(value, self.kind, where)
        if not self.least <= value <= self.most:
            raise SchemaError(f"{where} is {shown(value)}, expected {_limit(self.least)} to {_limit(self.most)}")


@dataclass(frozen=True)
class Text:
    """Matches text of at most ``most`` characters, none of them ``refused``."""

    most: int
    refused: re.Pattern[str] = UNPRINTABLE

    def check(self, value: Any, where: str) -> None:
        """Raise SchemaError for any other value."""
        _check_type(value, str, where)
        if len(value) > self.most:
            raise SchemaError(f"{where} has {len(value):,} characters, at most {self.most:,} are read")
        if found := self.refused.search(value):
            raise SchemaError(f"{where} has the character {found[0]!a}, which cannot be printed")


@dataclass(frozen=True)
class Items:
    """Matches lists of ``least`` to ``most`` values, each of which matches a pattern."""

    pattern: Any
    least: int = 0
    most: int = MOST_ITEMS

    def check(self, value: Any, where: str) -> None:
        """Raise SchemaError for any other value."""
        _check_type(value, list, where)
        if not self.least <= len(value) <= self.most:
            wanted = f"{self.least:,}" if self.least == self.most else f"{self.least:,} to {self.most:,}"
            raise SchemaError(f"{where} has {len(value):,} entries, expected {wanted}")
        for item in value:
            check_pattern(item, self.pattern, f"an entry of {where}")


@dataclass(frozen=True)
class Json:
    """Matches any JSON of at most ``depth`` containers inside each other, within the usual limits."""

    depth: int
    text: Text = Text(MOST_TEXT)

    def check(self, value: Any, where: str) -> None:
        """Raise SchemaError for any other value."""
        if isinstance(value, dict | list):
            if not self.depth:
                raise SchemaError(f"{where} is nested too deeply")
            inner = Json(self.depth - 1, self.text)
            check_pattern(value, {"...": inner} if isinstance(value, dict) else [inner], where)
        elif type(value) is int:
            whole(-MOST_SEED, MOST_SEED).check(value, where)
        elif type(value) is str:
            self.text.check(value, where)
        elif value is not None:
            check_pattern(value, type(value), where)


def whole(least: int, most: int) -> Number:
    """Return the pattern of whole numbers from ``least`` to ``most``."""
    return Number(int, least, most)


def real(least: float, most: float) -> Number:
    """Return the pattern of floating-point numbers from ``least`` to ``most``."""
    return Number(float, least, most)


COUNT = whole(0, MOST_COUNT)
SHARE = real(0, 1)
USUAL: dict[type, Any] = {
    int: whole(-MOST_COUNT, MOST_COUNT),
    float: real(-MOST_FLOAT, MOST_FLOAT),
    str: Text(MOST_TEXT),
}
"""What a type matches."""


def check_pattern(value: Any, pattern: Any, where: str = "") -> None:
    """Raise SchemaError if a value read from JSON does not match a pattern; ``where`` is its place in the file."""
    where = where or "its description"
    if isinstance(pattern, Mapping):
        _check_keys(value, pattern, where)
    elif isinstance(pattern, list):
        Items(*pattern).check(value, where)
    elif isinstance(pattern, type):
        _check_type(value, pattern, where)
        if pattern in USUAL:
            USUAL[pattern].check(value, where)
    else:
        pattern.check(value, where)


def check_part(value: Any, pattern: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    """Return what a pattern names of a dictionary, without keys whose value is null; raises SchemaError as above."""
    _check_type(value, dict, where or "its description")
    known = {key.rstrip("?") for key in pattern}
    found = {key: inner for key, inner in value.items() if key in known and inner is not None}
    check_pattern(found, pattern, where)
    return found


def shown(value: Any) -> str:
    """Return a value for a message: as Python writes it, and cut if it is long."""
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**MOST_SHOWN else "a huge number"
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def _check_keys(value: Any, pattern: Mapping[str, Any], where: str) -> None:
    _check_type(value, dict, where)
    known = {key.rstrip("?"): inner for key, inner in pattern.items() if key != "..."}
    needed = {key for key in known if key in pattern}
    if not needed <= set(value) or ("..." not in pattern and not set(value) <= set(known)):
        raise SchemaError(f"{where} should have {sorted(pattern)}, has {_keys(value)}")
    if len(value) > MOST_ITEMS:
        raise SchemaError(f"{where} has {len(value):,} entries, at most {MOST_ITEMS:,} are read")
    inside = "" if where == "its description" else f"{where}."
    for key, item in value.items():
        if key not in known:
            Text(MOST_KEY).check(key, f"a key of {where}")
        check_pattern(item, known.get(key, pattern.get("...")), f"{inside}{key}")


def _keys(value: Mapping[str, Any]) -> str:
    """Return the keys that a dictionary has, for a message."""
    names = [name if len(name) <= MOST_SHOWN else f"{name[:MOST_SHOWN]}..." for name in sorted(value)[:12]]
    return f"{names}" if len(names) == len(value) else f"{names} and {len(value) - len(names):,} more"


def _check_type(value: object, expected: type, where: str) -> None:
    if type(value) is not expected:
        raise SchemaError(f"{where} should be {expected.__name__}, is {type(value).__name__}")


def _limit(number: float) -> str:
    return f"{number:,}" if abs(number) < 10**16 else f"{number:.3g}"
