"""Random mutations of artifacts, most with their checksums right again: refused, or read as exactly what they hold."""

import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from small import SMALL

from nn.stages.store import artifacts as store
from nn.stages.store.errors import InputError
from nn.stages.store.npz import DTYPES, decode, encode
from torture.door import memory, on_every_processor
from torture.figures import Figure, Size, of
from torture.forge import as_json, as_members, member, packed, written, zipped
from torture.mutate import mutated

SECTION = "A"
MUTATIONS = {"gate": 100_000, "long": 10_000_000}
ROUND_TRIPS = {"gate": 1_000, "long": 20_000}
PART = 25_000
Arrays = dict[str, np.ndarray]
Tally = tuple[int, int, list[str]]
"""How many were refused, how many read and the same when they are written again, and what else happened."""


def figures(size: Size) -> Iterator[Figure]:
    """Mutations, and round trips."""
    count = MUTATIONS[size]
    tallies = on_every_processor(attack, range(count // PART))
    refused, same = (sum(tally[number] for tally in tallies) for number in (0, 1))
    escapes = sorted({escape for tally in tallies for escape in tally[2]})
    found = f"{refused:,} refused, {same:,} the same, {count - refused - same} escapes {escapes[:2] or ''}".strip()
    yield Figure(SECTION, f"{count:,} mutations, 3 of 4 with their checksums repaired", found, "0 escapes", not escapes)
    rng = np.random.default_rng(0)
    trips = ROUND_TRIPS[size]
    good = sum(is_kept(rng) for _ in range(trips))
    yield Figure(SECTION, "round trips of random shapes, types and bytes", of(good, trips), "all", good == trips)


def attack(part: int) -> Tally:
    """PART mutations, told by the number of the part."""
    rng = random.Random(part)
    artifacts = [small() for small in SMALL.values()]
    blobs = [written(*artifact) for artifact in artifacts]
    refused, same, escapes = 0, 0, []
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        path = Path(folder) / "mutated.npz"
        for _ in range(PART):
            number = rng.randrange(len(artifacts))
            way = rng.choice((inside_members, inside_members, inside_description, outside))
            blob = way(rng, *artifacts[number], blobs)
            path.write_bytes(blob)
            try:
                read = store.load(path)
            except InputError as error:
                refused += 1
                if "\n" in str(error):
                    escapes.append("more than one line")
            except Exception as error:
                escapes.append(f"{type(error).__name__}: {error}"[:80])
            else:
                if written(read.meta, read.arrays) == blob:
                    same += 1
                else:
                    escapes.append("read as something else")
    return refused, same, escapes


def outside(rng: random.Random, meta: store.Meta, arrays: Arrays, others: list[bytes]) -> bytes:
    """The file itself mutated, its checksums left as they are."""
    return mutated(rng, written(meta, arrays), others)


def inside_members(rng: random.Random, meta: store.Meta, arrays: Arrays, others: list[bytes]) -> bytes:
    """A right archive of members one of which is mutated in its name or content, missing, double or misplaced."""
    members = as_members({**arrays, "__meta__": np.frombuffer(as_json(meta), np.uint8)})
    at = rng.randrange(len(members))
    match rng.randrange(10):
        case 0:
            members.pop(at)
        case 1:
            members.insert(rng.randrange(len(members)), members[at])
        case 2:
            members[at] = replace(members[at], name=mutated(rng, members[at].name, others)[:60_000])
        case _:
            members[at] = member(members[at].name, mutated(rng, members[at].content, others))
    return zipped(members)


def inside_description(rng: random.Random, meta: store.Meta, arrays: Arrays, others: list[bytes]) -> bytes:
    """A right archive whose description is mutated; where it is still JSON, as nn writes JSON."""
    text = mutated(rng, as_json(meta), others)
    with suppress(ValueError, RecursionError):
        text = as_json(json.loads(text))
    return packed(text, arrays)


def is_kept(rng: np.random.Generator) -> bool:
    """Whether random arrays, of no elements and no dimensions too, come back as they were."""
    arrays = {}
    for number in range(rng.integers(0, 6)):
        dtype = np.dtype(DTYPES[rng.integers(len(DTYPES))])
        shape = tuple(rng.integers(0, 4, rng.integers(0, 9)))
        raw = rng.integers(0, 256, int(np.prod(shape)) * dtype.itemsize, np.uint8)
        arrays[f"a_{number}"] = raw.view(dtype).reshape(shape)
    read = decode(b"".join(encode(arrays)))
    return set(read) == set(arrays) and all(
        (read[name].dtype, read[name].shape, read[name].tobytes()) == (array.dtype, array.shape, array.tobytes())
        for name, array in arrays.items()
    )
