"""Images of a line's candidates for the network: each alone, or in full intensity with its neighbours in grey.

An isolated candidate does not show whether a stroke at its edge is its own or was cut from the next digit, nor whether
half of a 0 is a complete 1. The surrounding line shows it to networks with a reject class. Other networks see a
candidate as it is in the picture: scaling and shearing a line would blur its edges.
"""

from collections.abc import Sequence

import numpy as np

from nndigits.models.arrays.types import Array, Bytes, Integers
from nndigits.models.images.centring import centring_offset, fit_to_box, paste, to_bytes, to_mnist_format
from nndigits.models.images.resampling import resample
from nndigits.models.strings.cuts import slice_boxes
from nndigits.models.strings.deslant import relative_slant, sheared
from nndigits.models.strings.segmentation import TextLine

CONTEXT_INTENSITY = 0.4
"""The intensity of the foreground around a candidate, as a share of the candidate's own."""

OWN_SLANT = 0.75
"""The share of a digit's slant that is corrected. A 7 has more of it than others when it is written upright."""

SOFT_EDGE = 1
"""Columns on both sides of a candidate that may hold the soft edges of its strokes."""


def original_crops(line: TextLine, numbers: Sequence[int]) -> list[Array]:
    """Return the foreground of some candidates of a line, each ``(height, its columns)``, in pixels of the picture."""
    slices = _original_slices(line)
    lefts, rights, _, _ = slice_boxes(line.original, slices, line.count)
    crops = []
    for first, last in line.spans[list(numbers)].tolist():
        left, right = max(0, lefts[first:last].min() - SOFT_EDGE), rights[first:last].max() + SOFT_EDGE
        own = slices[:, left:right]
        crops.append(line.original[:, left:right] * ((own >= first) & (own < last)))
    return crops


def _original_slices(line: TextLine) -> Integers:
    """Return the slice of each pixel of the picture, ``(height, width)``: that of the pixel nearest to it in the line.

    Row ``r`` of the picture is row ``scale * (r + 0.5) - 0.5`` of the line; columns are also shifted by the shear.
    """
    (height, width), (rows, columns) = line.original.shape, line.foreground.shape
    down = _nearest(line.scale * (np.arange(height) + 0.5) - 0.5, rows)
    across = line.scale * (np.arange(width) + 0.5) - 0.5 + line.row_offsets[down][:, None]
    slices: Integers = line.slices[down[:, None], _nearest(across, columns)]
    return slices


def _nearest(positions: Array, count: int) -> Integers:
    """Return the nearest of ``count`` indices."""
    return np.clip(np.rint(positions), 0, count - 1).astype(np.intp)


def isolated_crops(line: TextLine, height: int, width: int) -> Bytes:
    """Return the candidates of a line, each alone, ``(m, height, width)``: for networks without a reject class."""
    return _images(original_crops(line, range(len(line.spans))), height, width)


def deslanted_crops(line: TextLine, numbers: Sequence[int], height: int, width: int) -> Bytes:
    """Return some candidates of a line, alone and each with its own slant corrected, ``(n, height, width)``."""
    crops = original_crops(line, numbers)
    return _images([sheared(crop, -OWN_SLANT * relative_slant(crop)) for crop in crops], height, width)


def _images(crops: Sequence[Array], height: int, width: int) -> Bytes:
    images = [to_mnist_format(crop, height, width) for crop in crops]
    return np.array(images, np.uint8).reshape(-1, height, width)


def crops_in_context(line: TextLine, height: int, width: int) -> Bytes:
    """Return the candidates of a line, each within its surroundings: for networks with a reject class."""
    crops = [crop_in_context(line, number, height, width) for number in range(len(line.spans))]
    return np.array(crops, np.uint8).reshape(-1, height, width)


def crop_in_context(line: TextLine, number: int, height: int, width: int) -> Bytes:
    """Return one candidate, in the size and position of its isolated crop, and the rest of the line in grey."""
    crop = line.crop(number)
    digit = fit_to_box(crop, height, width)
    offset = centring_offset(digit, height, width)
    rows = np.flatnonzero(crop.any(axis=1))
    starts = int(rows[0]), int(line.columns[number, 0])
    sizes = int(rows[-1] + 1 - rows[0]), crop.shape[1]
    window, scaled_shape, context_offset = [], [], []
    for axis, length in enumerate((height, width)):
        scale = digit.shape[axis] / sizes[axis]
        before = min(starts[axis], int(np.ceil(offset[axis] / scale)))
        end = min(line.foreground.shape[axis], starts[axis] + int(np.ceil((length - offset[axis]) / scale)))
        window.append(slice(starts[axis] - before, end))
        scaled_shape.append(max(1, round((end - starts[axis] + before) * scale)))
        context_offset.append(offset[axis] - round(before * scale))
    (first, last), slices = line.spans[number], line.slices[tuple(window)]
    context = resample(line.foreground[tuple(window)] * ((slices < first) | (slices >= last)), *scaled_shape)
    grey = CONTEXT_INTENSITY * paste(context, (context_offset[0], context_offset[1]), height, width)
    return to_bytes(np.maximum(paste(digit, offset, height, width), grey))
