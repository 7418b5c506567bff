"""Files of some bytes that ask for gigabytes or minutes: huge images, layers, classes, sparse files, dense JSON."""

import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from small import SMALL

from nndigits.stages.store import artifacts
from torture.files.data_sets import keras_members, small_set
from torture.files.forge import artifact_bytes, deflated, small_artifact, to_json, with_metadata, zipped

GIB = 2**30
PREDICT = ("predict", "digit.png", "--weights", "{}")
READ = ("read", "digit.png", "--weights", "{}")
EVAL = ("eval", "{}", "--data", "good-dataset.npz", "-o", "e.json")
SHOW, PLOT = ("show", "{}"), ("show", "{}", "--plot", "p.png")
FETCH = ("fetch", "--from", "{}", "-o", "new.npz")
DEMO = ("demo", "hidden", "--data", "good-dataset.npz", "--weights", "{}")
ENSEMBLE = ("predict", "digit.png", "--weights", "good-weights.npz", "--weights", "{}")

TRAININGS = (
    ("--hidden", "100000,100000"),
    ("--hidden", "17000,17000", "--optimizer", "adam"),
    ("--layers", "conv 1000 9x9, max 2 relu, dense 10 sigmoid"),
    ("--layers", "conv 999999999 9x9, max 2, dense 10 sigmoid"),
    ("--layers", f"dense {10**40} sigmoid, dense 10 sigmoid"),
    ("--hidden", "3000", "--rejects", "1"),
)
"""Parameters of networks for images of 512 x 512 pixels that would fail after minutes of training."""

Write = Callable[[Path], None]
"""Writes the hostile file, or folder, to a path."""


@dataclass(frozen=True)
class Costly:
    """A file, the commands that must refuse it, and the reason that they must give."""

    name: str
    reason: str
    write: Write
    commands: tuple[tuple[str, ...], ...]
    file: str = "hostile.npz"


def costly_cases() -> Iterator[Costly]:
    """Yield all of these files."""
    yield from large_images()
    yield from large_layers()
    yield from many_classes()
    yield from sparse_files()
    yield from dense_text()
    yield from lying_archives()


def large_images() -> Iterator[Costly]:
    """Yield artifacts of each kind for images of 400 million pixels, and of extreme aspect."""
    reading = (SHOW, PREDICT, READ, EVAL)
    for image in ([20_000, 20_000], [1, 2**24], [4096, 4096], [2**62, 1]):
        for kind in ("darkness", "weights", "checkpoint"):
            meta, arrays = SMALL[kind]()
            blob = artifact_bytes(_about(meta, image=image), arrays)
            commands = (SHOW,) if kind == "checkpoint" else reading
            yield Costly(f"{kind} for images of {image}", "has images of|image is", _bytes(blob), commands)
    meta, arrays = SMALL["svm"]()
    none = {
        "support": np.zeros((0, 20_000, 20_000), np.uint8),
        "indices": arrays["indices"][:0],
        "counts": arrays["counts"] * 0,
        "coefficients": arrays["coefficients"][:, :0],
    }
    blob = artifact_bytes(_about(meta, image=[20_000, 20_000]), {**arrays, **none})
    yield Costly("svm without vectors for images of 20,000 x 20,000", "has images of", _bytes(blob), reading)
    for shape in ((1, 5000, 6000), (1, 1, 300_000), (4, 2000, 2000)):
        commands = (SHOW, PLOT, ("train", "--data", "{}", "-o", "w.npz"), ("baseline", "darkness", "--data", "{}"))
        yield Costly(f"data of {shape}", "has images of", _bytes(artifact_bytes(*large_data(shape))), commands)


def large_layers() -> Iterator[Costly]:
    """Yield networks of few weights whose layers take gigabytes or minutes for one image."""
    reading = (SHOW, PREDICT, READ, EVAL, ENSEMBLE, PLOT, DEMO)
    for image, layers, why in (
        ([512, 512], ["conv 1000 3x3", "max 510", "flatten", "dense 10 sigmoid"], "MB for one image"),
        ([512, 512], ["conv 1000 1x1", "norm", "relu", "max 512", "flatten", "dense 10 sigmoid"], "MB for one image"),
        (
            [512, 512],
            ["conv 1 1x1", "norm"] + ["relu"] * 350 + ["max 512", "flatten", "dense 10 sigmoid"],
            "MB for one image",
        ),
        ([400, 400], ["conv 2 120x120", "conv 2 120x120", "max 162", "flatten", "dense 10 sigmoid"], "multiplications"),
        ([256, 256], ["conv 64 3x3"] * 8 + ["max 240", "flatten", "dense 10 sigmoid"], "MB for one image"),
        ([512, 512], ["flatten"] + ["dropout 0.5"] * 350 + ["dense 10 sigmoid"], "MB for one image"),
    ):
        yield Costly(f"{image}, {layers[:3]}", why, _bytes(network_bytes(image, layers)), reading)


def many_classes() -> Iterator[Costly]:
    """Yield classifiers of more classes than a label can name."""
    blob = network_bytes([1, 1], ["dense 100000 sigmoid"])
    yield Costly("a network of 100,000 classes", "100,000 classes", _bytes(blob), (SHOW, PREDICT, READ))
    meta, _ = SMALL["darkness"]()
    arrays = {"means": np.zeros(10**6), "counts": np.ones(10**6, np.int64)}
    yield Costly(
        "darkness of 10^6 classes",
        "counts of 1000000 digits",
        _bytes(artifact_bytes(meta, arrays)),
        (SHOW, PREDICT, READ),
    )


