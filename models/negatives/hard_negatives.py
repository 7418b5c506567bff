"""Labelled crops of composed strips: digits, and negatives for the reject class.

A network trained on digits alone is confident of halves and pairs too, since every output stands for a digit. So it
learns an additional reject class from the non-digits that cutting produces: parts of a digit, two digits at once, a
digit with a part of its neighbour. They come from strips composed of training images, and from pen marks.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.images.centring import crop_to_content, to_bytes
from nndigits.models.images.foreground import foreground
from nndigits.models.images.resampling import rescale
from nndigits.models.negatives.drawings import drawn_digits
from nndigits.models.negatives.pen import grained
from nndigits.models.negatives.strips import GroundTruth, compose, ground_truth, touching_gap
from nndigits.models.strings.crops import crop_in_context
from nndigits.models.strings.deslant import sheared
from nndigits.models.strings.segmentation import HEIGHT, TextLine, cut_line

DIGITS_PER_STRIP = 4

DRAWN_SHARE = 0.3
"""The share of strips whose digits are drawn, if there are such strips."""

MAX_NEGATIVES_PER_STRIP, PEN_MARKS_PER_STRIP = 8, 1
"""Negatives of a strip at most, and the number of pen marks among them."""

MAX_WIDTH, MAX_SLICES = 1.45, 9
"""The largest candidates of a strip that are sampled: wider ones are easily told from digits."""

MIN_SAMPLING_WEIGHT = 0.2
"""Added to the similarity as the sampling weight of a negative. Those unlike any digit teach less."""

SIDE = 28
GAP_RANGE = (-4, 14)
SIZE_RANGE = (0.7, 1.5)
SIZE_VARIATION, MAX_SHEAR, DROP_DEVIATION = 0.15, 0.35, 1.5
"""The variation of strips, in pixels of images as large as MNIST's: gaps, sizes, shear and vertical offsets."""

MARGIN = 8
BACKGROUND_RANGE, STROKE_RANGE, NOISE_RANGE = (0.0, 0.3), (0.65, 1.0), (0.0, 0.07)
"""Empty pixels around a strip, the intensities of background and strokes, and the standard deviation of the noise."""

MARK_SIDE = 32
"""Rows and columns of a mark."""

POINTS_PER_CORNER = 12
"""Interpolated points of the pen's path for each corner."""


def labelled_crops(
    images: Bytes,
    labels: Integers,
    reject_label: int,
    strips: int,
    rng: np.random.Generator,
    progress: Callable[[int], None] | None = None,
    *,
    with_drawn: bool = False,
) -> tuple[Bytes, Bytes]:
    """Compose strips of the images, ``(n, height, width)``, and return crops ``(k, height, width)`` and their labels.

    ``reject_label`` is the label of negatives. ``progress`` is called with the number of finished strips. Some strips
    are of drawn digits, if ``with_drawn``.
    """
    crops, crop_labels = [], []
    for done in range(strips):
        if with_drawn and rng.random() < DRAWN_SHARE:
            digits, own = drawn_digits(DIGITS_PER_STRIP, rng)
        else:
            chosen = rng.integers(0, len(images), DIGITS_PER_STRIP)
            digits, own = images[chosen], labels[chosen]
        of_strip = _strip_candidates(digits, own, reject_label, rng)
        of_marks = _pen_mark_candidates(reject_label, rng)
        for line, number, label in (*of_strip, *of_marks):
            crops.append(crop_in_context(line, number, *images.shape[1:]))
            crop_labels.append(label)
        if progress is not None:
            progress(done + 1)
    return np.array(crops), np.array(crop_labels, np.uint8)


def _strip_candidates(
    images: Bytes, labels: Integers, reject_label: int, rng: np.random.Generator
) -> Iterator[tuple[TextLine, int, int]]:
    """Yield candidates of one strip: the line, the candidate's number in it, and its label."""
    layers = compose_strip(images, rng)
    line = _cut(rendered(layers.max(axis=0), rng), median_height(layers))
    truth = ground_truth(line, layers)
    for digit, candidate in truth.digits.items():
        yield line, candidate, int(labels[digit])
    for candidate in _sampled_negatives(line, truth, rng):
        yield line, candidate, reject_label


def _pen_mark_candidates(reject_label: int, rng: np.random.Generator) -> Iterator[tuple[TextLine, int, int]]:
    """Yield candidates of pen marks, in the same form."""
    for _ in range(PEN_MARKS_PER_STRIP):
        mark = pen_mark(rng)
        line = _cut(mark, float(len(crop_to_content(mark))))
        if len(line.spans):
            yield line, int(rng.integers(len(line.spans))), reject_label


def _cut(foreground: Array, height: float) -> TextLine:
    """Cut a line, and leave out its largest candidates."""
    line = cut_line(foreground, height)
    (first, last), (left, right) = line.spans.T, line.columns.T
    kept = (last - first <= MAX_SLICES) & ((right - left <= MAX_WIDTH * HEIGHT) | (last - first == 1))
    return replace(line, spans=line.spans[kept], columns=line.columns[kept])


