"""The stage `read`: read a picture of several digits, touching or not, on one line or several.

Every line is cut in more places than there are digits. The classifier scores all candidates between cuts at once, and
the best path through them is the text (``models/strings/reading.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from threadpoolctl import threadpool_limits

from nndigits.models.arrays.types import Bytes
from nndigits.models.images.foreground import MIN_COMPONENT_FRACTION, foreground
from nndigits.models.images.sheet import without_table
from nndigits.models.strings.lattice import TooManyDigits
from nndigits.models.strings.reading import Classifier, Digit, Reading, read_lines
from nndigits.models.strings.signs import Sign
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.figures.figure import Curve, Figure, Note, Panel
from nndigits.stages.own_images import pictures
from nndigits.stages.store.environment import PRETRAINED
from nndigits.stages.store.errors import InputError, UsageError

MAX_SIDE = 1200
"""Larger pictures are reduced to this longer side, in pixels. Forty digits on a line have 30 pixels each."""

SMALLEST_SIGN = 0.07
"""Components below this share of the height of the tallest one are specks. A point is as wide as the pen."""

FIGURE_WIDTH = 9.0  # inches


@dataclass(frozen=True)
class ReadReport:
    """The digits of a picture: ``lines`` has a row of digits for each text line, ``text`` is the same as a string.

    Attributes
    ----------
    cells
        The text of each cell of each line. In ``text``, tabs separate them.
    signs
        The signs beside the digits, if they were asked for. ``text`` contains them.
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
    cells: tuple[tuple[str, ...], ...]
    lines: tuple[tuple[Digit, ...], ...]
    signs: tuple[Sign, ...]
    size: tuple[int, int]
    what: str
    weights: tuple[Path, ...]
    dataset: str
    classes: tuple[str, ...]
    has_reject_class: bool
    scored: int
    picture: Bytes = field(repr=False)


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
        Whether to report the signs ``+ , - . / : =`` and fraction bars. Otherwise they are left out, but a slash
        is read as a digit.

    Raises
    ------
    InputError
        The weights are unusable; the picture is missing, not a picture, or has too many marks to be digits.
    UsageError
        The picture cannot have ``length`` digits, or only some of the weights have a reject class.
    """
    (report,) = read_all([path], weights, length=length, signs=signs)
    return report


def read_all(
    paths: Sequence[Path], weights: Path | Sequence[Path], *, length: int | None = None, signs: bool = False
) -> list[ReadReport]:
    """Read the digits of several pictures, each as ``read`` does."""
    if paths.count(pictures.STANDARD_INPUT) > 1:
        raise UsageError("-: standard input can be read once; name it once")
    reader = EnsemblePredictor(weights)
    if not reader.is_consistent:
        raise UsageError(
            "some have a reject class, some have none; they expect different crops of a strip and cannot vote. "
            "Name networks of one kind only",
            "weights",
            reader.paths,
        )
    return [_read(path, reader, length, signs) for path in paths]


def _read(path: Path, reader: EnsemblePredictor, length: int | None, signs: bool) -> ReadReport:
    grey = pictures.load(path, MAX_SIDE)
    try:
        reading = read_grey(without_table(grey), reader, length=length, signs=signs)
    except TooManyDigits as error:
        raise UsageError(str(error), "length", length) from None
    except ValueError as error:
        raise InputError(f"{path}: is not a strip of digits: {error}. Crop the picture to the digits") from None
    cells = texts_of(reading, reader.names, signs=signs)
    return ReadReport(
        path=path,
        text="\n".join(map("\t".join, cells)),
        cells=cells,
        lines=reading.lines,
        signs=tuple(one for row in reading.rows for cell in row for one in cell if signs and isinstance(one, Sign)),
        size=(grey.shape[1], grey.shape[0]),
        what=str(reader),
        weights=reader.paths,
        dataset=reader.dataset,
        classes=tuple(reader.names),
        has_reject_class=reader.has_reject_class,
        scored=reading.candidates,
        picture=grey,
    )


def read_grey(grey: Bytes, reader: Classifier, *, length: int | None = None, signs: bool = False) -> Reading:
    """Read the lines of digits of a grey picture, ``(height, width)``; raises as ``read_lines`` does."""
    strokes = foreground(grey, SMALLEST_SIGN if signs else MIN_COMPONENT_FRACTION)
    with threadpool_limits(1, "blas"):  # many small products, slower with several threads
        return read_lines(strokes, reader, length=length, slashes=signs)


def texts_of(reading: Reading, names: Sequence[str], *, signs: bool) -> tuple[tuple[str, ...], ...]:
    """Return the text of each cell of each line. Digits and letters are joined as they stand, names with spaces."""
    between = "" if all(len(name) == 1 for name in names) else " "
    return tuple(
        tuple(
            between.join(
                mark.text if isinstance(mark, Sign) else names[mark.digit]
                for mark in cell
                if signs or not isinstance(mark, Sign)
            )
            for cell in row
        )
        for row in reading.rows
    )


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
