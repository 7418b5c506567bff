"""The stage `read`: read a picture of several digits, touching or not, on one line or several.

Every line is cut in more places than there are digits. The classifier scores all candidates between cuts at once, and
the best path through them is the text (``reading``).
"""

from collections.abc import Sequence
from pathlib import Path

from nndigits.models.images.foreground import foreground
from nndigits.models.images.sheet import without_table
from nndigits.models.strings.signs import find_signs
from nndigits.stages.classifiers import pictures
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.reading.digits import read_foreground, read_grey
from nndigits.stages.reading.report import ReadReport, text_of
from nndigits.stages.store.environment import PRETRAINED
from nndigits.stages.store.errors import InputError, UsageError

MAX_SIDE = 1200
"""Larger pictures are reduced to this longer side, in pixels. Forty digits on a line have 30 pixels each."""

SMALLEST_SIGN = 0.07
"""Components below this share of the height of the tallest one are specks. A point is as wide as the pen."""


def read(
    path: Path, weights: Path | Sequence[Path] = PRETRAINED, *, length: int | None = None, signs: bool = False
) -> ReadReport:
    """Read the digits of a picture, or of standard input, ``-``.

    Parameters
    ----------
    weights
        Classifiers, best with a reject class; several form an ensemble. The default is the network that comes with nn.
    length
        Number of digits, if known.
    signs
        Whether to report points, commas, minus signs and slashes. Otherwise the first three are left out, and a slash
        is read as a digit.

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
    paper = without_table(grey)
    try:
        if signs:
            strokes = foreground(paper, SMALLEST_SIGN)
            found = find_signs(strokes)
            written, candidates = read_foreground(strokes, found, reader, length=length)
        else:
            found = []
            written, candidates = read_grey(paper, reader, length=length)
    except ValueError as error:
        raise InputError(f"{path}: is not a strip of digits: {error}. Crop the picture to the digits") from None
    return ReadReport(
        path=path,
        text=text_of(written, reader.names, found),
        lines=written,
        signs=tuple(found),
        size=(grey.shape[1], grey.shape[0]),
        what=str(reader),
        weights=reader.paths,
        dataset=reader.dataset,
        classes=tuple(reader.names),
        has_reject_class=reader.has_reject_class,
        scored=candidates,
        picture=grey,
    )
