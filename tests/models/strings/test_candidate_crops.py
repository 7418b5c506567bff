"""What a network is shown of a strip's pieces: alone, or within the rest of the line."""

import numpy as np
import pytest

from nn.models.images.centring import to_mnist_format
from nn.models.strings.candidate_crops import BESIDE, crops_in_context, isolated_crops
from nn.models.strings.segmentation import TextLine, text_lines


@pytest.fixture
def line() -> TextLine:
    """A bar, and a bar with an arm on its right."""
    picture = np.zeros((60, 90), np.float32)
    picture[10:50, 20:26] = picture[10:50, 40:46] = picture[28:34, 40:60] = 1
    (found,) = text_lines(picture)
    return found


def test_alone_is_the_piece_as_a_digit(line: TextLine) -> None:
    shown = isolated_crops(line, 28, 28)
    assert shown.shape == (len(line.spans), 28, 28)
    for number, image in enumerate(shown):
        assert (image == to_mnist_format(line.piece(number))).all()


def test_within_is_the_same_with_the_rest_in_grey_where_it_stands(line: TextLine) -> None:
    digits, shown = isolated_crops(line, 28, 28), crops_in_context(line, 28, 28)
    grey = round(255 * BESIDE)
    assert (shown >= digits).all(), "the piece itself is as it was"
    assert shown[digits == 0].max() == pytest.approx(grey, abs=1)
    for (first, last), digit, view in zip(line.spans.tolist(), digits, shown, strict=True):
        columns = np.flatnonzero(digit.max(axis=0))
        beside = np.flatnonzero(np.where(digit, 0, view).max(axis=0) > grey / 2)
        if first == 0 and last == line.count:
            assert not len(beside)
        if first > 0:
            assert beside.min() < columns.min()
        if last < line.count:
            assert beside.max() > columns.max()


def test_the_rest_has_the_scale_of_the_piece() -> None:
    """Two bars are 40 high and 20 apart; a piece is 20 high, so they are 10 apart."""
    picture = np.zeros((60, 90), np.float32)
    picture[10:50, 20:26] = picture[10:50, 40:46] = 1
    (two,) = text_lines(picture)
    number = two.spans.tolist().index([0, 1])
    digit, view = isolated_crops(two, 28, 28)[number], crops_in_context(two, 28, 28)[number]
    columns = np.arange(28)
    bar, other = (part.sum(axis=0) @ columns / part.sum() for part in (digit, np.where(digit, 0, view)))
    assert other - bar == pytest.approx(10, abs=1)


def test_of_any_size(line: TextLine) -> None:
    assert crops_in_context(line, 8, 8).shape == (len(line.spans), 8, 8)
    assert crops_in_context(line, 12, 30).any(axis=(1, 2)).all()
