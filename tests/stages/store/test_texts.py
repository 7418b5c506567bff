"""JSON, CSV and TOML of absurd size are refused with the reason; usual text is read."""

import pytest

from nndigits.stages.store.patterns import SchemaError
from nndigits.stages.store.texts import MOST_DEPTH, parse_csv, parse_json, parse_toml


def nested(depth: int) -> bytes:
    return b"[" * depth + b"1" + b"]" * depth


def test_usual_text_is_read() -> None:
    assert parse_json(b'{"a": [1, -2.5, null, "x"]}') == {"a": [1, -2.5, None, "x"]}
    assert parse_json(str(2**128 - 1).encode()) == 2**128 - 1
    assert parse_json(nested(MOST_DEPTH))
    assert parse_csv(b"epoch,cost\n0,0.5\n") == [["epoch", "cost"], ["0", "0.5"]]
    assert parse_toml('[train]\nlayers = """conv 8 5x5,\n dense 10 sigmoid"""') == {
        "train": {"layers": "conv 8 5x5,\n dense 10 sigmoid"}
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"NaN", "is not JSON"),
        (b"1e999", "too large"),
        (b"9" * 41, "number of"),
        (b"9" * 10_000, "number of"),
        (nested(MOST_DEPTH + 1), "nested more than 10 levels deep"),
        (nested(900), "nested more than 10 levels deep"),
        (nested(100_000), "is not JSON"),
    ],
)
def test_json_beyond_the_limits_is_refused(text: bytes, reason: str) -> None:
    with pytest.raises(SchemaError, match=reason):
        parse_json(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "rows of different lengths"),
        (b"a,b\n1\n", "rows of different lengths"),
        (b"\xff\n", "is not a table of text"),
        (b"a\n" + b"9" * 5000, "an entry of row 1 has 5,000 characters, at most 60"),
        (b"a,b\n1,\x1b[2J\n", "an entry of row 1 has the character"),
        (b"," * 300, "row 0 has 301 entries"),
        (b"x" * 200_000, "is not a table of text"),
    ],
)
def test_csv_beyond_the_limits_is_refused(text: bytes, reason: str) -> None:
    with pytest.raises(SchemaError, match=reason):
        parse_csv(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = ", "is not TOML: "),
        (".".join("a" * 600) + " = 1", "has 1,203 characters in line 1, at most 1,000"),
        ("# comment\n" * 2000, "has 20,000 bytes, at most 16,384"),
        ("x = " + "[" * 900, "is not TOML"),
        ("a = " + "\\\n".join(["9" * 900] * 5), "is not TOML"),
    ],
)
def test_toml_beyond_the_limits_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SchemaError, match=reason):
        parse_toml(text)
