"""The stage `read`: read a picture of several digits, touching or not, on one line or several.

Every line is cut in more places than there are digits. The classifier scores all candidates between cuts at once, and
the best path through them is the text. The digits on it are classified once more, averaged over small shifts, and over
two slants where the network sees them alone. This makes fewer errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from nn.models.arrays.types import Array, Bytes
from nn.models.augmentation.shifts import all_shifts
from nn.models.images.centring import MIN_SIDE_WITH_MARGIN
from nn.models.images.foreground import foreground
from nn.models.strings.candidate_crops import crops_in_context, deslanted_crops, isolated_crops
from nn.models.strings.lattice import Lattice, distribute_digits
from nn.models.strings.reject_scores import reject_scores
from nn.models.strings.segmentation import TextLine, text_lines
from nn.models.strings.shape_scores import shape_scores
from nn.models.strings.whole_digit import WHOLE_BONUS, whole_digit
from nn.stages.classifiers import pictures
from nn.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nn.stages.figures.figure import Curve, Figure, Note, Panel
from nn.stages.store.environment import PRETRAINED
from nn.stages.store.errors import InputError, UsageError

MAX_CANDIDATES = 14_000
"""A page of about 240 digits has this many; scoring them takes some seconds."""

MAX_CANDIDATE_PIXELS = 2**27
"""Of all candidates, for networks with larger images than MNIST's: 512 of 512 x 512 pixels."""

MIN_DIGIT_PROBABILITY = 0.2
"""A line whose candidates are all less probably digits is a mark. The lattice alone would rather read it than leave out
all of its foreground."""

MAX_SIDE = 1200
"""Larger pictures are reduced to this longer side, in pixels. Forty digits on a line have 30 pixels each."""

FIGURE_WIDTH = 9.0  # inches


@dataclass(frozen=True)
class DigitReport:
    """A digit and its probability; ``box`` is its left, top, right and bottom in pixels."""

    digit: int
    probability: float
    runner_up: int
    runner_up_probability: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class ReadReport:
    """The digits of a picture: ``lines`` has a row of digits for each text line, ``text`` is the same as a string.

    Attributes
    ----------
    size
        Width and height of the picture that the boxes refer to, reduced if it was large.
    what, weights, dataset
        Name and files of the classifier, and the name of the data set that it was trained on.
    classes
        The names of the classes that it knows, digits or letters.
    has_reject_class
        Whether it has a reject class, for non-digits.
    scored
        Number of candidates that it scored.
    """

    path: Path
    text: str
    lines: tuple[tuple[DigitReport, ...], ...]
    size: tuple[int, int]
    what: str
    weights: tuple[Path, ...]
    dataset: str
    classes: tuple[str, ...]
    has_reject_class: bool
    scored: int
    picture: Bytes = field(repr=False)


def read(path: Path, weights: Path | Sequence[Path] = PRETRAINED, *, length: int | None = None) -> ReadReport:
    """Read the digits of a picture, or of standard input, ``-``.

    Parameters
    ----------
    weights
        Classifiers, best with a reject class; several form an ensemble. The default is the network that comes with nn.
    length
        Number of digits, if known.

    Raises
    ------
    InputError
        The weights are unusable; the picture is missing, not a picture, or has too many marks to be digits.
    UsageError
        The picture cannot have ``length`` digits, or only some of the weights have a reject class.
    """
    reader = EnsemblePredictor(weights)
    if not reader.is_consistent:
        raise UsageError(
            "some have a reject class, some have none; they expect different crops of a strip and cannot vote. "
            "Name networks of one kind only",
            "weights",
            reader.paths,
        )
    grey = pictures.load(path, MAX_SIDE)
    try:
        written, candidates = read_grey(grey, reader, length=length)
    except ValueError as error:
        raise InputError(f"{path}: is not a strip of digits: {error}. Crop the picture to the digits") from None
    return ReadReport(
        path=path,
        text="\n".join(_text([reader.names[digit.digit] for digit in line]) for line in written),
        lines=written,
        size=(grey.shape[1], grey.shape[0]),
        what=str(reader),
        weights=reader.paths,
        dataset=reader.dataset,
        classes=reader.names,
        has_reject_class=reader.has_reject_class,
        scored=candidates,
        picture=grey,
    )


def _text(names: Sequence[str]) -> str:
    """Join what was read on a line: digits and letters as they stand, longer names with spaces."""
    return ("" if all(len(name) == 1 for name in names) else " ").join(names)


