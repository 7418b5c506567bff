"""Crops of candidates: isolated, or in the context of their line."""

import numpy as np
import pytest

from nndigits.models.images.centring import to_mnist_format
from nndigits.models.strings.crops import (
    CONTEXT_INTENSITY,
    crops_in_context,
    deslanted_crops,
    isolated_crops,
    original_crops,
)
from nndigits.models.strings.deslant import relative_slant
from nndigits.models.strings.segmentation import TextLine, cut_into_lines
from nndigits.models.strings.text_lines import group_into_lines


def lines_of(picture: np.ndarray) -> list[TextLine]:
    return list(cut_into_lines(picture, *group_into_lines(picture)))


@pytest.fixture
def line() -> TextLine:
    """A bar, and a bar with an arm on its right."""
    picture = np.zeros((60, 90), np.float32)
    picture[10:50, 20:26] = picture[10:50, 40:46] = picture[28:34, 40:60] = 1
    (found,) = lines_of(picture)
    return found


def in_mnist_format(line: TextLine) -> np.ndarray:
    return np.array([to_mnist_format(line.crop(number)) for number in range(len(line.spans))])


def test_an_isolated_crop_is_the_digit_as_it_is_in_the_picture() -> None:
    """Four bars of 20 rows lean by 0.4. The line is enlarged and deslanted, their crops are not."""
    rows, columns = np.mgrid[:30, :90]
    starts = columns[:, :, None] - (12, 28, 44, 60) - 0.4 * (24 - rows[:, :, None])
    picture = ((starts >= 0) & (starts < 4) & (rows[:, :, None] >= 5) & (rows[:, :, None] < 25)).any(axis=2)
    (four,) = lines_of(picture.astype(np.float32))
    assert four.scale > 1.2
    assert four.shear < -0.05
    alone = np.where(columns < 27, picture, 0).astype(np.float32)
    crops = isolated_crops(four, 28, 28)
    boxes = np.array([four.box(number) for number in range(len(four.spans))])
    first = int(np.abs(boxes - (12, 5, 24, 25)).max(axis=1).argmin())
    assert crops.shape == (len(four.spans), 28, 28)
    assert (crops[first] == to_mnist_format(alone)).all()
    (kept,) = original_crops(four, [first])
    assert kept.sum() == alone.sum()


def test_the_original_crops_of_adjacent_candidates_share_no_pixel() -> None:
    """A bar with three teeth: every cut crosses it, and each pixel belongs to one slice."""
    picture = np.zeros((30, 90), np.float32)
    picture[12:16, 5:85] = picture[5:25, 10:14] = picture[5:25, 40:44] = picture[5:25, 70:74] = 1
    (comb,) = lines_of(picture)
    slices = [comb.spans.tolist().index([number, number + 1]) for number in range(comb.count)]
    assert comb.count > 2
    assert sum(crop.sum() for crop in original_crops(comb, slices)) == picture.sum()


def test_a_digit_that_leans_otherwise_than_its_line_is_deslanted(line: TextLine) -> None:
    rows = np.arange(40)[:, None]
    picture = np.zeros((60, 130), np.float32)
    for start, lean in ((20, 0), (50, 0), (80, 0), (100, 0.5)):
        columns = np.arange(130) - start - lean * (39 - rows)
        picture[10:50] = np.maximum(picture[10:50], (columns >= 0) & (columns < 6))
    (four,) = lines_of(picture)
    spans = [(number, number + 1) for number in range(four.count)]
    last = four.spans.tolist().index(list(spans[-1]))
    own = relative_slant(four.crop(last))
    (upright,) = deslanted_crops(four, [last], 28, 28)
    assert own > 0.2
    assert abs(relative_slant(upright / np.float32(255))) < 0.5 * own


def test_a_crop_in_context_adds_the_rest_of_the_line_in_grey(line: TextLine) -> None:
    digits, crops = in_mnist_format(line), crops_in_context(line, 28, 28)
    grey = round(255 * CONTEXT_INTENSITY)
    assert (crops >= digits).all(), "the candidate itself is unchanged"
    assert crops[digits == 0].max() == pytest.approx(grey, abs=1)
    for (first, last), digit, crop in zip(line.spans.tolist(), digits, crops, strict=True):
        columns = np.flatnonzero(digit.max(axis=0))
        context = np.flatnonzero(np.where(digit, 0, crop).max(axis=0) > grey / 2)
        if first == 0 and last == line.count:
            assert not len(context)
        if first > 0:
            assert context.min() < columns.min()
        if last < line.count:
            assert context.max() > columns.max()


def test_the_context_has_the_scale_of_the_candidate() -> None:
    """Two bars are 40 high and 20 apart. A scaled candidate is 20 high, so they are 10 apart."""
    picture = np.zeros((60, 90), np.float32)
    picture[10:50, 20:26] = picture[10:50, 40:46] = 1
    (two,) = lines_of(picture)
    number = two.spans.tolist().index([0, 1])
    digit, crop = in_mnist_format(two)[number], crops_in_context(two, 28, 28)[number]
    columns = np.arange(28)
    bar, other = (part.sum(axis=0) @ columns / part.sum() for part in (digit, np.where(digit, 0, crop)))
    assert other - bar == pytest.approx(10, abs=1)


def test_crops_of_any_size(line: TextLine) -> None:
    assert crops_in_context(line, 8, 8).shape == (len(line.spans), 8, 8)
    assert crops_in_context(line, 12, 30).any(axis=(1, 2)).all()
