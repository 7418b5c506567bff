"""Reading a strip: the digits of a picture that holds several, touching or not, on one line or on several.

Every line is cut into more pieces than there can be digits, the classifier reads all of them at once, and the best way
through them is the text. What is on it is looked at once more, moved a little, as two looks err less than one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from nn.models.arrays.types import Array, Bytes
from nn.models.augmentation.shifts import all_shifts
from nn.models.images.centring import LARGE
from nn.models.images.foreground import foreground
from nn.models.strings.candidate_crops import crops_in_context, isolated_crops
from nn.models.strings.candidate_scores import WITH_REJECT_CLASS, WITHOUT_REJECT_CLASS, candidate_scores
from nn.models.strings.lattice import Lattice, distribute_digits
from nn.models.strings.segmentation import TextLine, text_lines
from nn.stages.classifiers import pictures
from nn.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nn.stages.figures.figure import Curve, Figure, Note, Panel
from nn.stages.store.errors import InputError, UsageError

MOST_CANDIDATES = 10_000
"""What a page of some two hundred and forty digits has; reading so many takes some seconds."""

NOTHING = 0.2
"""A line none of whose pieces is more probably a digit is a mark: leaving out all the ink would cost it more."""

SIDE = 1200
"""Pixels on the longer side that are kept: forty digits in a line have thirty each."""

INCHES = 9.0


@dataclass(frozen=True)
class DigitReport:
    """A digit that was read, and how probable it is; ``box`` is its left, top, right and bottom in pixels."""

    value: int
    confidence: float
    runner_up: int
    runner_up_confidence: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class ReadReport:
    """What was read; ``lines`` has a row of digits for each line of writing, ``text`` the same as text.

    Attributes
    ----------
    size
        Width and height of the picture that the boxes are in: a large one was made smaller.
    what, weights
        What read it.
    rejects
        Whether it has learned what is no digit.
    candidates
        How many pieces it was shown.
    """

    path: Path
    text: str
    lines: tuple[tuple[DigitReport, ...], ...]
    size: tuple[int, int]
    what: str
    weights: tuple[Path, ...]
    rejects: bool
    candidates: int
    picture: Bytes = field(repr=False)


def read(path: Path, weights: Path | Sequence[Path], *, length: int | None = None) -> ReadReport:
    """Read the digits of a picture; ``-`` is standard input.

    Parameters
    ----------
    weights
        What was trained, best with ``rejects``; several vote.
    length
        How many digits there are, where that is known.

    Raises
    ------
    InputError
        The weights are unusable; the picture is missing, none, or has far more ink than digits.
    UsageError
        There cannot be so many digits in it; or of the weights some know what is no digit, and some do not.
    """
    reader = EnsemblePredictor(weights)
    if not reader.is_consistent:
        raise UsageError(
            f"--weights {', '.join(map(str, reader.paths))}: some have learned what is no digit, some have not; "
            "of a strip these want to see different things, and cannot vote. Name one sort alone"
        )
    grey = pictures.load(path, SIDE)
    try:
        written, candidates = read_grey(grey, reader, length=length)
    except ValueError as error:
        raise InputError(f"{path}: is no strip of digits: {error}. Cut out the part to read") from None
    return ReadReport(
        path=path,
        text="\n".join("".join(str(digit.value) for digit in line) for line in written),
        lines=written,
        size=(grey.shape[1], grey.shape[0]),
        what=str(reader),
        weights=reader.paths,
        rejects=reader.has_reject_class,
        candidates=candidates,
        picture=grey,
    )


def read_grey(
    grey: Bytes, reader: EnsemblePredictor, *, length: int | None = None
) -> tuple[tuple[tuple[DigitReport, ...], ...], int]:
    """The lines of digits of a picture, ``(height, width)``, and how many candidates there were for them.

    Raises ValueError for a picture that is no strip of digits.
    """
    found, images = _cut(grey, reader)
    probabilities, digit = reader.predict(images)
    chosen = choose(found, probabilities, digit, rejects=reader.has_reject_class, length=length)
    own = _own(found)
    digits = [rows.start + number for rows, numbers in zip(own, chosen, strict=True) for number in numbers]
    probabilities[digits] = _again(reader, images[digits])
    written = (
        tuple(_digit(line, number, probabilities[rows][number], float(digit[rows][number])) for number in numbers)
        for line, rows, numbers in zip(found, own, chosen, strict=True)
    )
    return tuple(line for line in written if line), len(images)  # marks alone are no line


def _again(reader: EnsemblePredictor, images: Bytes) -> Array:
    """How probable each digit is, ``(n, classes)``, on average of all places up to a pixel away.

    In small images, which digits fill to the edges, there is but one place.
    """
    away = 1 if min(reader.image) >= LARGE else 0
    versions = list(all_shifts(images, away))
    answers = reader.probabilities(np.concatenate(versions))
    mean: Array = answers.reshape(len(versions), len(images), answers.shape[1]).mean(axis=0)
    return mean


def _cut(grey: Bytes, reader: EnsemblePredictor) -> tuple[list[TextLine], Bytes]:
    """The lines of a picture, and all their candidates as the reader wants them."""
    shown = crops_in_context if reader.has_reject_class else isolated_crops
    found: list[TextLine] = []
    images = [np.empty((0, *reader.image), np.uint8)]
    with threadpool_limits(1, "blas"):  # many small products: threads would wait for each other
        for line in text_lines(foreground(grey)):
            if len(line.spans) + sum(map(len, images)) > MOST_CANDIDATES:
                raise ValueError(f"it could be cut into more than {MOST_CANDIDATES:,} pieces")
            found.append(line)
            images.append(shown(line, *reader.image))
    return found, np.concatenate(images)


def choose(
    found: Sequence[TextLine], probabilities: Array, digit: Array, *, rejects: bool, length: int | None = None
) -> list[list[int]]:
    """Which candidates of each line are its digits, for what was read of those of all lines, one line behind another.

    Raises UsageError where there cannot be ``length`` of them.
    """
    weighing = WITH_REJECT_CLASS if rejects else WITHOUT_REJECT_CLASS
    own = _own(found)
    lattices = [
        Lattice(line.spans, *candidate_scores(line, probabilities[rows], digit[rows], weighing), line.count)
        for line, rows in zip(found, own, strict=True)
    ]
    try:
        shares = [None] * len(lattices) if length is None else distribute_digits(lattices, length)
    except ValueError as error:
        raise UsageError(f"--length {length}: {error}") from None
    chosen = [lattice.digits(share) for lattice, share in zip(lattices, shares, strict=True)]
    return [
        numbers if length is not None or digit[rows][numbers].max(initial=0) > NOTHING else []
        for numbers, rows in zip(chosen, own, strict=True)
    ]


def figure(report: ReadReport) -> Figure:
    """The picture with a box around each digit and its value above."""
    digits = [digit for line in report.lines for digit in line]
    boxes = [digit.box for digit in digits]
    edges = [tuple(edge - 0.5 for edge in box) for box in boxes]  # a pixel is drawn around its number
    curves = [Curve((x, far, far, x, x), (y, y, low, low, y)) for x, y, far, low in edges]
    size = max((low - y for _, y, _, low in boxes), default=0)
    notes = [
        Note((digit.box[0] + digit.box[2]) / 2, digit.box[1] - 0.2 * size, str(digit.value), "off") for digit in digits
    ]
    width, height = report.size
    shown = (255 - report.picture).tolist()
    room = (height - 0.5, min(-0.5, min((note.y for note in notes), default=0) - 0.2 * size))
    title = report.text.replace("\n", " / ")
    panel = Panel(title, image=shown, curves=tuple(curves), notes=tuple(notes), y_range=room)
    return Figure((panel,), size=(INCHES, min(max(1.5, INCHES * height / width + 0.5), INCHES)))


def _own(found: Sequence[TextLine]) -> list[slice]:
    """Where each line's candidates stand among those of all."""
    ends = np.cumsum([0, *(len(line.spans) for line in found)]).tolist()
    return [slice(first, behind) for first, behind in pairwise(ends)]


def _digit(line: TextLine, number: int, probabilities: Array, digit: float) -> DigitReport:
    value, second = np.argsort(-probabilities, kind="stable")[:2].tolist()
    return DigitReport(
        value=value,
        confidence=float(probabilities[value] * digit),
        runner_up=second,
        runner_up_confidence=float(probabilities[second] * digit),
        box=line.box(number),
    )
