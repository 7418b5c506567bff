"""Labelled drawings for a network with a reject class: digits, and letters, signs, figures, scribbles and blots.

Pieces of strips teach a network what no digit is between digits (``hard_negatives.py``). Alone on a page, other things
are no digits: people draw letters, signs and faces. A network that has never seen one is confident of it. The drawings
are pictures on noisy paper, and prepared as `nn predict` prepares pictures. Digits are among them, drawn with the same
pen or copied from training images, so that the network does not learn to reject the pen and the preparation.
"""

from collections.abc import Callable

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.images.centring import crop_to_content, to_bytes
from nndigits.models.images.digit_finder import find_digit
from nndigits.models.images.resampling import rescale
from nndigits.models.negatives import pen
from nndigits.models.negatives.pen import MARGIN, SIDE, drawn, drawn_by_hand, grained, parsed
from nndigits.models.negatives.shapes import DIGITS, NON_DIGITS

COPIED_SHARE, DIGIT_SHARE, SCRIBBLE_SHARE = 0.25, 0.2, 0.15
"""The shares of drawings that are copied training images, drawn digits, and scribbles and blots."""

RADIUS_RANGE = 1.5, 9.0
"""The radius of the pen in pixels, of pictures in which a shape has 64: from a ballpoint to a thick marker."""

BRUSH_SHARE, BRUSH_RANGE = 0.3, (1.5, 3.0)
"""The share of flat brushes among the pens, and how many times as long as wide they are."""

THRESHOLD_RANGE, SHARPNESS = (0.2, 0.6), 5.0
"""A copied image has its strokes where it is brighter than this threshold; the edges are this many times steeper."""

PAPER_RANGE, PEN_RANGE, NOISE_RANGE = (0.75, 1.0), (0.0, 0.4), (0.0, 0.04)
"""The intensities of paper and pen, and the standard deviation of the noise."""


def labelled_drawings(
    images: Bytes,
    labels: Integers,
    reject_label: int,
    count: int,
    rng: np.random.Generator,
    progress: Callable[[int], None] | None = None,
) -> tuple[Bytes, Bytes]:
    """Return images of drawings, ``(count, height, width)``, and their labels.

    ``images``, ``(n, height, width)``, with their ``labels``, are those of which some are copied. ``reject_label`` is
    the label of what is no digit. ``progress`` is called with the number of finished drawings.
    """
    drawings, drawn_labels = np.empty((count, *images.shape[1:]), np.uint8), np.empty(count, np.uint8)
    for number, own in enumerate(rng.spawn(count)):
        drawings[number], drawn_labels[number] = _labelled_drawing(images, labels, reject_label, own)
        if progress is not None:
            progress(number + 1)
    return drawings, drawn_labels


def _labelled_drawing(
    images: Bytes, labels: Integers, reject_label: int, rng: np.random.Generator
) -> tuple[Bytes, int]:
    """Return the image of a random drawing that `nn predict` would show to a network, and its label."""
    while True:
        foreground, label = _labelled_foreground(images, labels, reject_label, rng)
        found = find_digit(on_paper(foreground, rng), *images.shape[1:])
        if found.problem is None:
            return found.image, label


def _labelled_foreground(
    images: Bytes, labels: Integers, reject_label: int, rng: np.random.Generator
) -> tuple[Array, int]:
    """Return the foreground of a random drawing, and its label."""
    kind = rng.random()
    if kind < COPIED_SHARE:
        chosen = rng.integers(len(images))
        return copied(images[chosen], rng), int(labels[chosen])
    if kind < COPIED_SHARE + DIGIT_SHARE:
        digit = int(rng.integers(len(DIGITS)))
        return shape_drawn(DIGITS[str(digit)], rng), digit
    if kind < COPIED_SHARE + DIGIT_SHARE + SCRIBBLE_SHARE:
        return scribble_drawn(rng), reject_label
    name = list(NON_DIGITS)[rng.integers(len(NON_DIGITS))]
    return shape_drawn(NON_DIGITS[name], rng), reject_label


def copied(image: Bytes, rng: np.random.Generator) -> Array:
    """Return a digit's foreground, as large as a drawing, with other strokes than in its image, ``(h, w)``."""
    ink = crop_to_content(image / np.float32(255))
    large = rescale(ink, (SIDE - 2 * MARGIN) / max(ink.shape))
    sharp = np.clip(0.5 + (large - rng.uniform(*THRESHOLD_RANGE)) * SHARPNESS, 0, 1)
    return np.pad(np.where(large > 0, sharp, 0), MARGIN)


def shape_drawn(styles: tuple[str, ...], rng: np.random.Generator) -> Array:
    """Return the foreground of a shape in one of its styles, ``(height, width)``."""
    shape = parsed(styles[rng.integers(len(styles))])
    return drawn(drawn_by_hand(shape, rng), rng.uniform(*RADIUS_RANGE), _brush(rng), shape.filled)


def drawn_digits(count: int, rng: np.random.Generator) -> tuple[Bytes, Integers]:
    """Return the foregrounds of random digits drawn with one pen, ``(count, SIDE, SIDE)``, and their labels."""
    radius, brush = rng.uniform(*RADIUS_RANGE), _brush(rng)
    digits = rng.integers(0, len(DIGITS), count)
    styles = [DIGITS[str(digit)] for digit in digits]
    shapes = [parsed(own[rng.integers(len(own))]) for own in styles]
    drawings = [drawn(drawn_by_hand(shape, rng), radius, brush) for shape in shapes]
    return to_bytes(np.stack(drawings)), digits


def _brush(rng: np.random.Generator) -> tuple[float, float]:
    """Return how many times as long as wide a pen is, and the angle of its length in radians."""
    stretch = rng.uniform(*BRUSH_RANGE) if rng.random() < BRUSH_SHARE else 1.0
    return stretch, rng.uniform(0, np.pi)


def scribble_drawn(rng: np.random.Generator) -> Array:
    """Return the foreground of a scribble or a blot, ``(height, width)``."""
    path = (pen.scribble, pen.broken_line, pen.crossing_strokes, pen.blot)[rng.integers(4)]
    return drawn(path(rng), rng.uniform(*RADIUS_RANGE), _brush(rng), filled=path is pen.blot)


def on_paper(foreground: Array, rng: np.random.Generator) -> Bytes:
    """Return the picture of a foreground in the tones of a random pen and paper."""
    paper, pen = rng.uniform(*PAPER_RANGE), rng.uniform(*PEN_RANGE)
    return to_bytes(
        paper + grained(foreground, rng) * (pen - paper) + rng.normal(0, rng.uniform(*NOISE_RANGE), foreground.shape)
    )
