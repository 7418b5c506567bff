"""The digits of a grey picture. Those on the best path are classified once more, over small shifts and two slants.

The average over shifts makes fewer errors, and so does that over slants where the network sees the digits alone.
"""

from collections.abc import Sequence

import numpy as np

from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.augmentation.shifts import all_shifts
from nndigits.models.images.centring import MIN_SIDE_WITH_MARGIN
from nndigits.models.images.foreground import foreground
from nndigits.models.strings.candidate_crops import deslanted_crops, isolated_crops
from nndigits.models.strings.segmentation import TextLine
from nndigits.models.strings.signs import Sign, find_signs, without_signs
from nndigits.models.strings.whole_digit import WHOLE_BONUS, whole_digit
from nndigits.stages.classifiers.ensemble_predictor import MIN_DIGIT_PROBABILITY, EnsemblePredictor
from nndigits.stages.reading.candidates import cut, line_slices
from nndigits.stages.reading.choice import best_score, choose
from nndigits.stages.reading.report import DigitReport

MIN_TOUCHING_PROBABILITY = 0.4
"""The least probability of each of several digits in one thing that is no digit as a whole. It was chosen on
validation digits and drawn letters: of 100 touching pairs, 2 are no longer read; of 100 letters, 37 are read instead
of 80."""


def read_grey(
    grey: Bytes, reader: EnsemblePredictor, *, length: int | None = None
) -> tuple[tuple[tuple[DigitReport, ...], ...], int]:
    """Read the lines of digits of a picture, ``(height, width)``; also return the number of candidates.

    Raises ValueError for a picture that is not a strip of digits.
    """
    strokes = foreground(grey)
    return read_foreground(strokes, [sign for sign in find_signs(strokes) if sign.text != "/"], reader, length=length)


def read_foreground(
    strokes: Array, signs: Sequence[Sign], reader: EnsemblePredictor, *, length: int | None = None
) -> tuple[tuple[tuple[DigitReport, ...], ...], int]:
    """Read the lines of digits of a foreground, ``(height, width)``, without some signs, as ``read_grey`` does."""
    found, images = cut(without_signs(strokes, signs), reader)
    scored = len(images)
    probabilities, digit = reader.predict(images)
    whole = whole_digit(strokes) if length in (None, 1) else None
    alone = images[:0] if whole is None else isolated_crops(whole, *reader.image)
    if whole is not None and not reader.has_reject_class:
        alone_probabilities = reader.predict(alone)[0]
        more = best_score([whole], alone_probabilities) + WHOLE_BONUS > best_score(found, probabilities)
        if more or length == 1:
            found, images, probabilities, digit = [whole], alone, alone_probabilities, np.ones(1)
    chosen = choose(found, probabilities, digit, rejects=reader.has_reject_class, length=length)
    own = line_slices(found)
    digits = [rows.start + number for rows, numbers in zip(own, chosen, strict=True) for number in numbers]
    views = [images[digits]]
    if not reader.has_reject_class:
        upright = [deslanted_crops(line, numbers, *reader.image) for line, numbers in zip(found, chosen, strict=True)]
        views.append(np.concatenate([images[:0], *upright]))
    elif whole is not None and len(digits) == 1:
        views = [alone]
    probabilities[digits] = np.mean([_shift_average(reader, view) for view in views], axis=0)
    lines = (
        tuple(_digit(line, number, probabilities[rows][number], float(digit[rows][number])) for number in numbers)
        for line, rows, numbers in zip(found, own, chosen, strict=True)
    )
    written = tuple(line for line in lines if line)  # a line of marks has no digits
    if written and len(alone) and length is None and reader.has_reject_class and _is_no_digit(alone, written, reader):
        written = ()
    return written, scored


def _is_no_digit(alone: Bytes, written: Sequence[Sequence[DigitReport]], reader: EnsemblePredictor) -> bool:
    """Return whether the only thing in a picture is a letter or a mark, not a digit and not digits that touch.

    ``alone``, ``(1, height, width)``, shows it as one digit. The network rejects that, and what was read in it is one
    digit, or two that are not probable either.
    """
    read = [one.probability for line in written for one in line]
    if len(read) > 2 or (len(read) == 2 and min(read) >= MIN_TOUCHING_PROBABILITY):
        return False
    return float(reader.predict(alone)[1][0]) < MIN_DIGIT_PROBABILITY


def _shift_average(reader: EnsemblePredictor, images: Bytes) -> Array:
    """Return class probabilities, ``(n, classes)``, averaged over shifts of each image by up to one pixel.

    Small images are not shifted, because their digits touch the edges.
    """
    away = 1 if min(reader.image) >= MIN_SIDE_WITH_MARGIN else 0
    versions = list(all_shifts(images, away))
    outputs = reader.probabilities(np.concatenate(versions))
    mean: Array = outputs.reshape(len(versions), len(images), outputs.shape[1]).mean(axis=0)
    return mean


def _digit(line: TextLine, number: int, probabilities: Array, digit: float) -> DigitReport:
    value, second = np.argsort(-probabilities, kind="stable")[:2].tolist()
    return DigitReport(
        digit=value,
        probability=float(probabilities[value] * digit),
        runner_up=second,
        runner_up_probability=float(probabilities[second] * digit),
        box=line.box(number),
    )
