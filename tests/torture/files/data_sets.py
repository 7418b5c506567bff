"""Forged data sets in the formats of others: IDX, gzip, Keras archives, EMNIST's, folders of pictures, drawings."""

import base64
import gzip
import io
import json
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from nndigits.stages.datasets import idx, own_drawings
from nndigits.stages.datasets.loaders import KERAS
from nndigits.stages.datasets.registry import EMNIST, MNIST
from torture.files.forge import Case, array_npy, case, deflated, end_record, member, npy, npy_header, zipped

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
        ("no last byte", "should have 136 bytes", images[:-1]),
        ("labels", "magic number 2049", idx_bytes(np.arange(99, dtype=np.uint8))),
        ("no items", "holds nothing", struct.pack(">4I", 2051, 0, 28, 28)),
        ("2^96 bytes", "more than is read", struct.pack(">4I", 2051, *[2**32 - 1] * 3)),
        ("one item more than there is", "should have 156 bytes", struct.pack(">4I", 2051, 7, 5, 4) + images[16:]),
        ("gzip: cut off", "cut off|should have", gz(images)[:-9]),
        ("gzip: a wrong checksum", "incorrect data check", gz(images)[:-8] + bytes(8)),
        ("gzip: junk behind", "4 bytes behind", gz(images) + b"junk"),
        ("gzip: more than its header", "has more", gz(images + bytes(10**6))),
        ("gzip: a byte more, dense", "has more", gz(idx.header((16_000, 32, 32)) + bytes(16_000 * 1024 + 1))),
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
        ("half of it", "no directory|cut off", good[: len(good) // 2]),
        ("an array missing", "has no array x_test", zipped(packed[:2])),
        ("encrypted", "encrypted", zipped([deflated("x_train.npy", b"", flags=1)])),
        ("a wrong checksum", "checksum", zipped([*packed[1:], deflated("x_train.npy", b"x", crc=1)])),
        ("a damaged stream", "damaged", zipped([*packed[1:], member("x_train.npy", b"\xff" * 9, method=8, size=9)])),
        ("an offset beyond its end", "where its directory says", zipped(packed, offsets=[2**32 - 1] * 4)),
        ("a damaged directory", "a damaged directory", good.replace(b"PK\x01\x02", b"PK\x01\x03")),
        ("objects", "another form", keras_of(npy(npy_header("|O", "(1,)"), bytes(8)))),
        (
            "an impossible shape",
            "be that of its shape",
            keras_of(npy(npy_header("|u1", "(0, 9999999999, 9999999999)"))),
        ),
        ("claims 4 GiB", "be that of its shape", keras_of(npy(npy_header("|u1", "(4294967295,)"), b"x"))),
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


NAMES = [f"gzip/{name}.gz" for name in EMNIST[0].file_names.values()]
Make = Callable[[Path], object]


def _fill(folder: Path, count: int = 8) -> None:
    """Write pictures with a bar on them."""
    folder.mkdir(parents=True)
    for number in range(count):
        grey = np.full((30, 20), 255, np.uint8)
        grey[4:26, 5 + number % 8 : 9 + number % 8] = 0
        Image.fromarray(grey).save(folder / f"{number}.png")


def _two(second: str | bytes, count: int = 8, change: Callable[[Path], object] | None = None) -> Make:
    """Return what writes two classes, and changes each picture of the second one."""

    def make(folder: Path) -> None:
        other = folder / os.fsdecode(second)
        _fill(folder / "apple")
        _fill(other, count)
        for path in sorted(other.iterdir()) if change else ():
            change(path)

    return make


def _link(target: str) -> Callable[[Path], object]:
    def change(path: Path) -> None:
        path.unlink()
        path.symlink_to(target or path.name)

    return change


def _named(names: list[str]) -> Make:
    return lambda folder: [(folder / name).mkdir(parents=True) for name in names]


def _alike(folder: Path) -> None:
    for length in (41, 42):
        _fill(folder / ("x" * length))


def folders() -> Iterator[tuple[str, str, Make]]:
    """Yield folders that `nn fetch --images` must refuse: the name, the reason, and what makes the folder."""
    yield "empty", "0 folders", Path.mkdir
    yield "one class", r"1 folder \(apple\)", lambda folder: _fill(folder / "apple")
    yield "an empty class", "0 of the pictures of pear", _two("pear", 0)
    yield "a pipe", "is not a folder", os.mkfifo
    yield "names that begin alike", "are the same or blank", _alike
    yield "257 classes", "at most 256 classes", _named([str(number) for number in range(257)])
    yield "long names", "4,096 characters together", _named([f"{number:04}{'x' * 36}" for number in range(110)])
    damage = lambda path: path.write_bytes(path.read_bytes()[:60])  # noqa: E731
    yield "damaged, escape codes", r"pictures of \\x1b\[31m\\n can be used", _two("\x1b[31m\n", 8, damage)
    yield "links to a device, not UTF-8", r"pictures of caf\\xe9 can be used", _two(b"caf\xe9", 8, _link("/dev/zero"))


def archive_cases() -> Iterator[Case]:
    """Yield archives that `nn fetch --from` must refuse as EMNIST, and archives of NumPy without a good label."""
    files = [gz(idx_bytes(LABELS if "labels" in name else IMAGES)) for name in NAMES]
    good = [deflated(name, content) for name, content in zip(NAMES, files, strict=True)]
    huge = deflated(NAMES[0], b"x", size=2**32 - 1)
    for name, reason, blob in (
        ("half of it", "no directory|cut off", zipped(good)[:200]),
        ("other content", "is not EMNIST Digits", zipped(good)),
        ("a file that is no gzip", "magic number|too few", zipped([deflated(NAMES[0], b"x" * 99), *good[1:]])),
        ("a directory of 4 GiB", "directory", zipped(good, end={"length": 2**32 - 1})),
        ("claims to unfold to 4 GiB", "would unpack", zipped([huge, *good[1:]])),
    ):
        yield case(f"archive: {name}", reason, blob)
    for name, labels in {
        "a label of 256": np.full(len(IMAGES), 256),
        "too few images": np.zeros(len(IMAGES), np.int64),
    }.items():
        written = io.BytesIO()
        np.savez(written, images=IMAGES, labels=labels)
        yield case(f"keras: {name}", "label|another form", written.getvalue())


STROKE = {"width": 200, "points": [10, 25, 300, 400]}


def drawing(label: Any = 1, **changed: Any) -> dict[str, Any]:
    """Return a drawing of 5 x 4 pixels."""
    return {"label": label, "picture": base64.b64encode(bytes([9] * 20)).decode(), "strokes": [STROKE], **changed}


def document(**changed: Any) -> bytes:
    """Return a file of eight drawings, with some of its values changed."""
    made = [drawing(label) for label in range(8)]
    good = {"kind": "drawings", "format": 1, "image": [5, 4], "classes": 10, "drawings": made}
    return json.dumps({**good, **changed}).encode()


def with_drawing(**changed: Any) -> bytes:
    """Return a file of one drawing, with some of its values changed."""
    return document(drawings=[drawing(**changed)])


def drawing_cases() -> Iterator[Case]:
    """Yield files that `nn fetch --from` must refuse as drawings."""
    good = document()
    for name, reason, blob in (
        ("half of it", "not JSON", good[: len(good) // 2]),
        ("nested lists", "not JSON", b"[" * 200_000),
        ("a number of 5,000 digits", "5,000 digits", good.replace(b": 10,", b": " + b"9" * 5000 + b",")),
        ("NaN", "not JSON", document(classes=float("nan"))),
        ("infinity by overflow", "too large", good.replace(b"25", b"1e999")),
        ("of another kind", "kind is", document(kind="figures")),
        ("a key more", "should have", document(note="</script>\u2028\x1b[2J")),
        ("a list", "should be dict, is list", b"[1]"),
        ("format 2", "format is 2", document(format=2)),
        ("images without pixels", "image is 0", document(image=[0, 4])),
        ("images that are too wide", "image is 257, expected 1 to 256", document(image=[5, 257])),
        ("257 classes", "classes is 257", document(classes=257)),
        ("no drawings", "drawings has 0 entries", document(drawings=[])),
        ("a label that is true", "label should be int, is bool", with_drawing(label=True)),
        ("a label below 0", "label is -1", with_drawing(label=-1)),
        ("a label beyond the classes", "the label 10", with_drawing(label=10)),
        ("a picture that is too short", "without a picture", with_drawing(picture="AAAA")),
        ("a picture of a megabyte", "characters", with_drawing(picture="A" * 2**20)),
        ("an empty picture", "without a picture", with_drawing(picture=base64.b64encode(bytes(20)).decode())),
        ("half a point", "half a point", with_drawing(strokes=[{"width": 1, "points": [1, 2, 3]}])),
        ("a point far away", "points is 10000", with_drawing(strokes=[{"width": 1, "points": [1, 10_000]}])),
        ("too few drawings", "at least 7", with_drawing()),
    ):
        yield case(f"drawings: {name}", reason, blob)
    most = own_drawings.MOST_VALUES
    wide, long = b"[" + b"{}," * (most // 2 - 4) + b"{}]", b"[" + b"{}," * most + b"{}]"
    yield case("drawings: as many values as are read", "is list", wide)
    yield case("drawings: more values than are read", "values, at most", long)
    yield Case("drawings: more bytes than are read", "at most", lambda: bytes(own_drawings.MOST_BYTES + 1), heavy=True)
