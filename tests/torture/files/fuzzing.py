"""Damage files at every position and at random: they are refused, or read as exactly what they hold.

One loop with a seed reads mutations of every kind of file. Plain loops, because the gate makes 45,000 mutations:
Hypothesis makes 180 examples a second where these make 880.
"""

import gzip
import io
import json
import random
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from small import SMALL, SMALL_FIGURES

from nndigits.stages.datasets import idx, numpy_archives
from nndigits.stages.datasets.loaders import KERAS
from nndigits.stages.exchange.import_network import Preparation, import_network
from nndigits.stages.own_images import pictures
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.npz import FormatError, decode
from nndigits.stages.store.result_files import load_document, load_rows
from torture.files import networks
from torture.files.data_sets import keras_members, small_keras, small_set
from torture.files.forge import (
    artifact_bytes,
    as_members,
    deflated,
    member,
    small_artifact,
    to_json,
    with_metadata,
    zipped,
)
from torture.files.pictures import SIGNATURE, chunk, small_pictures
from torture.harness.folders import ram_folder
from torture.harness.results import Result, Size, all_of, at_most
from torture.harness.run import map_in_processes

SECTION = "A"
PART = 5_000
ARTIFACTS = {"gate": 20_000, "long": 10_000_000}
OTHERS = {"gate": 5_000, "long": 1_000_000}
EVERY = {"gate": 4, "long": 1}
"""In the gate, every n-th of the damages at one position."""

MEGABYTES = 150
Change = Callable[[random.Random], bytes]
"""Returns a mutated file."""

Read = Callable[[bytes], None]
"""Reads a file; what it reads is what the file holds."""

Tally = tuple[int, int, list[str], float]
"""The number refused, the number read, all other outcomes, and the peak memory in MB."""


