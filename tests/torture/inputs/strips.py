"""Strips of digits that stand apart, read by a network that knows only digits: none is cut, and none is joined.

Each digit has its own size and slant, and the picture is dark on light or light on dark. The network has learned
scikit-learn's digits; whether it reads the right ones is measured on MNIST (``benchmarks/strip_table.py``).
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nndigits.models.images.centring import crop_to_content, to_bytes
from nndigits.models.images.digit_finder import find_digit
from nndigits.models.images.resampling import resample
from nndigits.models.negatives.strips import compose
from nndigits.models.strings.deslant import sheared
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.read import read_grey
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.train import train
from torture.harness.folders import digits, ram_folder
from torture.harness.results import Result, Size, of

SECTION = "F"
MAX_WORSE, BOX = 0.02, 4
STRIPS: dict[Size, int] = {"gate": 60, "long": 600}
LENGTHS = 1, 2, 3, 5, 8
RIGHT_NUMBER = 0.97
HEIGHTS, SLANT, GAPS = (21, 45), 0.25, (6, 20)


def results(size: Size) -> Iterator[Result]:
    """The strips that are read as the right number of digits, on one line."""
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory(dir=ram_folder()) as folder:
        data = digits(Path(folder)) / "data.npz"
        train(data, Path(folder) / "weights.npz", Parameters(epochs=30))
        predictor = EnsemblePredictor(Path(folder) / "weights.npz")
        arrays = artifacts.load(data, "dataset").arrays
    images, labels = arrays["test_images"], arrays["test_labels"]
    right = boxed = marked = 0
    for number in range(STRIPS[size]):
        length = LENGTHS[number % len(LENGTHS)]
        ink = strip(images[rng.integers(0, len(images), length)], rng)
        right += lengths(drawn(ink, rng), predictor) == [length]
        boxed += lengths(drawn(np.pad(np.pad(ink, 8), BOX // 2, constant_values=1), rng), predictor) == [length]
        marked += lengths(drawn(with_marks(ink), rng), predictor) == [length]
    read = predicted = 0
    for number in rng.integers(0, len(images), STRIPS[size]).tolist():
        picture = drawn(strip(images[[number]], rng), rng)
        found = find_digit(picture, *predictor.image)
        predicted += not found.problem and predictor.probabilities(found.image[None]).argmax() == labels[number]
        read += [one.digit for line in read_grey(picture, predictor).lines for one in line] == [labels[number]]
    yield Result(
        SECTION,
        "one digit alone, read by `nn read` and by `nn predict`",
        f"{of(read, STRIPS[size])} and {of(int(predicted), STRIPS[size])} right",
        f"at most {MAX_WORSE:.0%} fewer by `nn read`",
        read >= predicted - MAX_WORSE * STRIPS[size],
    )
    yield Result(
        SECTION,
        "the same strips as below, each in a printed box",
        f"{of(boxed, STRIPS[size])} with the right number",
        f"{RIGHT_NUMBER:.0%}",
        boxed >= RIGHT_NUMBER * STRIPS[size],
    )
    yield Result(
        SECTION,
        "the same strips as below, each with a minus sign before and a point behind",
        f"{of(marked, STRIPS[size])} with the right number",
        f"{RIGHT_NUMBER:.0%}",
        marked >= RIGHT_NUMBER * STRIPS[size],
    )
    yield Result(
        SECTION,
        "strips of digits apart, read by a network without a reject class",
        f"{of(right, STRIPS[size])} with the right number",
        f"{RIGHT_NUMBER:.0%}",
        right >= RIGHT_NUMBER * STRIPS[size],
    )


def lengths(picture: np.ndarray, predictor: EnsemblePredictor) -> list[int]:
    """Return the number of digits on each line of a picture."""
    return [len(line) for line in read_grey(picture, predictor).lines]


def strip(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Compose images, ``(digits, 8, 8)`` from 0 to 255, and return the ink from 0 to 1."""
    shapes = []
    for image in images:
        digit = crop_to_content(image / np.float32(255))
        height = int(rng.integers(*HEIGHTS))
        width = max(8, round(height * digit.shape[1] / len(digit)))
        shapes.append(crop_to_content(sheared(resample(digit, height, width), rng.uniform(-SLANT, SLANT))))
    gaps = rng.integers(*GAPS, len(images) - 1).tolist()
    return compose(shapes, gaps, rng.integers(-3, 4, len(images)).tolist()).max(axis=0)


def with_marks(ink: np.ndarray) -> np.ndarray:
    """Draw a minus sign before a strip, beside its first digit, and a point behind it, below its last one."""
    columns = np.flatnonzero(ink.max(axis=0) > 0.3)
    first, last = (np.flatnonzero(ink[:, part].max(axis=1) > 0.3) for part in (columns[:16], columns[-16:]))
    out = np.pad(ink, ((0, 8), (28, 16)))
    middle = int(first.min() + first.max()) // 2
    out[middle - 2 : middle + 2, 4:20] = 1
    out[last.max() - 3 : last.max() + 2, -8:-3] = 1
    return out


def drawn(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a picture of ink, dark on light or light on dark."""
    grey = np.pad(0.1 + 0.8 * ink, 12, constant_values=0.1)
    return to_bytes(1 - grey if rng.random() < 0.5 else grey)
