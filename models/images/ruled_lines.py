"""Removal of ruled lines: thin lines that run from edge to edge of ruled or squared paper, or around a field of a form.

A line is a set of pixels along a small slope with hardly a gap between opposite edges of the picture. Only pixels as
thin as the line are removed, so strokes that cross it stay.
"""

import numpy as np

from nndigits.models.arrays.types import Integers
from nndigits.models.images.components import Mask, components

SLOPES = np.linspace(-0.27, 0.27, 55)
"""Up to 15 degrees, in steps that misplace a line of 100 pixels by at most half a pixel."""

MIN_COVERED_FRACTION = 0.8
"""The share of the width of the picture that a line covers, with gaps and crossing strokes left out."""

EDGE_FRACTION = 0.02
"""A line begins within this share of the picture's width from its edge."""

MAX_THICKNESS_FRACTION = 0.03
"""A line is at most this share of the picture's height thick, or three pixels."""

MAX_THIN_PIXELS = 300_000
"""Squared paper has half of this. More is a texture; to look for lines in it would take seconds."""

MAX_RUNS_OF_LINE, MAX_DIGIT_ASPECT, MIN_DIGIT_FRACTION, STROKE_END_FRACTION = 1.3, 1.7, 0.5, 0.25
"""A stroke of a digit is one run of pixels in most columns. Its picture is at most this much wider than high. The rest
of the digit has this share of the picture's height and width, and meets the stroke this near to its end."""

BOX_SIDE_FRACTION = 0.15
"""The sides of a box lie within this share of its height or width from its edges."""

MIN_BOX_SIDE, MAX_BOXES = 8, 500
"""The least side of a box in pixels, and the most boxes of a form. More is a texture, and would take seconds."""

MIN_BOX_CONTENT = 0.1
"""The least area in a box, as a share of the area of its lines."""


def remove_ruled_lines(mask: Mask) -> Mask:
    """Return the mask, ``(height, width)``, without horizontal and vertical ruled lines.

    The mask is unchanged if hardly anything else is there.
    """
    across, down = _ruled_lines(mask, EDGE_FRACTION), _ruled_lines(mask.T, EDGE_FRACTION).T
    lines = across | down
    if (not down.any() and _is_stroke(mask, across)) or (not across.any() and _is_stroke(mask.T, down.T)):
        return mask
    kept = mask & ~lines
    return kept if kept.sum() > 0.02 * mask.sum() else mask


def _is_stroke(mask: Mask, line: Mask) -> bool:
    """Return whether a single horizontal line is a stroke of the digit that fills the picture: the base of a 2.

    The rest of the digit is as wide, and rises from an end of the line.
    """
    height, width = mask.shape
    runs = np.count_nonzero(line[1:] & ~line[:-1]) + np.count_nonzero(line[0])
    if not 0 < runs <= MAX_RUNS_OF_LINE * width or width > MAX_DIGIT_ASPECT * height:
        return False
    rest = components(mask & ~line)
    tall = np.flatnonzero(rest.bottom - rest.top >= MIN_DIGIT_FRACTION * height)
    if len(tall) != 1 or rest.right[tall[0]] - rest.left[tall[0]] < MIN_DIGIT_FRACTION * width:
        return False
    digit = rest.labels == tall[0] + 1
    end = max(1, round(STROKE_END_FRACTION * width))
    near = line.copy()
    near[1:] |= line[:-1]
    near[:-1] |= line[1:]
    meets = (digit & near).any(axis=0)
    return bool(meets[:end].any() or meets[-end:].any())


def remove_boxes(mask: Mask) -> Mask:
    """Return the mask, ``(height, width)``, without the lines of printed boxes that have something in them.

    A rectangle with nothing in it may be a 0, and one with a bar an 8. A texture of many boxes is unchanged.
    """
    parts = components(mask)
    large = np.minimum(parts.bottom - parts.top, parts.right - parts.left) >= MIN_BOX_SIDE
    boxes = []
    for number in np.flatnonzero(large).tolist():
        window = np.s_[parts.top[number] : parts.bottom[number], parts.left[number] : parts.right[number]]
        own = parts.labels[window] == number + 1
        if _has_sides(own):
            boxes.append((window, own))
    kept = mask.copy()
    for window, own in boxes if len(boxes) <= MAX_BOXES else ():
        lines = _ruled_lines(own, BOX_SIDE_FRACTION) | _ruled_lines(own.T, BOX_SIDE_FRACTION).T
        inside = mask[window] & ~lines
        if _has_sides(lines) and inside.sum() > MIN_BOX_CONTENT * lines.sum():
            kept[window] &= ~lines
    return kept


def _has_sides(mask: Mask) -> bool:
    """Return whether most of each side of a mask but the top is covered by pixels near it: a comb is open there."""
    for turned in (mask[::-1], mask.T, mask.T[::-1]):
        near = turned[: max(1, round(BOX_SIDE_FRACTION * len(turned)))]
        if near.any(axis=0).mean() < MIN_COVERED_FRACTION:
            return False
    return True


def _ruled_lines(mask: Mask, edge_fraction: float) -> Mask:
    """Return the pixels of thin lines that begin and end within a share of the width from the left and right edge."""
    height, width = mask.shape
    lines = np.zeros_like(mask)
    edge = max(1, round(edge_fraction * width))
    if not (mask[:, :edge].any() and mask[:, -edge:].any()):
        return lines
    thin = mask & (_run_lengths(mask) <= max(3, round(MAX_THICKNESS_FRACTION * height)))
    if not MIN_COVERED_FRACTION * width <= np.count_nonzero(thin) <= MAX_THIN_PIXELS:
        return lines
    y, x = np.nonzero(thin)
    centred = x - width / 2
    padding = int(np.ceil(abs(SLOPES).max() * width / 2))
    for slope in SLOPES:
        rows = np.rint(y - slope * centred).astype(int) + padding
        complete = _complete_rows(rows, x, height + 2 * padding, width, edge)
        if complete.any():
            near = complete | np.roll(complete, 1) | np.roll(complete, -1)
            on_line = near[rows]
            lines[y[on_line], x[on_line]] = True
    return lines


def _complete_rows(rows: Integers, x: Integers, height: int, width: int, edge: int) -> Mask:
    """Return which slanted rows, together with the row below, are covered nearly everywhere and at both ends."""
    covered = np.zeros((height + 1, width), bool)
    covered[rows, x] = True
    covered[:-1] |= covered[1:]
    long_enough = covered.sum(axis=1) > MIN_COVERED_FRACTION * width
    complete: Mask = long_enough & covered[:, :edge].any(axis=1) & covered[:, -edge:].any(axis=1)
    return complete[:-1]


def _run_lengths(mask: Mask) -> Integers:
    """Return the length of the vertical run of pixels that each pixel belongs to, ``(height, width)``."""
    lengths = np.zeros(mask.shape, np.int32)
    padded = np.zeros((mask.shape[1], mask.shape[0] + 2), np.int8)
    padded[:, 1:-1] = mask.T
    edges = np.flatnonzero(np.diff(padded.ravel()))
    runs = edges[1::2] - edges[::2]
    lengths.T[mask.T] = np.repeat(runs, runs)
    return lengths