def results(size: Size) -> Iterator[Result]:
    """Damage at every position, then mutations of each format."""
    for name, (total, refused) in zip(
        (*SMALL, *SMALL_FIGURES), map_in_processes(partial(damage, EVERY[size]), (*SMALL, *SMALL_FIGURES)), strict=True
    ):
        yield all_of(SECTION, f"bit flips, cuts, deletions, insertions at every position: {name}", refused, total)
    for name in TARGETS:
        count = (ARTIFACTS if name == "artifacts" else OTHERS)[size]
        tallies = map_in_processes(partial(attack, name), range(count // PART))
        refused, taken = (sum(tally[number] for tally in tallies) for number in (0, 1))
        escapes = sorted({escape for tally in tallies for escape in tally[2]})
        for escape in escapes[:5]:
            print("    ", escape)
        found = f"{refused:,} refused, {taken:,} read, {len(escapes)} escapes"
        yield Result(SECTION, f"{count:,} mutations of {name}", found, "0 escapes", not escapes)
        yield at_most(SECTION, f"{count:,} mutations of {name}: memory", max(t[3] for t in tallies), "MB", MEGABYTES)


def damage(every: int, name: str) -> tuple[int, int]:
    """Damage a small file at every position; return the number of damages, and how many are refused."""
    with tempfile.TemporaryDirectory(dir=ram_folder()) as folder:
        path = Path(folder) / name
        if name in SMALL:
            refused = [is_refused(decode, blob) for blob in islice(damages(small_artifact(name)), 0, None, every)]
        else:
            SMALL_FIGURES[name](path)
            whole = path.read_bytes()
            assert not is_refused(figures_reader(path), whole)
            refused = [is_refused(figures_reader(path), blob) for blob in islice(text_damages(whole), 0, None, every)]
    return len(refused), sum(refused)


def damages(blob: bytes) -> Iterator[bytes]:
    """Yield every damage at one position: each bit flip, truncation, deleted and inserted byte."""
    for at in range(len(blob)):
        yield blob[:at]
        yield blob[:at] + blob[at + 1 :]
        for bit in range(8):
            yield blob[:at] + bytes([blob[at] ^ 1 << bit]) + blob[at + 1 :]
    for at in range(len(blob) + 1):
        yield blob[:at] + b"\x00" + blob[at:] if blob[at : at + 1] != b"\x00" else blob[:at] + b"\x01" + blob[at:]


def text_damages(blob: bytes) -> Iterator[bytes]:
    """Yield the same, and inserted bytes that JSON or CSV may ignore, or that make another number."""
    yield from damages(blob)
    for at in range(len(blob) + 1):
        yield from (blob[:at] + byte + blob[at:] for byte in (b" ", b"\n", b"\r", b"0", b"1", b'"', b","))


def figures_reader(path: Path) -> Read:
    """Return what reads figures from a path."""

    def read(blob: bytes) -> None:
        path.write_bytes(blob)
        load_rows(path) if path.suffix == ".csv" else load_document(path)

    return read


def is_refused(read: Callable[[bytes], object], blob: bytes) -> bool:
    """Return whether a file is refused; any other exception ends the attack."""
    try:
        read(blob)
    except (FormatError, InputError):
        return True
    return False


def attack(name: str, part: int) -> Tally:
    """Read PART mutations of a kind of file; ``part`` is the seed."""
    rng = random.Random(part)
    refused, taken, escapes = 0, 0, []
    with tempfile.TemporaryDirectory(dir=ram_folder()) as folder:
        change, read = TARGETS[name](Path(folder))
        for _ in range(PART):
            blob = change(rng)
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


def artifact_files(folder: Path) -> tuple[Change, Read]:
    """Mutate a file, one member before it is packed, or the metadata; checksums are repaired in three of four."""
    small = [make() for make in SMALL.values()]
    blobs = [artifact_bytes(*one) for one in small]

    def change(rng: random.Random) -> bytes:
        meta, arrays = rng.choice(small)
        match rng.randrange(4):
            case 0:
                return mutated(rng, artifact_bytes(meta, arrays), blobs)
            case 1:
                text = mutated(rng, to_json(meta), blobs)
                with suppress(ValueError, RecursionError):
                    text = to_json(json.loads(text))  # in the form that nn writes
                return with_metadata(text, arrays)
        members = as_members({**arrays, "__meta__": np.frombuffer(to_json(meta), np.uint8)})
        at = rng.randrange(len(members))
        match rng.randrange(10):
            case 0:
                members.pop(at)
            case 1:
                members.insert(rng.randrange(len(members)), members[at])
            case 2:
                members[at] = replace(members[at], name=mutated(rng, members[at].name, blobs)[:60_000])
            case _:
                members[at] = member(members[at].name, mutated(rng, members[at].content, blobs))
        return zipped(members)

    def read(blob: bytes) -> None:
        (folder / "mutated.npz").write_bytes(blob)
        loaded = artifacts.load(folder / "mutated.npz")
        assert artifact_bytes(loaded.meta, loaded.arrays) == blob, "read as something else"

    return change, read


def idx_files(_: Path) -> tuple[Change, Read]:
    """Mutate IDX files, before or after they are gzipped; images are what the file holds, to the byte."""
    sets = list(small_set().values())

    def change(rng: random.Random) -> bytes:
        blob = rng.choice(sets)
        if rng.random() < 0.5:
            return mutated(rng, blob, sets)
        content = gzip.decompress(blob) if blob[:2] == idx.GZIP else blob
        return gzip.compress(mutated(rng, content, sets), 1, mtime=0)

    def read(blob: bytes) -> None:
        array = idx.parse(idx.unpack(blob, idx.IMAGES), idx.IMAGES)
        content = gzip.decompress(blob) if blob[:2] == idx.GZIP else blob
        assert idx.header(array.shape) + array.tobytes() == content

    return change, read


def keras_archives(_: Path) -> tuple[Change, Read]:
    """Mutate the file, or one array before it is packed; arrays are those that NumPy reads, or refuses."""

    def change(rng: random.Random) -> bytes:
        if rng.random() < 0.3:
            return mutated(rng, small_keras(), list(small_set().values()))
        members = keras_members()
        chosen = rng.choice(list(members))
        members[chosen] = mutated(rng, members[chosen])
        return zipped([rng.choice((deflated, member))(name, blob) for name, blob in members.items()])

    def read(blob: bytes) -> None:
        ours = numpy_archives.arrays(blob, KERAS)
        with suppress(NotImplementedError), np.load(io.BytesIO(blob), allow_pickle=False) as theirs:
            for key, name in KERAS.items():
                assert np.array_equal(ours[key], theirs[name])

    return change, read


def picture_files(folder: Path) -> tuple[Change, Read]:
    """Mutate pictures; in a PNG, three of four mutations are inside a chunk with a repaired checksum."""
    kinds = list(small_pictures().values())

    def change(rng: random.Random) -> bytes:
        blob = rng.choice(kinds)
        if not blob.startswith(SIGNATURE) or rng.random() < 0.25:
            return mutated(rng, blob, kinds)
        chunks, at = [], len(SIGNATURE)
        while at < len(blob):
            length = int.from_bytes(blob[at : at + 4], "big")
            chunks.append((blob[at + 4 : at + 8], blob[at + 8 : at + 8 + length]))
            at += 12 + length
        number = rng.randrange(len(chunks))
        kind, data = chunks[number]
        if kind == b"IDAT" and rng.random() < 0.5:
            data = zlib.compress(mutated(rng, zlib.decompress(data), kinds))
        else:
            data = mutated(rng, data, kinds)
        chunks[number] = (kind, data)
        return SIGNATURE + b"".join(chunk(*one) for one in chunks)

    def read(blob: bytes) -> None:
        (folder / "picture").write_bytes(blob)
        grey = pictures.load(folder / "picture")
        assert (grey.dtype, grey.ndim) == (np.uint8, 2)

    return change, read


def imported(name: str, good: list[bytes], folder: Path) -> tuple[Change, Read]:
    """Import mutated networks under a name that says their format; what is read is a valid artifact."""
    path, out = folder / name, folder / "new.npz"

    def read(blob: bytes) -> None:
        path.write_bytes(blob)
        needs_layers = path.suffix == ".safetensors" and b'"nn"' not in blob
        try:
            import_network(path, out, Preparation(networks.LAYERS, (2, 2)) if needs_layers else None)
        except UsageError as error:  # after the damage, the file needs layers, or needs them no more
            raise InputError(error.message(str)) from None
        artifacts.load(out, "weights")

    return lambda rng: mutated(rng, rng.choice(good), good), read


TARGETS: dict[str, Callable[[Path], tuple[Change, Read]]] = {
    "artifacts": artifact_files,
    "IDX files": idx_files,
    "Keras archives": keras_archives,
    "pictures of 16 formats": picture_files,
    "safetensors files": partial(imported, "net.safetensors", [networks.tensors(), networks.exported("weights")]),
    "networks of the book": partial(imported, "net.json", [networks.book(), networks.book(cost="CrossEntropyCost")]),
}


def peak() -> float:
    """Return the peak memory of this process, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6


BOUNDARIES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
TEXTS = (b"", b"-1", b"0", b"1", b"2", b"1e999", b"99999999999", b"null", b"true", b"[]", b"{}", b'"x"', b"NaN", b"'")


def mutated(rng: random.Random, blob: bytes, others: Sequence[bytes] = (b"",)) -> bytes:
    """Return the bytes with one to three mutations; ``others`` are files to splice pieces from."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        blob = mutated_once(rng, blob, rng.choice(others))
    return blob


def mutated_once(rng: random.Random, blob: bytes, other: bytes) -> bytes:
    """Return the bytes with what happens in transmission, or what an attacker does to numbers in a file."""
    at = rng.randrange(len(blob) or 1)
    match rng.randrange(8):
        case 0:  # flip a bit
            return blob[:at] + bytes(byte ^ 1 << rng.randrange(8) for byte in blob[at : at + 1]) + blob[at + 1 :]
        case 1:  # replace a byte
            return blob[:at] + bytes([rng.randrange(256)]) + blob[at + 1 :]
        case 2:  # overwrite a number with a boundary value, in either byte order
            length = rng.choice((1, 2, 4))
            number = rng.choice(BOUNDARIES) % 256**length
            return blob[:at] + number.to_bytes(length, rng.choice(("little", "big"))) + blob[at + length :]
        case 3:  # replace a number in text
            found = list(re.finditer(rb"-?\d+(\.\d+)?", blob))
            one = rng.choice(found) if found else re.match(b"", blob)
            return blob[: one.start()] + (rng.choice(TEXTS) if found else b"") + blob[one.end() :]
        case 4:  # cut
            return blob[:at] + blob[at + rng.choice((1, 2, 8, 64, len(blob))) :]
        case 5:  # repeat
            length = rng.choice((1, 2, 8, 64))
            return blob[: at + length] + blob[at : at + length] + blob[at + length :]
        case 6:  # insert
            return blob[:at] + rng.randbytes(rng.choice((1, 2, 4, 16))) + blob[at:]
    start, length = rng.randrange(len(other) or 1), rng.choice((4, 16, 64, 256))  # a piece of another file
    return blob[:at] + other[start : start + length] + blob[at + length :]
