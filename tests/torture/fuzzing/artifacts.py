"""Random mutations of artifacts, three of four with repaired checksums: refused, or read as exactly what they hold."""

import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from small import SMALL

from nndigits.stages.store import artifacts as store
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.npz import DTYPES, decode, encode
from torture.fuzzing.mutate import mutated
from torture.harness.folders import ram_folder
from torture.harness.parallel import map_in_processes
from torture.harness.results import Result, Size, of
from torture.hostile.forge import artifact_bytes, as_members, member, to_json, with_metadata, zipped

SECTION = "A"
MUTATIONS = {"gate": 100_000, "long": 10_000_000}
ROUND_TRIPS = {"gate": 1_000, "long": 20_000}
PART = 25_000
Arrays = dict[str, np.ndarray]
Tally = tuple[int, int, list[str]]
"""The number refused, the number that give the same bytes when written again, and all other outcomes."""


def results(size: Size) -> Iterator[Result]:
    """Mutations, then round trips."""
    count = MUTATIONS[size]
    tallies = map_in_processes(attack, range(count // PART))
    refused, same = (sum(tally[number] for tally in tallies) for number in (0, 1))
    escapes = sorted({escape for tally in tallies for escape in tally[2]})
    found = f"{refused:,} refused, {same:,} the same, {count - refused - same} escapes {escapes[:2] or ''}".strip()
    yield Result(SECTION, f"{count:,} mutations, 3 of 4 with repaired checksums", found, "0 escapes", not escapes)
    rng = np.random.default_rng(0)
    trips = ROUND_TRIPS[size]
    good = sum(is_kept(rng) for _ in range(trips))
    yield Result(SECTION, "round trips of random shapes, types and bytes", of(good, trips), "all", good == trips)


def attack(part: int) -> Tally:
    """Read PART mutations; ``part`` is the seed."""
    rng = random.Random(part)
    artifacts = [small() for small in SMALL.values()]
    blobs = [artifact_bytes(*artifact) for artifact in artifacts]
    refused, same, escapes = 0, 0, []
    with tempfile.TemporaryDirectory(dir=ram_folder()) as folder:
        path = Path(folder) / "mutated.npz"
        for _ in range(PART):
            number = rng.randrange(len(artifacts))
            mutate = rng.choice((mutated_member, mutated_member, mutated_metadata, mutated_file))
            blob = mutate(rng, *artifacts[number], blobs)
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
                if artifact_bytes(read.meta, read.arrays) == blob:
                    same += 1
                else:
                    escapes.append("read as something else")
    return refused, same, escapes


def mutated_file(rng: random.Random, meta: store.Meta, arrays: Arrays, others: list[bytes]) -> bytes:
    """Return the file mutated; checksums are not repaired."""
    return mutated(rng, artifact_bytes(meta, arrays), others)


def mutated_member(rng: random.Random, meta: store.Meta, arrays: Arrays, others: list[bytes]) -> bytes:
    """Return a valid archive in which one member is mutated in its name or content, missing, or repeated."""
    members = as_members({**arrays, "__meta__": np.frombuffer(to_json(meta), np.uint8)})
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


def mutated_metadata(rng: random.Random, meta: store.Meta, arrays: Arrays, others: list[bytes]) -> bytes:
    """Return a valid archive with mutated metadata, in the form that nn writes if it is still JSON."""
    text = mutated(rng, to_json(meta), others)
    with suppress(ValueError, RecursionError):
        text = to_json(json.loads(text))
    return with_metadata(text, arrays)


def is_kept(rng: np.random.Generator) -> bool:
    """Return whether random arrays, empty and 0-dimensional ones among them, are read as they were written."""
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
