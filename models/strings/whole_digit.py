"""The whole foreground of a picture as one digit, which competes with its segmentation into lines and candidates.

A broken digit may be cut into two lines, and a wide one into halves. `nn predict` would still read it.
"""

from dataclasses import replace

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.images.centring import crop_to_content, to_mnist_format
from nndigits.models.images.digit_finder import digit_problem
from nndigits.models.strings.segmentation import TextLine, cut_line

WHOLE_BONUS = 2.0
"""Added to the score of a whole foreground as one digit, in nats. Single digits are more frequent than touching pairs.
It was chosen on validation digits: each of 199 is then read as one digit, but so are 14 of 254 touching pairs, and 4
without it."""


def whole_digit(foreground: Array) -> TextLine | None:
    """Return the line whose only candidate is a whole foreground, ``(height, width)``, or None if it is not one digit.

    One digit is what `nn predict` takes for one: it may be broken, or be two that touch.
    """
    if not foreground.any() or digit_problem(foreground, to_mnist_format(foreground)) is not None:
        return None
    strokes = crop_to_content(foreground)
    corner = np.flatnonzero(foreground.any(axis=0))[0], np.flatnonzero(foreground.any(axis=1))[0]
    line = cut_line(strokes, len(strokes), (float(corner[0]), float(corner[1])))
    is_whole = line.spans[:, 1] - line.spans[:, 0] == line.count
    return replace(line, spans=line.spans[is_whole], columns=line.columns[is_whole]) if is_whole.any() else None
