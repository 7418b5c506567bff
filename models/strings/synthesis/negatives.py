"""Pieces of strips, cut as they are when they are read: those that hold one digit, and those that do not.

A network that has seen nothing but digits is sure of halves and pairs, too: to it everything is one of ten. So it
learns an eleventh answer, no digit, from what a cut really gives beside digits: parts of one, two at once, a digit
with a part of its neighbour. They come from strips composed of the training images, and from marks that pens leave.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from nn.models.arrays.types import Array, Bytes, Integers
from nn.models.images.centring import crop_to_content, to_bytes
from nn.models.images.foreground import foreground
from nn.models.images.resampling import rescale
from nn.models.strings.candidate_crops import crop_in_context
from nn.models.strings.deslant import sheared
from nn.models.strings.segmentation import TextLine, cut_line
from nn.models.strings.synthesis.composition import compose, touching_gap
from nn.models.strings.synthesis.ground_truth import GroundTruth, ground_truth
from nn.models.strings.synthesis.pen_marks import pen_mark

DIGITS = 4
"""Digits in a strip."""

PER_STRIP, MARKS = 8, 1
"""Pieces of a strip that hold no digit, at most, of which so many are marks."""

AT_LEAST = 0.2
"""How likely a piece that is like no digit is to be chosen, beside one that is just like one: it teaches less."""

SIDE = 28
GAPS = (-4, 14)
SIZES = (0.7, 1.5)
UNEVEN, SLANT, DROP = 0.15, 0.35, 1.5
"""How strips differ, in pixels of images as large as MNIST's: far apart to overlapping, small to large, leaning."""

MARGIN = 8
PAPER, PEN, GRAIN = (0.0, 0.3), (0.65, 1.0), (0.0, 0.07)
"""Pixels of paper around a strip, and how dark paper and ink are, and how far the grain's darkness varies."""


def labelled_crops(
    images: Bytes,
    labels: Integers,
    nothing: int,
    strips: int,
    rng: np.random.Generator,
    progress: Callable[[int], None] | None = None,
) -> tuple[Bytes, Bytes]:
    """Cut strips of the images, ``(n, height, width)``, into pieces: ``(k, height, width)``, and what each is.

    ``nothing`` is the label of what is no digit. ``progress`` is called with the strips that are done.
    """
    height, width = images.shape[1:]
    pieces: Bytes = np.empty((strips * (DIGITS + PER_STRIP), height, width), np.uint8)
    answers: Bytes = np.empty(len(pieces), np.uint8)
    count = 0
    for done in range(strips):
        for line, number, answer in (*_of_a_strip(images, labels, nothing, rng), *_of_marks(nothing, rng)):
            pieces[count], answers[count] = crop_in_context(line, number, height, width), answer
            count += 1
        if progress is not None:
            progress(done + 1)
    return pieces[:count], answers[:count]


def _of_a_strip(
    images: Bytes, labels: Integers, nothing: int, rng: np.random.Generator
) -> Iterator[tuple[TextLine, int, int]]:
    """Candidates of one strip, each as its line, its number there, and what it is."""
    chosen = rng.integers(0, len(images), DIGITS)
    alone = compose_strip(images[chosen], rng)
    line = cut_line(rendered(alone.max(axis=0), rng), usual_height(alone))
    known = ground_truth(line, alone)
    for digit, piece in known.digits.items():
        yield line, piece, int(labels[chosen[digit]])
    for piece in _chosen(line, known, rng):
        yield line, piece, nothing


def _of_marks(nothing: int, rng: np.random.Generator) -> Iterator[tuple[TextLine, int, int]]:
    """The same of marks."""
    for _ in range(MARKS):
        scrawl = pen_mark(rng)
        line = cut_line(scrawl, float(len(crop_to_content(scrawl))))
        if len(line.spans):
            yield line, int(rng.integers(len(line.spans))), nothing


def compose_strip(images: Bytes, rng: np.random.Generator) -> Array:
    """A strip of images, ``(digits, height, width)``, each digit's ink alone on it."""
    larger = SIDE / min(images.shape[1:])
    size = larger * rng.uniform(*SIZES)
    digits = [
        rescale(crop_to_content(image / np.float32(255)), size * rng.uniform(1 - UNEVEN, 1 + UNEVEN))
        for image in images
    ]
    least, most = GAPS
    widest = rng.integers(0, most, endpoint=True)  # of this strip: some are close throughout
    gaps = rng.integers(least, widest, size=len(digits) - 1, endpoint=True)
    if rng.random() < 0.5:  # close, where their ink is closest
        gaps = np.array([min(gap, 1) + touching_gap(*pair) for gap, pair in zip(gaps, pairwise(digits), strict=True)])
    drops = rng.normal(0, DROP, len(digits))
    alone = compose(digits, gaps.tolist(), np.rint(drops).astype(int).tolist())
    lean = rng.uniform(-SLANT, SLANT)
    return np.stack([np.pad(sheared(digit, lean), MARGIN) for digit in alone])


def rendered(strip: Array, rng: np.random.Generator) -> Array:
    """What is found again of a strip's ink, ``(height, width)``, once it lies on paper."""
    paper, pen = rng.uniform(*PAPER), rng.uniform(*PEN)
    grain = rng.normal(0, rng.uniform(*GRAIN), strip.shape)
    return foreground(to_bytes(paper + strip * (pen - paper) + grain))


def usual_height(alone: Array) -> float:
    """How high the digits of a strip, ``(digits, height, width)``, usually are."""
    return float(np.median([len(crop_to_content(digit)) for digit in alone]))


def _chosen(line: TextLine, known: GroundTruth, rng: np.random.Generator) -> list[int]:
    """Which candidates that are no digit to learn from: what is easily taken for one, first of all."""
    none = set(known.nothing.tolist())
    found = _tempting(line, known.digits, none, rng)
    rest = np.array(sorted(none.difference(found)), int)
    if len(rest):
        chance = AT_LEAST + known.likeness[rest]
        left = min(len(rest), PER_STRIP - MARKS - len(found))
        found += rng.choice(rest, left, replace=False, p=chance / chance.sum()).tolist()
    return found


def _tempting(line: TextLine, digits: dict[int, int], none: set[int], rng: np.random.Generator) -> list[int]:
    """The candidates that are a digit and its neighbour as one, and of each digit one part, from either side."""
    numbers = {(first, last): number for number, (first, last) in enumerate(line.spans.tolist())}
    found = []
    for digit, piece in digits.items():
        first, last = line.spans[piece].tolist()
        if digit + 1 in digits:
            both = first, int(line.spans[digits[digit + 1], 1])
            found.append(numbers.get(both, -1))
        inner = range(first + 1, last)
        parts = [(first, end) for end in inner] + [(begin, last) for begin in inner]
        parts = [part for part in parts if numbers.get(part) in none]
        if parts:
            found.append(numbers[parts[int(rng.integers(len(parts)))]])
    return [piece for piece in found if piece in none]
