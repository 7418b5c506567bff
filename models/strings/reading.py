"""Reading of a picture's digits: its text lines are cut into candidates, and the best path through them is the text.

The network classifies all candidates at once. Those on the best path are classified once more, over small shifts and
two slants. The average over shifts makes fewer errors, and so does that over slants where the network sees the digits
alone.

The whole foreground as one digit competes with its segmentation. A broken digit may be cut into two lines, and a wide
one into halves. `nn predict` would still read it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod
from typing import Protocol

import numpy as np

from nndigits.models.arrays.types import Array, Box, Bytes
from nndigits.models.augmentation.shifts import all_shifts
from nndigits.models.images.centring import MIN_SIDE_WITH_MARGIN, crop_to_content, to_mnist_format
from nndigits.models.images.digit_finder import digit_problem
from nndigits.models.strings.cells import cells
from nndigits.models.strings.crops import crops_in_context, deslanted_crops, isolated_crops
from nndigits.models.strings.lattice import Lattice, distribute_digits
from nndigits.models.strings.reject_scores import calibrated, reject_scores
from nndigits.models.strings.segmentation import TextLine, cut_into_lines, cut_line
from nndigits.models.strings.shape_scores import shape_scores
from nndigits.models.strings.signs import Sign, find_fractions, find_signs
from nndigits.models.strings.text_lines import group_into_lines

MAX_CANDIDATES = 14_000
"""A page of about 240 digits has this many; scoring them takes some seconds."""

MAX_CANDIDATE_PIXELS = 2**27
"""Of all candidates, for networks with larger images than MNIST's: 512 of 512 x 512 pixels."""

MIN_TOUCHING_PROBABILITY = 0.4
"""The least probability of each of several digits in one thing that is no digit as a whole. It was chosen on
validation digits and drawn letters: of 100 touching pairs, 2 are no longer read; of 100 letters, 37 are read instead
of 80."""

MIN_WHOLE_PROBABILITY = 0.5
"""The only thing in a picture is no digit as a whole if it is less probably one."""

WHOLE_BONUS = 2.0
"""Added to the score of a whole foreground as one digit, in nats. Single digits are more frequent than touching pairs.
It was chosen on validation digits: each of 199 is then read as one digit, but so are 14 of 254 touching pairs, and 4
without it."""


class Classifier(Protocol):
    """What reads: ``image`` is the height and width of its images."""

    image: tuple[int, int]

    @property
    def has_reject_class(self) -> bool:
        """Whether it knows what is no digit."""

    def predict(self, images: Bytes) -> tuple[Array, Array]:
        """Return the probability of each class, ``(n, classes)``, and of any digit at all, ``(n,)``."""


@dataclass(frozen=True)
class Digit:
    """A digit and its probability, and where it is."""

    digit: int
    probability: float
    runner_up: int
    runner_up_probability: float
    box: Box


@dataclass(frozen=True)
class Reading:
    """The digits and signs in each cell of each text line, and the number of candidates that were classified."""

    rows: tuple[tuple[tuple[Digit | Sign, ...], ...], ...]
    candidates: int

    @property
    def lines(self) -> tuple[tuple[Digit, ...], ...]:
        """The digits of each line."""
        return tuple(tuple(mark for cell in row for mark in cell if isinstance(mark, Digit)) for row in self.rows)


@dataclass(frozen=True)
class Candidates:
    """The candidates of some lines, line after line: their images, and what a classifier predicts for them."""

    lines: Sequence[TextLine]
    images: Bytes
    probabilities: Array
    digit: Array

    def rows(self) -> list[slice]:
        """Return the slice of each line's candidates among those of all lines."""
        ends = np.cumsum([0, *(len(line.spans) for line in self.lines)]).tolist()
        return [slice(first, end) for first, end in pairwise(ends)]

    def lattices(self, *, rejects: bool) -> list[Lattice]:
        """Return the lattice of each line, with scores for a classifier with or without a reject class."""
        found = []
        for line, rows in zip(self.lines, self.rows(), strict=True):
            probabilities = self.probabilities[rows]
            scores = (
                reject_scores(line, probabilities, self.digit[rows]) if rejects else shape_scores(line, probabilities)
            )
            found.append(Lattice(line.spans, *scores, line.count))
        return found


