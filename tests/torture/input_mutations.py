"""Random mutations of files that nn did not write: refused, or read as exactly what they hold."""

import gzip
import io
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from nn.stages.classifiers import pictures
from nn.stages.datasets import idx, keras
from nn.stages.datasets.loaders import KERAS
from nn.stages.store.errors import InputError
from nn.stages.store.npz import FormatError
from torture.door import memory, on_every_processor
from torture.figures import Figure, Size
from torture.foreign import small_keras, small_sets
from torture.mutate import mutated
from torture.pictures import mutated_picture, small_pictures

SECTION = "F"
MUTATIONS = {"gate": 20_000, "long": 1_000_000}
PART = 5_000
MEGABYTES = 150

Tally = tuple[int, int, list[str], float]
"""How many were refused, how many taken, what else happened, and the peak memory in MB."""


def figures(size: Size) -> Iterator[Figure]:
    """A figure of what happened, and one of the memory, for each sort of file."""
    parts = range(MUTATIONS[size] // PART)
    for sort, attack in {
        "IDX, as it lies there": outer,
        "IDX, inside its gzip": inner,
        "a Keras-style archive": archive,
        "pictures of 16 sorts": picture,
    }.items():
        tallies = on_every_processor(attack, parts)
        refused, taken = (sum(tally[number] for tally in tallies) for number in (0, 1))
        escapes = sorted({escape for tally in tallies for escape in tally[2]})
        peak = max(tally[3] for tally in tallies)
        for escape in escapes[:5]:
            print("   ", escape)
        what = f"{MUTATIONS[size]:,} mutations of {sort}"
        found = f"{refused:,} refused, {taken:,} taken, {len(escapes)} escapes"
        yield Figure(SECTION, what, found, "0 escapes", not escapes)
        yield Figure(SECTION, f"{what}: memory", f"{peak:.0f} MB", f"<= {MEGABYTES} MB", peak <= MEGABYTES)


def outer(part: int) -> Tally:
    """IDX files, gzipped and not, mutated."""
    return tallied(part, lambda rng, blob: mutated(rng, blob, SETS), read_idx)


def inner(part: int) -> Tally:
    """Mutated IDX files, gzipped again."""

    def change(rng: random.Random, blob: bytes) -> bytes:
        content = gzip.decompress(blob) if blob[:2] == idx.GZIP else blob
        return gzip.compress(mutated(rng, content, SETS), 1, mtime=0)

    return tallied(part, change, read_idx)


def archive(part: int) -> Tally:
    """Keras-style archives, mutated as they are, or in an array that is packed again."""

    def change(rng: random.Random, _: bytes) -> bytes:
        return small_keras(rng) if rng.random() < 0.7 else mutated(rng, small_keras(None), SETS)

    return tallied(part, change, read_keras)


def picture(part: int) -> Tally:
    """Pictures of every sort, mutated."""
    kinds = list(small_pictures().values())
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        path = Path(folder) / "picture"

        def read(blob: bytes) -> None:
            path.write_bytes(blob)
            grey = pictures.load(path)
            assert grey.dtype == np.uint8
            assert grey.ndim == 2

        return tallied(part, lambda rng, _: mutated_picture(rng, rng.choice(kinds), kinds), read)


SETS = list(small_sets().values())


def tallied(part: int, change: Callable[[random.Random, bytes], bytes], read: Callable[[bytes], None]) -> Tally:
    """PART mutations, each read."""
    rng = random.Random(part)
    refused, taken, escapes = 0, 0, []
    for _ in range(PART):
        blob = change(rng, rng.choice(SETS))
        try:
            read(blob)
            taken += 1
        except (idx.IdxError, FormatError, InputError) as error:
            refused += 1
            if "\n" in str(error):
                escapes.append(f"more than one line: {error}"[:80])
        except Exception as error:
            escapes.append(f"{type(error).__name__}: {error}"[:80])
    return refused, taken, escapes, peak()


def read_idx(blob: bytes) -> None:
    """Read it as images; what is taken is what the file holds, to the byte."""
    array = idx.parse(idx.unpack(blob, idx.IMAGES), idx.IMAGES)
    content = gzip.decompress(blob) if blob[:2] == idx.GZIP else blob
    assert idx.header(array.shape) + array.tobytes() == content


def read_keras(blob: bytes) -> None:
    """Read it; what is taken is what NumPy finds, which refuses versions and names that nn passes over."""
    ours = keras.arrays(blob, KERAS)
    with suppress(NotImplementedError), np.load(io.BytesIO(blob), allow_pickle=False) as theirs:
        for key, name in KERAS.items():
            assert np.array_equal(ours[key], theirs[name])


def peak() -> float:
    """The most memory that this process has had, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
