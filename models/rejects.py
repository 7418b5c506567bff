"""Pieces of strips, cut as they are when they are read: those that hold one digit, and those that do not.

A network that has seen nothing but digits is sure of halves and pairs, too: to it everything is one of ten. So it
learns an eleventh answer, no digit, from what a cut really gives beside digits: parts of one, two at once, a digit
with a part of its neighbour. They come from strips composed of the training images, and from marks that pens leave.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from nn.models.arrays import Array, Bytes, Integers
from nn.models.image import as_mnist, boxed
from nn.models.marks import mark
from nn.models.resample import sized
from nn.models.segment import Line, cut
from nn.models.slant import leaning
from nn.models.strips import compose, joined

DIGITS = 4
"""Digits in a strip."""

PER_STRIP, MARKS = 8, 1
"""Pieces of a strip that hold no digit, at most, of which so many are marks."""

WHOLE, PART = 0.7, 0.65
"""A piece shares so much with a digit, or more, if it is this digit; and less, if it is none (``shared``)."""

GAPS = (-4, 14)
SIZES = (0.7, 1.5)
UNEVEN, SLANT, DROP = 0.15, 0.35, 1.5
"""How strips differ, in pixels and shares of MNIST's digits: far apart to overlapping, small to large, leaning."""


def cuttings(
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
    found: list[Bytes] = []
    answers: list[int] = []
    height, width = images.shape[1:]
    for done in range(strips):
        chosen = rng.integers(0, len(images), DIGITS)
        alone = composed(images[chosen], rng)
        strip = alone.max(axis=0)
        line = cut(strip, float(np.median([len(boxed(digit)) for digit in alone])))
        likeness = shared(line, alone)
        whole = likeness.argmax(axis=0)
        good = [digit for digit, piece in enumerate(whole) if likeness[piece, digit] > WHOLE]
        bad = rng.permutation(np.flatnonzero(likeness.max(axis=1) < PART))[: PER_STRIP - MARKS]
        pieces = [*(line.piece(piece) for piece in (*whole[good], *bad)), *(mark(rng) for _ in range(MARKS))]
        found += [as_mnist(piece, height, width) for piece in pieces]
        answers += [*labels[chosen[good]].tolist(), *[nothing] * (len(bad) + MARKS)]
        if progress is not None:
            progress(done + 1)
    return np.array(found), np.array(answers, np.uint8)


def composed(images: Bytes, rng: np.random.Generator) -> Array:
    """A strip of images, ``(digits, height, width)``, each digit's ink alone on it."""
    side = min(images.shape[1:]) / 28
    size = rng.uniform(*SIZES)
    digits = [sized(boxed(image / np.float32(255)), size * rng.uniform(1 - UNEVEN, 1 + UNEVEN)) for image in images]
    gaps = rng.integers(*GAPS, size=len(digits) - 1, endpoint=True) * side
    if rng.random() < 0.5:  # close, where their ink is closest
        gaps = [min(gap, 1) + joined(*pair) for gap, pair in zip(gaps, pairwise(digits), strict=True)]
    drops = rng.normal(0, DROP * side, len(digits))
    alone = compose(digits, np.rint(gaps).astype(int).tolist(), np.rint(drops).astype(int).tolist())
    lean = rng.uniform(-SLANT, SLANT)
    return np.stack([leaning(digit, lean) for digit in alone])


def shared(line: Line, alone: Array) -> Array:
    """How much each candidate of a line has in common with each digit, ``(m, digits)``: 1 if it is just this.

    The smaller of two shares: of the digit's ink, how much the candidate has; of the candidate's, how much is the
    digit's. ``alone`` are the digits, ``(digits, height, width)``, that the line was cut from.
    """
    total = line.ink_in(alone.max(axis=0))
    own = np.stack([line.ink_in(digit) for digit in alone])
    sums, own_sums = np.append(0, total.cumsum()), np.pad(own.cumsum(axis=1), ((0, 0), (1, 0)))
    first, last = line.spans.T
    inside, here = own_sums[:, last] - own_sums[:, first], sums[last] - sums[first]
    found: Array = np.minimum(inside / own.sum(axis=1)[:, None], inside / np.maximum(here, 1e-6))
    return found.T