def read_lines(strokes: Array, classifier: Classifier, *, length: int | None = None, slashes: bool = False) -> Reading:
    """Read the digits of a foreground, ``(height, width)`` from 0 to 1: ``length`` of them, if that is given.

    Signs are told apart from digits. ``slashes`` and fraction bars are signs if they are asked for; otherwise a slash
    is read as a digit. Raises TooManyDigits if there cannot be ``length`` digits, and another ValueError for a picture
    that is not a strip of digits.
    """
    parts, groups = group_into_lines(strokes)
    rejects = classifier.has_reject_class
    groups, fractions = find_fractions(parts, groups) if slashes else (groups, [])
    signs = [find_signs(parts, group, slashes=slashes) for group in groups]
    left = [np.setdiff1d(group, [part for part, _ in own]) for group, own in zip(groups, signs, strict=True)]
    cut = cut_into_lines(strokes, parts, left)
    found = _classified(cut, crops_in_context if rejects else isolated_crops, classifier)
    scored = len(found.images)
    whole = whole_digit(strokes) if length in (None, 1) else None
    alone = None if whole is None else _classified([whole], isolated_crops, classifier)
    if alone is not None and not rejects and (length == 1 or _best_score(alone) + WHOLE_BONUS > _best_score(found)):
        found, signs = alone, [[]]
    rows = [
        cells(line, path, {sign for _, sign in own}, is_any_text=not rejects or length is not None)
        for line, path, own in zip(found.lines, _paths(found, rejects=rejects, length=length), signs, strict=True)
    ]
    chosen = [[one for cell in row for one in cell if isinstance(one, int)] for row in rows]
    digits = [own.start + number for own, numbers in zip(found.rows(), chosen, strict=True) for number in numbers]
    views = [found.images[digits]]
    if not rejects:
        upright = [
            deslanted_crops(line, numbers, *classifier.image) for line, numbers in zip(found.lines, chosen, strict=True)
        ]
        views.append(np.concatenate([found.images[:0], *upright]))
    elif alone is not None and len(digits) == 1:
        views = [alone.images]
    probabilities = np.mean([_shift_average(classifier, view) for view in views], axis=0)
    least = (probabilities.max(axis=1, initial=0) * found.digit[digits]).min(initial=1)
    if rejects:
        probabilities, found.digit[digits] = calibrated(probabilities, found.digit[digits])
    found.probabilities[digits] = probabilities
    if alone is not None and rejects and length is None and _is_no_digit(alone, len(digits), least):
        return Reading((), scored)
    marks: list[list[tuple[Digit | Sign, ...]]] = [
        [tuple(one if isinstance(one, Sign) else _digit(line, one, found, own.start) for one in cell) for cell in row]
        for line, own, row in zip(found.lines, found.rows(), rows, strict=True)
    ]
    for upper, bar, lower in fractions:
        if len(marks[upper]) == len(marks[lower]) == 1:
            marks[upper], marks[lower] = [(*marks[upper][0], bar, *marks[lower][0])], []
    return Reading(tuple(tuple(row) for row in marks if row), scored)


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


def _classified(
    lines: Iterable[TextLine], crops: Callable[[TextLine, int, int], Bytes], classifier: Classifier
) -> Candidates:
    """Crop the candidates of some lines and classify them. They are counted before they are cropped."""
    most = min(MAX_CANDIDATES, MAX_CANDIDATE_PIXELS // prod(classifier.image))
    found: list[TextLine] = []
    for line in lines:
        found.append(line)
        if sum(len(one.spans) for one in found) > most:
            raise ValueError(f"it has more than {most:,} candidates for digits")
    images = [crops(line, *classifier.image) for line in found]
    joined = np.concatenate([np.empty((0, *classifier.image), np.uint8), *images])
    return Candidates(found, joined, *classifier.predict(joined))


def _best_score(found: Candidates) -> float:
    """Return the score of the best reading by a network without a reject class."""
    return sum(float(lattice.scores.max()) for lattice in found.lattices(rejects=False))


def _paths(found: Candidates, *, rejects: bool, length: int | None) -> list[list[tuple[int, bool, float]]]:
    """Return the best path through each line, with ``length`` digits in all if that is given."""
    lattices = found.lattices(rejects=rejects)
    shares = [None] * len(lattices) if length is None else distribute_digits(lattices, length)
    return [lattice.path(share) for lattice, share in zip(lattices, shares, strict=True)]


def _is_no_digit(alone: Candidates, digits: int, least: float) -> bool:
    """Return whether the only thing in a picture is a letter or a mark, not a digit and not digits that touch.

    The network rejects it as one digit, and what was read in it is one digit, or two of which the ``least`` probable is
    not probable either, before calibration.
    """
    if digits > 2 or (digits == 2 and least >= MIN_TOUCHING_PROBABILITY):
        return False
    return float(alone.digit[0]) < MIN_WHOLE_PROBABILITY


def _shift_average(classifier: Classifier, images: Bytes) -> Array:
    """Return class probabilities, ``(n, classes)``, averaged over shifts of each image by up to one pixel.

    Small images are not shifted, because their digits touch the edges.
    """
    away = 1 if min(classifier.image) >= MIN_SIDE_WITH_MARGIN else 0
    versions = list(all_shifts(images, away))
    outputs, _ = classifier.predict(np.concatenate(versions))
    mean: Array = outputs.reshape(len(versions), len(images), outputs.shape[1]).mean(axis=0)
    return mean


def _digit(line: TextLine, number: int, found: Candidates, start: int) -> Digit:
    """Return a candidate of a line whose candidates begin at ``start`` among all that were classified."""
    probabilities, digit = found.probabilities[start + number], found.digit[start + number]
    value, second = np.argsort(-probabilities, kind="stable")[:2].tolist()
    return Digit(
        digit=value,
        probability=float(probabilities[value] * digit),
        runner_up=second,
        runner_up_probability=float(probabilities[second] * digit),
        box=line.box(number),
    )
