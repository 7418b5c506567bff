"""What a network is shown of a line's pieces: each in full ink, and in grey what stands beside it.

A piece alone does not tell whether a stroke at its edge is its own or was cut from the next digit, nor whether half of
a 0 is a whole 1. With the rest around it, it does: so a person reads, too.
"""

import numpy as np

from nn.models.arrays.types import Bytes
from nn.models.images.centring import centring_offset, fit_to_box, paste, to_bytes, to_mnist_format
from nn.models.images.resampling import resample
from nn.models.strings.segmentation import TextLine

BESIDE = 0.4
"""How dark the ink beside a piece is: a share of its own."""


def isolated_crops(line: TextLine, height: int, width: int) -> Bytes:
    """All candidates of a line as one who has seen nothing but digits wants them, ``(m, height, width)``."""
    made = [to_mnist_format(line.piece(number), height, width) for number in range(len(line.spans))]
    return np.array(made, np.uint8).reshape(-1, height, width)


def crops_in_context(line: TextLine, height: int, width: int) -> Bytes:
    """All candidates as one wants them who knows what is no digit, within what stands around them."""
    made = [crop_in_context(line, number, height, width) for number in range(len(line.spans))]
    return np.array(made, np.uint8).reshape(-1, height, width)


def crop_in_context(line: TextLine, number: int, height: int, width: int) -> Bytes:
    """One candidate as large as if it were alone, in its place, and around it the rest of the line in grey."""
    piece = line.piece(number)
    digit = fit_to_box(piece, height, width)
    corner = centring_offset(digit, height, width)
    rows = np.flatnonzero(piece.any(axis=1))
    begins = int(rows[0]), int(line.columns[number, 0])
    sizes = int(rows[-1] + 1 - rows[0]), piece.shape[1]
    window, scaled, places = [], [], []
    for axis, room in enumerate((height, width)):
        scale = digit.shape[axis] / sizes[axis]
        before = min(begins[axis], int(np.ceil(corner[axis] / scale)))
        end = min(line.ink.shape[axis], begins[axis] + int(np.ceil((room - corner[axis]) / scale)))
        window.append(slice(begins[axis] - before, end))
        scaled.append(max(1, round((end - begins[axis] + before) * scale)))
        places.append(corner[axis] - round(before * scale))
    (first, last), slices = line.spans[number], line.slices[tuple(window)]
    beside = resample(line.ink[tuple(window)] * ((slices < first) | (slices >= last)), *scaled)
    grey = BESIDE * paste(beside, (places[0], places[1]), height, width)
    return to_bytes(np.maximum(paste(digit, corner, height, width), grey))
