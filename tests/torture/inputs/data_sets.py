"""Data sets in the formats of others (IDX, gzip, Keras archives), and forged ones."""

import gzip
import struct
import zlib
from collections.abc import Iterator

import numpy as np

from nndigits.stages.datasets import idx
from nndigits.stages.datasets.loaders import KERAS
from nndigits.stages.datasets.registry import MNIST
from torture.hostile.case import Case, case
from torture.hostile.forge import array_npy, deflated, end_record, member, npy, npy_header, zipped

IMAGES = np.arange(6 * 5 * 4, dtype=np.uint8).reshape(6, 5, 4)
LABELS = np.arange(6, dtype=np.uint8)


def gz(data: bytes) -> bytes:
    """Compress with gzip, without a time stamp."""
    return gzip.compress(data, mtime=0)


def idx_bytes(array: np.ndarray) -> bytes:
    """Return an IDX file."""
    return idx.header(array.shape) + array.tobytes()


def small_set() -> dict[str, bytes]:
    """Return the four files of a data set, two of them gzipped."""
    images, labels = idx_bytes(IMAGES), idx_bytes(LABELS)
    names = [name + (".gz" if number > 1 else "") for number, name in enumerate(MNIST.file_names.values())]
    return dict(zip(names, (images, labels, gz(images), gz(labels)), strict=True))


def keras_members() -> dict[str, bytes]:
    """Return the ``.npy`` files of a small Keras archive, by name."""
    return {
        f"{name}.npy": array_npy(name, IMAGES if key.endswith("images") else LABELS, 0) for key, name in KERAS.items()
    }


def small_keras() -> bytes:
    """Return a small Keras archive, compressed as NumPy does it."""
    return zipped([deflated(name, content) for name, content in keras_members().items()])


def data_set_cases() -> Iterator[Case]:
    """Yield files that `nn fetch` must refuse as training images or as an archive."""
    images = idx_bytes(IMAGES)
    for name, reason, blob in (
        ("empty", "too few", b""),
        ("half a header", "too few", images[:9]),
        ("no last byte", "should have 136 bytes", images[:-1]),
        ("a byte more", "has more", images + b"x"),
        ("labels", "magic number 2049", idx_bytes(np.arange(99, dtype=np.uint8))),
        ("signed bytes", "magic number", b"\0\0\x09\x03" + images[4:]),
        ("floats", "magic number", b"\0\0\x0d\x03" + images[4:]),
        ("the magic number the other way round", "magic number", images[3::-1] + images[4:]),
        ("no items", "holds nothing", struct.pack(">4I", 2051, 0, 28, 28)),
        ("no rows", "holds nothing", struct.pack(">4I", 2051, 2**32 - 1, 0, 28)),
        ("2^32 items", "more than is read", struct.pack(">4I", 2051, 2**32 - 1, 28, 28)),
        ("2^96 bytes", "more than is read", struct.pack(">4I", 2051, *[2**32 - 1] * 3)),
        ("long rows", "more than is read", struct.pack(">4I", 2051, 1, 1, 4097)),
        ("one item more than there is", "should have 156 bytes", struct.pack(">4I", 2051, 7, 5, 4) + images[16:]),
        ("html", "magic number", b"<!DOCTYPE html><html>Log in</html>"),
        ("a pickle", "magic number", b"\x80\x04\x95" + bytes(20)),
        ("gzip: nothing in it", "too few", gz(b"")),
        ("gzip: the magic alone", "too few", idx.GZIP),
        ("gzip: cut off", "cut off|should have", gz(images)[:-9]),
        ("gzip: no last byte", "cut off", gz(images)[:-1]),
        ("gzip: a wrong checksum", "incorrect data check", gz(images)[:-8] + bytes(8)),
        ("gzip: a wrong length", "incorrect length check", gz(images)[:-1] + b"\x01"),
        ("gzip: another method", "damaged gzip", b"\x1f\x8b\x07" + gz(images)[3:]),
        ("gzip: junk behind", "4 bytes behind", gz(images) + b"junk"),
        ("gzip: zeros behind", "9 bytes behind", gz(images) + bytes(9)),
        ("gzip: twice", "behind its end", gz(images) * 2),
        ("gzip: in gzip", "magic number|too few", gz(gz(images))),
        ("gzip: zlib inside", "magic number", zlib.compress(images)),
        ("gzip: more than its header", "has more", gz(images + bytes(10**7))),
        ("gzip: a byte more, dense", "has more", gz(idx.header((20_000, 32, 32)) + bytes(20_000 * 1024 + 1))),
        ("gzip: claims 3.9 GB", "would unpack", gz(struct.pack(">4I", 2051, 10**6, 990, 4))),
    ):
        yield case(f"idx: {name}", reason, blob)
    four = 4 * 2**30 - 2**20
    yield Case(
        "idx: gzip of 4 GiB, its header honest", "more than is read", lambda: bomb(four, honest=True), heavy=True
    )
    yield Case("idx: gzip of 4 GiB", "has more", lambda: bomb(four, honest=False), heavy=True)
    yield from keras_cases()


