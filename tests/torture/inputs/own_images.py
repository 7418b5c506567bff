"""What people may give as data sets of their own: folders of pictures, archives of several sets, images and labels."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from nndigits.stages.datasets.registry import EMNIST
from torture.hostile.case import Case, case
from torture.hostile.forge import deflated, member, zipped
from torture.inputs.data_sets import IMAGES, LABELS, gz, idx_bytes

NAMES = [f"gzip/{name}.gz" for name in EMNIST[0].file_names.values()]
Make = Callable[[Path], None]


def _png(number: int) -> bytes:
    """Return a picture with a bar on it."""
    grey = np.full((30, 20), 255, np.uint8)
    grey[4:26, 5 + number % 8 : 9 + number % 8] = 0
    encoded = io.BytesIO()
    Image.fromarray(grey).save(encoded, "PNG")
    return encoded.getvalue()


def _fill(folder: Path, count: int = 8) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number}.png").write_bytes(_png(number))


def _two(folder: Path, second: str | bytes = "pear", count: int = 8) -> Path:
    """Write two classes; return the second one."""
    _fill(folder / "apple")
    other = folder / os.fsdecode(second)
    _fill(other, count)
    return other


def _nothing(folder: Path) -> None:
    folder.mkdir()


def _one_class(folder: Path) -> None:
    _fill(folder / "apple")


def _no_folders(folder: Path) -> None:
    _fill(folder)


def _empty_class(folder: Path) -> None:
    _two(folder, count=0)


def _few(folder: Path) -> None:
    _two(folder, count=6)


def _a_file(folder: Path) -> None:
    folder.write_bytes(b"x")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder)


def _same_beginning(folder: Path) -> None:
    _two(folder, "x" * 41)
    _fill(folder / ("x" * 42))


def _blank_name(folder: Path) -> None:
    _two(folder, "   ")


def _many_classes(folder: Path) -> None:
    for number in range(257):
        (folder / str(number)).mkdir(parents=True)


def _long_names(folder: Path) -> None:
    for number in range(110):
        (folder / f"{number:04}{'x' * 36}").mkdir(parents=True)


def _damaged(folder: Path) -> None:
    for path in _two(folder, "\x1b[31m\n").iterdir():
        path.write_bytes(path.read_bytes()[:60])


def _devices(folder: Path) -> None:
    for path in _two(folder, b"caf\xe9").iterdir():
        path.unlink()
        path.symlink_to("/dev/zero")


def _loop(folder: Path) -> None:
    for path in _two(folder).iterdir():
        path.unlink()
        path.symlink_to(path.name)


FOLDERS: dict[str, tuple[str, Make]] = {
    "empty": ("0 folders", _nothing),
    "one class": (r"1 folder \(apple\)", _one_class),
    "pictures without a class": ("0 folders", _no_folders),
    "an empty class": ("0 of the pictures of pear", _empty_class),
    "too few pictures": ("6 of the pictures of pear", _few),
    "a file": ("is not a folder", _a_file),
    "a pipe": ("is not a folder", _pipe),
    "names that begin alike": ("are the same or blank", _same_beginning),
    "a blank name": ("are the same or blank", _blank_name),
    "257 classes": ("at most 256 classes", _many_classes),
    "names of 4,400 characters together": ("4,096 characters together", _long_names),
    "damaged pictures in a class with escape codes": (r"pictures of \\x1b\[31m\\n can be used", _damaged),
    "links to a device in a class that is not UTF-8": (r"pictures of caf\\xe9 can be used", _devices),
    "links to themselves": ("0 of the pictures of pear", _loop),
}
"""By name, the reason of the refusal, and what makes the folder."""


def folder_cases() -> Iterator[Case]:
    """Yield folders that `nn fetch --images` must refuse."""
    for name, (reason, _) in FOLDERS.items():
        yield case(name, reason, b"")


def archive_cases() -> Iterator[Case]:
    """Yield archives that `nn fetch --from` must refuse as EMNIST, and archives of NumPy without a good label."""
    files = [gz(idx_bytes(LABELS if "labels" in name else IMAGES)) for name in NAMES]
    good = [deflated(name, content) for name, content in zip(NAMES, files, strict=True)]
    huge = deflated(NAMES[0], b"x", size=2**32 - 1)
    for name, reason, blob in (
        ("empty", "no directory", b""),
        ("html", "no directory", b"<html>Log in</html>"),
        ("half of it", "no directory|cut off", zipped(good)[:200]),
        ("other content", "is not EMNIST Digits", zipped(good)),
        ("a file missing", "has not the files of EMNIST Digits", zipped(good[1:])),
        ("a file twice", "twice", zipped([*good, good[0]])),
        ("a file that is no gzip", "magic number|too few", zipped([deflated(NAMES[0], b"x" * 99), *good[1:]])),
        ("encrypted", "encrypted", zipped([deflated(NAMES[0], b"", flags=1), *good[1:]])),
        ("method 97", "method 97", zipped([member(NAMES[0], b"", method=97), *good[1:]])),
        ("a wrong checksum", "checksum", zipped([deflated(NAMES[0], b"x", crc=1), *good[1:]])),
        ("an offset beyond its end", "where its directory says", zipped(good, offsets=[2**32 - 1] * 4)),
        ("65,535 entries", "directory", zipped(good, end={"count": 65_535})),
        ("a directory of 4 GiB", "directory", zipped(good, end={"length": 2**32 - 1})),
        ("claims to unfold to 4 GiB", "would unpack", zipped([huge, *good[1:]])),
    ):
        yield case(f"archive: {name}", reason, blob)
    for name, labels in {
        "a label of 256": np.full(len(IMAGES), 256),
        "a label of -1": np.full(len(IMAGES), -1),
        "a label of 2^63 - 1": np.full(len(IMAGES), 2**63 - 1),
        "one label": np.zeros(1, np.int64),
        "a table of labels": np.zeros((len(IMAGES), 2), np.int64),
        "floats as labels": np.zeros(len(IMAGES)),
        "texts as labels": np.full(len(IMAGES), "a"),
        "too few images": np.zeros(len(IMAGES), np.int64),
    }.items():
        written = io.BytesIO()
        np.savez(written, images=IMAGES, labels=labels)
        yield case(f"keras: {name}", "label|another form", written.getvalue())