def sparse_files() -> Iterator[Costly]:
    """Yield files of 4 GB that take some kilobytes of the disk."""
    reading = (SHOW, PREDICT, EVAL, ("train", "--data", "{}", "-o", "w.npz"), FETCH)
    for name, start in (("zeros", b"PK\x03\x04"), ("a good start", small_artifact("dataset")), ("nothing", b"")):
        yield Costly(f"sparse: {name}", "is sparse|begins with", _sparse(start), reading)
    yield Costly("sparse: json", "is sparse", _sparse(b"{"), (SHOW,), "a.json")
    yield Costly("sparse: csv", "is sparse", _sparse(b"# {"), (SHOW,), "a.csv")
    recipe = ("train", "--data", "good-dataset.npz", "--recipe", "./{}")
    yield Costly("sparse: a recipe", "is sparse", _sparse(b"[train]\n"), (recipe,), "a.toml")
    for name, start in (("header", struct.pack(">4I", 2051, 16_000, 512, 512)), ("zeros", b"")):
        yield Costly(
            f"sparse: idx, {name}", "is sparse|magic", lambda path, s=start: _idx_folder(path, s), (FETCH,), "x"
        )


def dense_text() -> Iterator[Costly]:
    """Yield descriptions and figures that are parsed to a hundred times their size."""
    for name, part in (("lists", b"[],"), ("objects", b"{},"), ("numbers", b"999,"), ("texts", b'"\xc3\xa9",')):
        for megabytes in (3, 15):
            text = b'{"made":[' + part * (megabytes * 10**6 // len(part)) + b"0]}"
            yield Costly(f"json: {megabytes} MB of {name}", "at most", _bytes(text), (SHOW,), "a.json")
        _, arrays = SMALL["dataset"]()
        text = b"[" + part * (10**7 // len(part)) + b"0]"
        yield Costly(f"description: {name}", "has a description of", _bytes(with_metadata(text, arrays)), (SHOW,))
    rows = b"# " + to_json(SMALL["random"]()[0]) + b"\n" * 3_000_000
    yield Costly("csv: lines", "at most", _bytes(rows), (SHOW,), "a.csv")


def lying_archives() -> Iterator[Costly]:
    """Yield Keras archives whose directory lies about packed sizes, or whose members lie over each other."""
    bomb = deflated("x_train.npy", bytes(2**29))
    others = [deflated(name, content) for name, content in keras_members().items() if name != "x_train.npy"]
    lying = deflated("x_train.npy", b"")
    size = {"size": 2**29, "compressed": 2**32 - 2**16}
    lying = type(bomb)(bomb.name, bomb.content, {**bomb.local, **size}, {**bomb.central, **size})
    reason = "packed bytes|would unpack"
    yield Costly("keras: a lying packed size", reason, _bytes(zipped([lying, *others])), (FETCH,))
    yield Costly("keras: an honest bomb of 512 MB", reason, _bytes(zipped([bomb, *others])), (FETCH,))


def large_data(shape: tuple[int, int, int]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return the description and the arrays of a data set with images of this shape in each split."""
    meta, _ = SMALL["dataset"]()
    splits = ("train", "validation", "test")
    images = {f"{split}_images": np.zeros(shape, np.uint8) for split in splits}
    return meta, {**images, **{f"{split}_labels": np.zeros(shape[0], np.uint8) for split in splits}}


def network_bytes(image: list[int], layers: list[str]) -> bytes:
    """Return a network of zeros of these layers, with the weights that they need."""
    meta, _ = SMALL["weights"]()
    shape, arrays, number = (*image, 1), {}, 1
    for layer in layers:
        words = layer.split()
        if words[0] == "conv":
            k = int(words[2].split("x")[0])
            arrays |= _pair(number, int(words[1]), k * k * shape[2])
            shape, number = (shape[0] - k + 1, shape[1] - k + 1, int(words[1])), number + 1
        elif words[0] == "max":
            shape = (shape[0] // int(words[1]), shape[1] // int(words[1]), shape[2])
        elif words[0] == "norm":
            arrays |= _pair(number, shape[-1], 3)
            number += 1
        elif words[0] == "flatten":
            shape = (int(np.prod(shape)),)
        elif words[0] == "dense":
            arrays |= _pair(number, int(words[1]), int(np.prod(shape)))
            shape, number = (int(words[1]),), number + 1
    return artifact_bytes(_about(meta, image=image, layers=layers), arrays)


def good_files(folder: Path) -> None:
    """Write a data set, weights for it and a picture of a digit, which the commands name."""
    for kind in ("dataset", "weights"):
        artifacts.save(folder / f"good-{kind}.npz", *SMALL[kind]())
    picture = np.full((64, 64), 255, np.uint8)
    picture[16:48, 28:36] = 0
    Image.fromarray(picture).save(folder / "digit.png")


def _pair(number: int, neurons: int, inputs: int) -> dict[str, np.ndarray]:
    return {
        f"weights_{number}": np.zeros((neurons, inputs), np.float32),
        f"biases_{number}": np.zeros(neurons, np.float32),
    }


def _about(meta: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**meta, "about": {**meta["about"], **changed}}


def _bytes(blob: bytes) -> Write:
    return lambda path: path.write_bytes(blob) and None


def _sparse(start: bytes) -> Write:
    def write(path: Path) -> None:
        path.write_bytes(start)
        os.truncate(path, 4 * GIB - 2**20)

    return write


def _idx_folder(path: Path, start: bytes) -> None:
    """Write a data set whose training images are a sparse file."""
    path.mkdir()
    for name, blob in small_set().items():
        (path / name).write_bytes(blob)
    _sparse(start)(path / "train-images-idx3-ubyte")
