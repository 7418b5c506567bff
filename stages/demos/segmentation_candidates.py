"""The candidates of a strip: what the network takes each for, and the best path through all, or through one of them."""

from typing import NamedTuple

import numpy as np

from nndigits.models.network.ensemble import normalized
from nndigits.models.network.network import Network
from nndigits.models.strings.crops import crops_in_context
from nndigits.models.strings.lattice import Lattice
from nndigits.models.strings.reject_scores import reject_scores
from nndigits.models.strings.segmentation import TextLine
from nndigits.stages.demos.shared.texts import Say

say = Say("segmentation")


class Candidate(NamedTuple):
    """A run of neighbouring slices that may be a digit.

    Attributes
    ----------
    first, last
        Its slices, counted from 1.
    value, sure
        The most probable digit, and its probability.
    nothing
        The probability of the reject class.
    adds
        What it adds to the score of a path as a digit.
    left_out_adds
        What it adds to the score of a path that leaves it out as a non-digit.
    """

    first: int
    last: int
    value: int
    sure: float
    nothing: float
    adds: float
    left_out_adds: float

    @property
    def slices(self) -> str:
        """Its slices in words: ``2 to 4``."""
        return str(self.first) if self.first == self.last else say("to", first=self.first, last=self.last)


def score_candidates(network: Network, line: TextLine, shape: tuple[int, int]) -> tuple[list[Candidate], Lattice]:
    """Classify every candidate of the line for images of this shape, and build the lattice of their scores."""
    probabilities = normalized(network.all_outputs(crops_in_context(line, *shape)))
    digit_scores, non_digit_scores = reject_scores(line, normalized(probabilities[:, :-1]), 1 - probabilities[:, -1])
    candidates = [
        Candidate(
            int(first) + 1,
            int(last),
            int(one[:-1].argmax()),
            float(one[:-1].max()),
            float(one[-1]),
            float(adds),
            float(skipped),
        )
        for (first, last), one, adds, skipped in zip(
            line.spans, probabilities, digit_scores, non_digit_scores, strict=True
        )
    ]
    return candidates, Lattice(line.spans, digit_scores, non_digit_scores, line.count)


def reading(candidates: list[Candidate], path: list[int]) -> str:
    """Return what the candidates on a path read."""
    return "".join(str(candidates[number].value) for number in path)


def best_path_with(candidates: list[Candidate], chosen: int) -> tuple[str, float] | None:
    """Return what the best path with one candidate as a digit reads, and its score; None if there is no path."""
    one = candidates[chosen]
    kept = [other for other in candidates if other is one or other.last < one.first or other.first > one.last]
    lattice = Lattice(
        np.array([(other.first - 1, other.last) for other in kept]),
        np.array([other.adds for other in kept]),
        np.array([-np.inf if other is one else other.left_out_adds for other in kept]),
        max(other.last for other in candidates),
    )
    if not np.isfinite(lattice.scores).any():
        return None
    return reading(kept, lattice.digits()), float(lattice.scores.max())
