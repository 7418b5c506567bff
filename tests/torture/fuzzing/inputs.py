"""Random mutations of data sets, pictures and networks of other programs: refused, or read as what they hold."""

import gzip
import io
import random
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from nndigits.stages.classifiers import pictures
from nndigits.stages.datasets import idx, keras
from nndigits.stages.datasets.loaders import KERAS
from nndigits.stages.exchange.import_network import Preparation, import_network
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.npz import FormatError
from torture.fuzzing.mutate import mutated
from torture.harness.folders import ram_folder
from torture.harness.parallel import map_in_processes
from torture.harness.results import Result, Size
from torture.hostile.forge import deflated, member, zipped
from torture.inputs import networks
from torture.inputs.data_sets import keras_members, small_keras, small_set
from torture.inputs.pictures import SIGNATURE, chunk, small_pictures

SECTION = "F"
MUTATIONS = {"gate": 20_000, "long": 1_000_000}
PART = 5_000
MEGABYTES = 150

Tally = tuple[int, int, list[str], float]
"""The number refused, the number read, all other outcomes, and the peak memory in MB."""


def results(size: Size) -> Iterator[Result]:
    """One result for the outcomes and one for the memory, for each format."""
    parts = range(MUTATIONS[size] // PART)
    for format_, attack in {
        "IDX files": idx_files,
        "IDX inside gzip": idx_in_gzip,
        "Keras archives": keras_archives,
        "pictures of 16 formats": picture_files,
        "safetensors files": safetensors_files,
        "networks of the book": book_files,
    }.items():
        tallies = map_in_processes(attack, parts)
        refused, taken = (sum(tally[number] for tally in tallies) for number in (0, 1))
        escapes = sorted({escape for tally in tallies for escape in tally[2]})
        peak = max(tally[3] for tally in tallies)
        for escape in escapes[:5]:
            print("   ", escape)
        what = f"{MUTATIONS[size]:,} mutations of {format_}"
        found = f"{refused:,} refused, {taken:,} read, {len(escapes)} escapes"
        yield Result(SECTION, what, found, "0 escapes", not escapes)
        yield Result(SECTION, f"{what}: memory", f"{peak:.0f} MB", f"<= {MEGABYTES} MB", peak <= MEGABYTES)


def idx_files(part: int) -> Tally:
    """Mutate IDX files, gzipped and not."""
    return tallied(part, lambda rng, blob: mutated(rng, blob, SETS), read_idx)


def idx_in_gzip(part: int) -> Tally:
    """Mutate IDX files, and gzip them."""

    def change(rng: random.Random, blob: bytes) -> bytes:
        content = gzip.decompress(blob) if blob[:2] == idx.GZIP else blob
        return gzip.compress(mutated(rng, content, SETS), 1, mtime=0)

    return tallied(part, change, read_idx)


def keras_archives(part: int) -> Tally:
    """Mutate Keras archives: the file, or one array before it is packed."""

    def change(rng: random.Random, _: bytes) -> bytes:
        if rng.random() < 0.3:
            return mutated(rng, small_keras(), SETS)
        members = keras_members()
        chosen = rng.choice(list(members))
        members[chosen] = mutated(rng, members[chosen])
        packings = [rng.choice((deflated, member)) for _ in members]
        return zipped([pack(name, blob) for pack, (name, blob) in zip(packings, members.items(), strict=True)])

    return tallied(part, change, read_keras)


def picture_files(part: int) -> Tally:
    """Mutate pictures of every format."""
    kinds = list(small_pictures().values())
    with tempfile.TemporaryDirectory(dir=ram_folder()) as folder:
        path = Path(folder) / "picture"

        def read(blob: bytes) -> None:
            path.write_bytes(blob)
            grey = pictures.load(path)
            assert grey.dtype == np.uint8
            assert grey.ndim == 2

        return tallied(part, lambda rng, _: mutated_picture(rng, rng.choice(kinds), kinds), read)


def safetensors_files(part: int) -> Tally:
    """Mutate safetensors files: of PyTorch's names, and as `nn export` writes them."""
    return imported(part, "net.safetensors", [networks.tensors(), networks.exported("weights")])


def book_files(part: int) -> Tally:
    """Mutate networks of the book's code."""
    return imported(part, "net.json", [networks.book(), networks.book(cost="CrossEntropyCost")])


def imported(part: int, name: str, good: list[bytes]) -> Tally:
    """Import mutations of good files under a name that says their format; what is read is a valid artifact."""
    with tempfile.TemporaryDirectory(dir=ram_folder()) as folder:
        path, out = Path(folder) / name, Path(folder) / "new.npz"

        def read(blob: bytes) -> None:
            path.write_bytes(blob)
            needs_layers = path.suffix == ".safetensors" and b'"nn"' not in blob
            try:
                import_network(path, out, Preparation(networks.LAYERS, (2, 2)) if needs_layers else None)
            except UsageError as error:  # after the damage, the file needs layers, or needs them no more
                raise InputError(error.message(str)) from None
            artifacts.load(out, "weights")

        return tallied(part, lambda rng, _: mutated(rng, rng.choice(good), good), read)


def mutated_picture(rng: random.Random, blob: bytes, others: list[bytes]) -> bytes:
    """Return a mutated picture; in a PNG, three of four mutations are inside a chunk with a repaired checksum."""
    if not blob.startswith(SIGNATURE) or rng.random() < 0.25:
        return mutated(rng, blob, others)
    chunks, at = [], len(SIGNATURE)
    while at < len(blob):
        length = int.from_bytes(blob[at : at + 4], "big")
        chunks.append((blob[at + 4 : at + 8], blob[at + 8 : at + 8 + length]))
        at += 12 + length
    number = rng.randrange(len(chunks))
    kind, data = chunks[number]
    if kind == b"IDAT" and rng.random() < 0.5:
        data = zlib.compress(mutated(rng, zlib.decompress(data), others))
    else:
        data = mutated(rng, data, others)
    chunks[number] = (kind, data)
    return SIGNATURE + b"".join(chunk(*one) for one in chunks)


SETS = list(small_set().values())


def tallied(part: int, change: Callable[[random.Random, bytes], bytes], read: Callable[[bytes], None]) -> Tally:
    """Read PART mutations; ``part`` is the seed."""
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
    """Read images; they are what the file holds, to the byte."""
    array = idx.parse(idx.unpack(blob, idx.IMAGES), idx.IMAGES)
    content = gzip.decompress(blob) if blob[:2] == idx.GZIP else blob
    assert idx.header(array.shape) + array.tobytes() == content


def read_keras(blob: bytes) -> None:
    """Read an archive; its arrays are those that NumPy reads, which refuses versions and names that nn ignores."""
    ours = keras.arrays(blob, KERAS)
    with suppress(NotImplementedError), np.load(io.BytesIO(blob), allow_pickle=False) as theirs:
        for key, name in KERAS.items():
            assert np.array_equal(ours[key], theirs[name])


def peak() -> float:
    """Return the peak memory of this process, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
