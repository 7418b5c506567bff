"""Patterns: every type, range, length and depth that they match, and the message for what they do not."""

import json
from typing import Any

import pytest

from nndigits.stages.store.patterns import (
    COUNT,
    MOST_SEED,
    SHARE,
    UNPRINTABLE_IN_LINES,
    Items,
    Json,
    SchemaError,
    Text,
    check_pattern,
    real,
    whole,
)

DEEP: Any = 1
for _ in range(900):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        (int, [0, -(2**53), 2**53]),
        (float, [0.0, 1.7e308, -5e-324]),
        (str, ["", "x" * 10_000, "é 中 👍"]),
        (bool, [True, False]),
        (whole(1, 3), [1, 3]),
        (real(0.01, 100), [0.01, 100.0]),
        (COUNT, [0, 2**53]),
        (SHARE, [0.0, 1.0]),
        (Text(3), ["abc"]),
        (Text(3, UNPRINTABLE_IN_LINES), ["a\n\t"]),
        ([int], [[], [1, 2]]),
        (Items(int, 2, 2), [[1, 2]]),
        ({"a": int, "b?": str}, [{"a": 1}, {"a": 1, "b": "x"}]),
        ({"a": int, "...": str}, [{"a": 1}, {"a": 1, "c": "x"}]),
        (Json(2), [None, True, 1.5, MOST_SEED, "x", {"a": [1, None]}, [[], {}]]),
    ],
    ids=str,
)
def test_what_a_pattern_matches(pattern: Any, fits: list[Any]) -> None:
    for value in fits:
        check_pattern(value, pattern)


@pytest.mark.parametrize(
    ("pattern", "value", "reason"),
    [
        (int, 2**53 + 1, "a is 9007199254740993, expected -9,007,199,254,740,992 to 9,007,199,254,740,992"),
        (int, True, "a should be int, is bool"),
        (int, 1.0, "a should be int, is float"),
        (float, float("inf"), "a is inf, expected"),
        (float, float("nan"), "a is nan, expected"),
        (float, 1, "a should be float, is int"),
        (whole(0, 9), 10**400, "a is a huge number, expected 0 to 9"),
        (SHARE, -0.1, "a is -0.1, expected 0 to 1"),
        (str, "x" * 10_001, "a has 10,001 characters, at most 10,000 are read"),
        (Text(9), "\ud800", r"a has the character '\\ud800', which cannot be printed"),
        (Text(9), "\x1b[2J", r"a has the character '\\x1b'"),
        (Text(9), "two\nlines", r"a has the character '\\n'"),
        (Text(9), "\u202eabc", r"a has the character '\\u202e'"),
        (Text(9, UNPRINTABLE_IN_LINES), "\x1b", r"a has the character '\\x1b'"),
        ([int], [1, "2"], "an entry of a should be int, is str"),
        ([int], [0] * 100_001, "a has 100,001 entries, expected 0 to 100,000"),
        (Items(int, 2, 2), [1], "a has 1 entries, expected 2"),
        ({"b": int}, {"b": 1, "c": 1}, r"a should have \['b'\], has \['b', 'c'\]"),
        ({"b": int}, {"x" * 10**5: 1}, r"has \['x{40}\.\.\.'\]"),
        ({"b": int}, {str(number): 1 for number in range(1000)}, "and 988 more"),
        ({"b": int, "...": str}, {"c": "x"}, "a should have"),
        ({"...": int}, {str(number): 1 for number in range(100_001)}, "a has 100,001 entries, at most 100,000"),
        ({"...": str}, {"\ud800": "x"}, "a key of a has the character"),
        ({"...": str}, {"k" * 256: "x"}, "a key of a has 256 characters"),
        (Json(2), [[[1]]], "nested too deeply"),
        (Json(2), DEEP, "nested too deeply"),
        (Json(2), {"b": MOST_SEED + 1}, "a.b is 340282366920938463463374607431768211456, expected"),
        (Json(2), {"b": "\ud800"}, "a.b has the character"),
        (Json(2), [float("nan")], "an entry of a is nan"),
    ],
)
def test_what_a_pattern_refuses(pattern: Any, value: Any, reason: str) -> None:
    with pytest.raises(SchemaError, match=reason) as caught:
        check_pattern(value, pattern, "a")
    message = str(caught.value)
    assert len(message) < 1000
    assert json.dumps(message, ensure_ascii=False).encode(), "it can be printed"
