"""Replace every value in the metadata and the figures of every kind of file by unusual ones, and use the file.

A well-forged file looks like one of nn. Its values must be refused, or be valid enough to work with.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from nndigits.stages.store.npz import decode
from torture.fuzzing import uses
from torture.harness.results import Result, Size
from torture.hostile.forge import artifact_bytes

SECTION = "A"
GATE = 500
"""In the gate, this many forged files, each used by one command."""

DEEP: Any = 1
for _ in range(900):
    DEEP = [DEEP]

UNUSUAL: tuple[Any, ...] = (
    None, True, -1, 0, 1, 257, 2**31, 2**63, 10**40, 10**400, 0.0, -0.5, -5.0, 1e308, -1e308, 5e-324,
    "", "x", "nan", "\x1b[2J", "\ud800", "\u202e", "9" * 400, "x" * 100_000,
    [], [[]], [0], [-1, 2**63], ["x"], ["\ud800"], ["dense 10 sigmoid"], [1e308, -1e308], DEEP, [0] * 1000,
    {}, {"a": 1}, {"layers": []}, {"\ud800": 1}, {"a": DEEP},
)  # fmt: skip
CELLS = ("", "x", "-1", "0", "nan", "inf", "-inf", "1e308", "9" * 50, "9" * 4000, "9" * 5000, '"', "\x1b[2J", "é" * 70)
"""Replacements for a cell of a CSV file."""


def results(size: Size) -> Iterator[Result]:
    """One result over all files."""
    yield uses.result(SECTION, "metadata values and figures replaced by unusual ones", forged, size, GATE)


def forged(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file with one value replaced, for every value and every unusual one. Texts have no checksum."""
    if name.endswith(".npz"):
        arrays = decode(content)
        meta = json.loads(arrays.pop("__meta__").tobytes())
        yield from ((where, artifact_bytes(other, arrays)) for where, other in replaced_values(meta))
    elif name.endswith(".json"):
        document = json.loads(content)
        document["made"] = _in_format_1(document["made"])
        yield from ((where, json.dumps(other).encode()) for where, other in replaced_values(document))
    else:
        first, _, rest = content.partition(b"\n")
        if first.startswith(b"# "):
            meta = _in_format_1(json.loads(first[2:]))
            for where, other in replaced_values(meta):
                yield where, b"# " + json.dumps(other).encode() + b"\n" + rest
            content = b"# " + json.dumps(meta).encode() + b"\n" + rest
        yield from replaced_cells(content.decode())


def _in_format_1(meta: dict[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in meta.items() if key != "checksum"}, "format": 1}


def replaced_cells(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield a CSV file with one cell of its first rows replaced, with a row less, and with one of other length."""
    lines = text.splitlines()
    for number in range(text.startswith("# "), min(len(lines), 4)):
        for column, _ in enumerate(lines[number].split(",")):
            for cell in CELLS:
                cells = lines[number].split(",")
                cells[column] = cell
                changed = [*lines[:number], ",".join(cells), *lines[number + 1 :]]
                yield f"cell {number}, {column} = {cell[:10]!r}", "\n".join(changed).encode()
        yield f"without row {number}", "\n".join([*lines[:number], *lines[number + 1 :]]).encode()
        yield f"longer row {number}", "\n".join([*lines[:number], f"{lines[number]},1", *lines[number + 1 :]]).encode()


def replaced_values(meta: Any) -> Iterator[tuple[str, Any]]:
    """Yield a document with one value replaced or missing, for every value and every unusual one."""
    for where in paths(meta):
        for value in UNUSUAL:
            changed = copy.deepcopy(meta)
            _inner(changed, where)[where[-1]] = value
            yield f"{'.'.join(map(str, where))} = {type(value).__name__} {json.dumps(value)[:20]}", changed
        changed = copy.deepcopy(meta)
        del _inner(changed, where)[where[-1]]
        yield f"{'.'.join(map(str, where))} missing", changed


def _inner(document: Any, where: tuple[Any, ...]) -> Any:
    for key in where[:-1]:
        document = document[key]
    return document


def paths(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the keys that lead to each value; of a list, the first two values."""
    if where:
        yield where
    items = value.items() if isinstance(value, Mapping) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*where, key))
