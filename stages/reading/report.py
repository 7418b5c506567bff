"""What reading a picture reports: each digit with its probability and box, and the lines that they form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nndigits.models.arrays.types import Bytes
from nndigits.models.strings.signs import Sign


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
    signs
        Points, commas, minus signs and slashes beside the digits, if they were asked for. ``text`` contains them.
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
    signs: tuple[Sign, ...]
    size: tuple[int, int]
    what: str
    weights: tuple[Path, ...]
    dataset: str
    classes: tuple[str, ...]
    has_reject_class: bool
    scored: int
    picture: Bytes = field(repr=False)


def text_of(lines: Sequence[Sequence[DigitReport]], names: Sequence[str], signs: Sequence[Sign] = ()) -> str:
    """Return the text of some lines, with each sign in its place in the line of the digit nearest to it.

    Digits and letters are joined as they stand, longer names with spaces.
    """
    marks = [[(digit.box, names[digit.digit]) for digit in line] for line in lines]
    digits = [(digit.box, number) for number, line in enumerate(lines) for digit in line]
    for sign in signs:
        if digits:
            _, line = min((_distance(sign.box, box), number) for box, number in digits)
            marks[line].append((sign.box, sign.text))
    return "\n".join(_joined([text for _, text in sorted(line, key=_middle)]) for line in marks)


def _joined(names: Sequence[str]) -> str:
    return ("" if all(len(name) == 1 for name in names) else " ").join(names)


def _middle(mark: tuple[tuple[int, int, int, int], str]) -> int:
    (left, _, right, _), _ = mark
    return left + right


def _distance(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> int:
    """Return the distance of two boxes. Vertical distances count twice."""
    across = max(0, other[0] - one[2], one[0] - other[2])
    return across + 2 * max(0, other[1] - one[3], one[1] - other[3])