def read_grey(
    grey: Bytes, reader: EnsemblePredictor, *, length: int | None = None
) -> tuple[tuple[tuple[DigitReport, ...], ...], int]:
    """Read the lines of digits of a picture, ``(height, width)``; also return the number of candidates.

    Raises ValueError for a picture that is not a strip of digits.
    """
    strokes = foreground(grey)
    found, images = _cut(strokes, reader)
    scored = len(images)
    probabilities, digit = reader.predict(images)
    whole = whole_digit(strokes) if length in (None, 1) else None
    if whole is not None and not reader.has_reject_class:
        alone = isolated_crops(whole, *reader.image)
        alone_probabilities = reader.predict(alone)[0]
        more = _best_score([whole], alone_probabilities) + WHOLE_BONUS > _best_score(found, probabilities)
        if more or length == 1:
            found, images, probabilities, digit = [whole], alone, alone_probabilities, np.ones(1)
    chosen = choose(found, probabilities, digit, rejects=reader.has_reject_class, length=length)
    own = _line_slices(found)
    digits = [rows.start + number for rows, numbers in zip(own, chosen, strict=True) for number in numbers]
    views = [images[digits]]
    if not reader.has_reject_class:
        upright = [deslanted_crops(line, numbers, *reader.image) for line, numbers in zip(found, chosen, strict=True)]
        views.append(np.concatenate([images[:0], *upright]))
    elif whole is not None and len(digits) == 1:
        views = [isolated_crops(whole, *reader.image)]
    probabilities[digits] = np.mean([_shift_average(reader, view) for view in views], axis=0)
    written = (
        tuple(_digit(line, number, probabilities[rows][number], float(digit[rows][number])) for number in numbers)
        for line, rows, numbers in zip(found, own, chosen, strict=True)
    )
    return tuple(line for line in written if line), scored  # a line of marks has no digits


def _shift_average(reader: EnsemblePredictor, images: Bytes) -> Array:
    """Return class probabilities, ``(n, classes)``, averaged over shifts of each image by up to one pixel.

    Small images are not shifted, because their digits touch the edges.
    """
    away = 1 if min(reader.image) >= MIN_SIDE_WITH_MARGIN else 0
    versions = list(all_shifts(images, away))
    outputs = reader.probabilities(np.concatenate(versions))
    mean: Array = outputs.reshape(len(versions), len(images), outputs.shape[1]).mean(axis=0)
    return mean


def _cut(strokes: Array, reader: EnsemblePredictor) -> tuple[list[TextLine], Bytes]:
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


def choose(
    found: Sequence[TextLine], probabilities: Array, digit: Array, *, rejects: bool, length: int | None = None
) -> list[list[int]]:
    """Choose the candidates of each line that are its digits.

    ``probabilities`` and ``digit`` have the candidates of all lines, line after line. Raises UsageError if there cannot
    be ``length`` digits.
    """
    own = _line_slices(found)
    lattices = _lattices(found, probabilities, digit, rejects=rejects)
    try:
        shares = [None] * len(lattices) if length is None else distribute_digits(lattices, length)
    except ValueError as error:
        raise UsageError(str(error), "length", length) from None
    chosen = [lattice.digits(share) for lattice, share in zip(lattices, shares, strict=True)]
    return [
        numbers if length is not None or digit[rows][numbers].max(initial=0) > MIN_DIGIT_PROBABILITY else []
        for numbers, rows in zip(chosen, own, strict=True)
    ]


def _lattices(found: Sequence[TextLine], probabilities: Array, digit: Array, *, rejects: bool) -> list[Lattice]:
    """Score the candidates of each line."""
    lattices = []
    for line, rows in zip(found, _line_slices(found), strict=True):
        scores = (
            reject_scores(line, probabilities[rows], digit[rows])
            if rejects
            else shape_scores(line, probabilities[rows])
        )
        lattices.append(Lattice(line.spans, *scores, line.count))
    return lattices


def _best_score(found: Sequence[TextLine], probabilities: Array) -> float:
    """Return the score of the best reading of some lines by a network without a reject class."""
    lattices = _lattices(found, probabilities, np.ones(len(probabilities)), rejects=False)
    return sum(float(lattice.scores.max()) for lattice in lattices)


def figure(report: ReadReport) -> Figure:
    """Draw the picture with a box around each digit and its value above."""
    digits = [digit for line in report.lines for digit in line]
    boxes = [digit.box for digit in digits]
    edges = [tuple(edge - 0.5 for edge in box) for box in boxes]  # a pixel is drawn centred on its index
    curves = [Curve((x, far, far, x, x), (y, y, low, low, y)) for x, y, far, low in edges]
    size = max((low - y for _, y, _, low in boxes), default=0)
    notes = [
        Note((digit.box[0] + digit.box[2]) / 2, digit.box[1] - 0.2 * size, report.classes[digit.digit], "off")
        for digit in digits
    ]
    width, height = report.size
    shown = (255 - report.picture).tolist()
    room = (height - 0.5, min(-0.5, min((note.y for note in notes), default=0) - 0.2 * size))
    title = report.text.replace("\n", " / ")
    panel = Panel(title, image=shown, curves=tuple(curves), notes=tuple(notes), y_range=room)
    return Figure((panel,), size=(FIGURE_WIDTH, min(max(1.5, FIGURE_WIDTH * height / width + 0.5), FIGURE_WIDTH)))


def _line_slices(found: Sequence[TextLine]) -> list[slice]:
    """Return the slice of each line's candidates among those of all lines."""
    ends = np.cumsum([0, *(len(line.spans) for line in found)]).tolist()
    return [slice(first, end) for first, end in pairwise(ends)]


def _digit(line: TextLine, number: int, probabilities: Array, digit: float) -> DigitReport:
    value, second = np.argsort(-probabilities, kind="stable")[:2].tolist()
    return DigitReport(
        digit=value,
        probability=float(probabilities[value] * digit),
        runner_up=second,
        runner_up_probability=float(probabilities[second] * digit),
        box=line.box(number),
    )
