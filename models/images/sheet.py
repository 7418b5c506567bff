"""A sheet of paper on a darker table: the table is painted over in the tone of the paper.

Otherwise the sheet, lighter than what surrounds it, would be the foreground. It is found on a coarse grid of blocks as
the largest light component, if that is nearly a filled rectangle, turned by any angle.
"""

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.images.components import Mask, components
from nndigits.models.images.foreground import otsu_threshold

BLOCKS = 96
"""Blocks along the longer side, at most."""

MIN_SIDE = 64
"""The shorter side of a picture that may show a sheet, in pixels."""

MIN_CONTRAST = 0.2
"""The least difference between the median lights of sheet and table."""

AREA = 0.04, 0.75
"""The least and the largest area of a sheet, as shares of the picture."""

MIN_RECTANGULARITY, MAX_ASPECT_RATIO, MIN_PAPER = 0.92, 3.5, 0.85
"""A sheet fills this share of the smallest rectangle around it, whose sides have at most this ratio, and this share of
it is light. The ellipse of a 0 fills 0.79; the bar of a 1 is narrower."""

MIN_LIGHT = 0.8
"""The sheet has this share of all that is light. One of several light digits has less."""

ANGLES = np.radians(np.arange(0, 90, 3))

MAX_LIGHT_BORDER = 0.1
"""The share of the picture's border that may be light."""

EDGE = 2
"""Blocks at the edge of a sheet that are painted over, with its shadow."""


def without_table(grey: Bytes) -> Bytes:
    """Return a grey picture, ``(height, width)``, with what surrounds a light sheet in the tone of the sheet.

    A picture without such a sheet is returned as it is.
    """
    if min(grey.shape) < MIN_SIDE:
        return grey
    size = -(-max(grey.shape) // BLOCKS)
    height, width = (length // size for length in grey.shape)
    squares = grey[: height * size, : width * size].reshape(height, size, width, size)
    coarse = squares.mean(axis=(1, 3), dtype=np.float32) / 255
    threshold = otsu_threshold(np.histogram(coarse, bins=64, range=(0, 1))[0])
    sheet = _sheet(coarse, threshold)
    if sheet is None:
        return grey
    inner = _eroded(sheet)
    if not (squares.min(axis=(1, 3))[inner] < 255 * threshold).any():
        return grey  # nothing is written on it: it may be a thick stroke
    rows, columns = (
        np.minimum(np.arange(length) // size, blocks - 1)
        for length, blocks in zip(grey.shape, inner.shape, strict=True)
    )
    paper = _paper(coarse, inner)
    tone = np.rint(255 * np.clip(paper, 0, 1)).astype(np.uint8)
    return np.where(inner[rows][:, columns], grey, tone[rows][:, columns])


def _sheet(coarse: Array, threshold: float) -> Mask | None:
    """Return the blocks of the sheet, with what is written on it, or None if there is none."""
    light = coarse > threshold
    border = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    parts = components(light)
    if not len(parts) or border.mean() > MAX_LIGHT_BORDER:
        return None
    own = parts.labels == parts.area.argmax() + 1
    filled = _between(own) & _between(own.T).T
    if not AREA[0] <= filled.mean() <= AREA[1] or own.sum() < max(MIN_PAPER * filled.sum(), MIN_LIGHT * light.sum()):
        return None
    contrast = np.median(coarse[own]) - np.median(coarse[~filled])
    return filled if contrast > MIN_CONTRAST and _is_rectangle(*np.nonzero(filled)) else None


def _is_rectangle(y: Integers, x: Integers) -> bool:
    """Return whether blocks nearly fill the smallest rectangle around them."""
    cos, sin = np.cos(ANGLES)[:, None], np.sin(ANGLES)[:, None]
    sides = np.stack([np.ptp(x * cos + y * sin, axis=1), np.ptp(y * cos - x * sin, axis=1)])
    areas = sides.prod(axis=0)
    smallest = sides[:, areas.argmin()]
    return bool(len(x) >= MIN_RECTANGULARITY * areas.min() and smallest.max() <= MAX_ASPECT_RATIO * smallest.min())


def _between(mask: Mask) -> Mask:
    """Return the blocks between the first and the last of each row."""
    filled: Mask = np.logical_or.accumulate(mask, axis=1) & np.logical_or.accumulate(mask[:, ::-1], axis=1)[:, ::-1]
    return filled


def _eroded(mask: Mask) -> Mask:
    """Return the mask without the blocks at its edge."""
    for _ in range(EDGE):
        padded = np.pad(mask, 1)
        mask = padded[1:-1, 1:-1] & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask


def _paper(coarse: Array, sheet: Mask) -> Array:
    """Return the light of the paper on all blocks: a plane through the lighter blocks of the sheet."""
    y, x = np.nonzero(sheet & (coarse >= np.median(coarse[sheet])))
    basis = np.stack([np.ones(len(y)), y, x], axis=1)
    level, down, right = np.linalg.lstsq(basis, coarse[y, x], rcond=None)[0]
    rows, columns = np.indices(coarse.shape)
    lowest, highest = coarse[y, x].min(), coarse[y, x].max()
    paper: Array = np.clip(level + down * rows + right * columns, lowest, highest)
    return paper
