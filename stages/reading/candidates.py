"""The candidates of a picture: its text lines, and an image of every candidate as the classifier expects it."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod

import numpy as np
from threadpoolctl import threadpool_limits

from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.strings.candidate_crops import crops_in_context, isolated_crops
from nndigits.models.strings.segmentation import TextLine, text_lines
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor

MAX_CANDIDATES = 14_000
"""A page of about 240 digits has this many; scoring them takes some seconds."""

MAX_CANDIDATE_PIXELS = 2**27
"""Of all candidates, for networks with larger images than MNIST's: 512 of 512 x 512 pixels."""


def cut(strokes: Array, reader: EnsemblePredictor) -> tuple[list[TextLine], Bytes]:
    """Cut a foreground into text lines, and crop all their candidates as the classifier expects them."""
    most = min(MAX_CANDIDATES, MAX_CANDIDATE_PIXELS // prod(reader.image))
    shown = crops_in_context if reader.has_reject_class else isolated_crops
    found: list[TextLine] = []
    with threadpool_limits(1, "blas"):  # many small products, slower with several threads
        for line in text_lines(strokes):
            found.append(line)
            if sum(len(line.spans) for line in found) > most:
                raise ValueError(f"it has more than {most:,} candidates for digits")
        images = [shown(line, *reader.image) for line in found]
    return found, np.concatenate([np.empty((0, *reader.image), np.uint8), *images])


def line_slices(found: Sequence[TextLine]) -> list[slice]:
    """Return the slice of each line's candidates among those of all lines."""
    ends = np.cumsum([0, *(len(line.spans) for line in found)]).tolist()
    return [slice(first, end) for first, end in pairwise(ends)]