def bomb(size: int, *, honest: bool) -> bytes:
    """Return ``size`` gzipped zeros after an IDX header, which gives the right shape or a small one."""
    sides = (size // 2**20, 1024, 1024) if honest else (1, 28, 28)
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(struct.pack(">4I", 2051, *sides)) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + piece * (size // 2**20) + packer.flush()


def keras_cases() -> Iterator[Case]:
    """Yield Keras archives that are damaged or forged."""
    good = small_keras()
    packed = [deflated(f"{name}.npy", array_npy(name, IMAGES, 0)) for name in KERAS.values()]
    huge = deflated("x_train.npy", b"x", size=2**32 - 1)
    for name, reason, blob in (
        ("empty", "is empty", b""),
        ("html", "begins with", b"<html>"),
        ("half of it", "no directory|cut off", good[: len(good) // 2]),
        ("no last byte", "no directory|cut off", good[:-1]),
        ("an array missing", "has no array x_test", zipped(packed[:2])),
        ("an array twice", "twice", zipped([*packed, packed[0]])),
        ("encrypted", "encrypted", zipped([deflated("x_train.npy", b"", flags=1)])),
        ("method 97", "method 97", zipped([member("x_train.npy", b"", method=97)])),
        ("lzma", "method 14", zipped([member("x_train.npy", b"", method=14)])),
        ("a wrong checksum", "checksum", zipped([*packed[1:], deflated("x_train.npy", b"x", crc=1)])),
        ("a damaged stream", "damaged", zipped([*packed[1:], member("x_train.npy", b"\xff" * 9, method=8, size=9)])),
        ("an offset beyond its end", "where its directory says", zipped(packed, offsets=[2**32 - 1] * 4)),
        ("65,535 entries", "directory", zipped(packed, end={"count": 65_535})),
        ("a directory beyond its end", "directory", zipped(packed, end={"offset": 2**32 - 1})),
        ("a damaged directory", "a damaged directory", good.replace(b"PK\x01\x02", b"PK\x01\x03")),
        ("objects", "another form", keras_of(npy(npy_header("|O", "(1,)"), bytes(8)))),
        ("floats", "should hold bytes", keras_of(npy(npy_header("<f8", "(1,)"), bytes(8)))),
        (
            "an impossible shape",
            "be that of its shape",
            keras_of(npy(npy_header("|u1", "(0, 9999999999, 9999999999)"))),
        ),
        ("claims 4 GiB", "be that of its shape", keras_of(npy(npy_header("|u1", "(4294967295,)"), b"x"))),
        ("a length that begins with 0", "another form", keras_of(npy(npy_header("|u1", "(06,)"), bytes(6)))),
        ("a shape that is none", "another form", keras_of(npy(npy_header("|u1", "(6)"), bytes(6)))),
        ("a pickle in it", "format", keras_of(b"\x80\x04K\x01.")),
        ("claims to unfold to 4 GiB", "would unpack", zipped([*packed[1:], huge])),
    ):
        yield case(f"keras: {name}", reason, blob)
    one = zipped(packed[:1])
    at = one.index(b"PK\x01\x02")
    many = one[:at] + one[at : at + 57] * 1_900_000 + end_record(65_535, 0, at)
    yield Case("keras: 1,900,000 entries", "directory", lambda: many, heavy=True)


def keras_of(content: bytes) -> bytes:
    """Return a Keras archive with this content as its first array."""
    return zipped(
        [member("x_train.npy", content), *(member(f"{name}.npy", b"") for name in ("y_train", "x_test", "y_test"))]
    )