def compose_strip(images: Bytes, rng: np.random.Generator) -> Array:
    """Compose a strip of images at random and return each digit alone on it, ``(digits, height, width)``."""
    scale = SIDE / min(images.shape[1:])
    size = scale * rng.uniform(*SIZE_RANGE)
    digits = [
        rescale(crop_to_content(image / np.float32(255)), size * rng.uniform(1 - SIZE_VARIATION, 1 + SIZE_VARIATION))
        for image in images
    ]
    smallest, largest = GAP_RANGE
    widest = rng.integers(0, largest, endpoint=True)  # in this strip: some strips are narrow throughout
    gaps = rng.integers(smallest, widest, size=len(digits) - 1, endpoint=True)
    if rng.random() < 0.5:  # measured where the digits are closest
        gaps = np.array([min(gap, 1) + touching_gap(*pair) for gap, pair in zip(gaps, pairwise(digits), strict=True)])
    drops = rng.normal(0, DROP_DEVIATION, len(digits))
    layers = compose(digits, gaps.tolist(), np.rint(drops).astype(int).tolist())
    shear = rng.uniform(-MAX_SHEAR, MAX_SHEAR)
    return np.stack([np.pad(sheared(layer, shear), MARGIN) for layer in layers])


def rendered(strip: Array, rng: np.random.Generator) -> Array:
    """Render a strip, ``(height, width)``, as a noisy picture, and return the foreground that is found in it."""
    background, stroke = rng.uniform(*BACKGROUND_RANGE), rng.uniform(*STROKE_RANGE)
    noise = rng.normal(0, rng.uniform(*NOISE_RANGE), strip.shape)
    return foreground(to_bytes(background + grained(strip, rng) * (stroke - background) + noise))


def median_height(layers: Array) -> float:
    """Return the median height of the digits of a strip, ``(digits, height, width)``."""
    return float(np.median([len(crop_to_content(layer)) for layer in layers]))


def _sampled_negatives(line: TextLine, truth: GroundTruth, rng: np.random.Generator) -> list[int]:
    """Return the non-digits to learn from: the hard negatives, and others sampled in proportion to similarity."""
    non_digits = set(truth.non_digits.tolist())
    chosen = _hard_negatives(line, truth.digits, non_digits, rng)
    rest = np.array(sorted(non_digits.difference(chosen)), int)
    if len(rest):
        weight = MIN_SAMPLING_WEIGHT + truth.similarity[rest]
        left = min(len(rest), MAX_NEGATIVES_PER_STRIP - PEN_MARKS_PER_STRIP - len(chosen))
        chosen += rng.choice(rest, left, replace=False, p=weight / weight.sum()).tolist()
    return chosen


def _hard_negatives(
    line: TextLine, digits: dict[int, int], non_digits: set[int], rng: np.random.Generator
) -> list[int]:
    """Return the candidates that join a digit and its neighbour, and one part of each digit, from either side."""
    numbers = {(first, last): number for number, (first, last) in enumerate(line.spans.tolist())}
    found = []
    for digit, candidate in digits.items():
        first, last = line.spans[candidate].tolist()
        if digit + 1 in digits:
            both = first, int(line.spans[digits[digit + 1], 1])
            found.append(numbers.get(both, -1))
        inner = range(first + 1, last)
        parts = [(first, end) for end in inner] + [(start, last) for start in inner]
        parts = [part for part in parts if numbers.get(part) in non_digits]
        if parts:
            found.append(numbers[parts[int(rng.integers(len(parts)))]])
    return [candidate for candidate in found if candidate in non_digits]


def pen_mark(rng: np.random.Generator) -> Array:
    """Draw the foreground of a random mark, ``(MARK_SIDE, MARK_SIDE)`` from 0 to 1."""
    corners = _corners(rng)
    positions = np.linspace(0, len(corners) - 1, POINTS_PER_CORNER * len(corners))
    path = np.stack([np.interp(positions, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)])
    radius = rng.uniform(1, 3) * np.linspace(1, rng.uniform(0.5, 1), path.shape[1])
    if len(corners) == 1:
        radius = radius * rng.uniform(1.5, 4)
    aspect_ratio = rng.uniform(0.6, 1.5)
    rows, columns = np.mgrid[:MARK_SIDE, :MARK_SIDE]
    distance = np.hypot(rows[..., None] - path[0], (columns[..., None] - path[1]) * aspect_ratio) - radius
    mark: Array = np.clip(0.5 - distance.min(axis=-1), 0, 1).astype(np.float32)
    return mark


def _corners(rng: np.random.Generator) -> Array:
    """Return the corners of the pen's path, ``(corners, 2)`` rows and columns."""
    middle = np.full(2, MARK_SIDE / 2)
    kind = rng.integers(4)
    if kind == 0:  # a dot or a blot
        return middle[None] + rng.normal(0, 1, (1, 2))
    if kind == 1:  # a dash
        reach = rng.uniform(4, 13)
        half = np.array([rng.normal(0, 0.15) * reach, reach])
        return np.stack([middle - half, middle + half])
    corners: Array = rng.uniform(4, MARK_SIDE - 4, (3 if kind == 2 else int(rng.integers(4, 7)), 2))
    return corners
