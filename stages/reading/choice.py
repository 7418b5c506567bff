"""The choice of the candidates that are digits: the best path through each line."""

from collections.abc import Sequence

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.strings.lattice import Lattice, distribute_digits
from nndigits.models.strings.scores.reject_scores import reject_scores
from nndigits.models.strings.scores.shape_scores import shape_scores
from nndigits.models.strings.segmentation import TextLine
from nndigits.stages.reading.candidates import line_slices
from nndigits.stages.store.errors import UsageError

MIN_LINE_PROBABILITY = 0.2
"""A line whose candidates are all less probably digits is a mark. The lattice alone would rather read it than leave out
all of its foreground."""


def choose(
    found: Sequence[TextLine], probabilities: Array, digit: Array, *, rejects: bool, length: int | None = None
) -> list[list[int]]:
    """Choose the candidates of each line that are its digits.

    ``probabilities`` and ``digit`` have the candidates of all lines, line after line. Raises UsageError if there cannot
    be ``length`` digits.
    """
    own = line_slices(found)
    lattices = _lattices(found, probabilities, digit, rejects=rejects)
    try:
        shares = [None] * len(lattices) if length is None else distribute_digits(lattices, length)
    except ValueError as error:
        raise UsageError(str(error), "length", length) from None
    chosen = [lattice.digits(share) for lattice, share in zip(lattices, shares, strict=True)]
    return [
        numbers if length is not None or digit[rows][numbers].max(initial=0) > MIN_LINE_PROBABILITY else []
        for numbers, rows in zip(chosen, own, strict=True)
    ]


def _lattices(found: Sequence[TextLine], probabilities: Array, digit: Array, *, rejects: bool) -> list[Lattice]:
    """Score the candidates of each line."""
    lattices = []
    for line, rows in zip(found, line_slices(found), strict=True):
        scores = (
            reject_scores(line, probabilities[rows], digit[rows])
            if rejects
            else shape_scores(line, probabilities[rows])
        )
        lattices.append(Lattice(line.spans, *scores, line.count))
    return lattices


def best_score(found: Sequence[TextLine], probabilities: Array) -> float:
    """Return the score of the best reading of some lines by a network without a reject class."""
    lattices = _lattices(found, probabilities, np.ones(len(probabilities)), rejects=False)
    return sum(float(lattice.scores.max()) for lattice in lattices)
