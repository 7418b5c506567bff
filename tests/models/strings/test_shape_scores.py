"""The scores of candidates for networks that know only digits: what stands apart is whole, what is cut is not."""

import numpy as np
import pytest

from nndigits.models.strings.lattice import Lattice
from nndigits.models.strings.scores import shape_scores
from nndigits.models.strings.scores.candidate_shapes import candidate_shapes
from nndigits.models.strings.segmentation import TextLine, text_lines


def line_of(picture: np.ndarray) -> TextLine:
    (line,) = text_lines(picture)
    return line


def ring(height: int, width: int, stroke: int = 4) -> np.ndarray:
    """Draw a 0 as an ellipse."""
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    distance = np.hypot(rows, columns)
    return ((distance < 1) & (distance > 1 - 2 * stroke / width)).astype(float)


def boxes(line: TextLine, probabilities: np.ndarray) -> list[tuple[int, int]]:
    """Return the left and right edge of each digit on the best path."""
    scores = shape_scores.shape_scores(line, probabilities)
    digits = Lattice(line.spans, *scores, line.count).digits()
    return [(line.box(number)[0], line.box(number)[2]) for number in digits]


def all_sure(line: TextLine, digit: int) -> np.ndarray:
    """Return the probabilities of a network that is as sure of every candidate."""
    return np.tile(np.where(np.arange(10) == digit, 0.97, 0.03 / 9), (len(line.spans), 1))


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_what_stands_apart_is_not_cut_even_if_the_network_is_as_sure_of_the_halves(count: int) -> None:
    strip = np.pad(np.concatenate([np.pad(ring(30, 24), ((0, 0), (3, 3)))] * count, axis=1), 6)
    line = line_of(strip)
    found = boxes(line, all_sure(line, 0))
    assert len(found) == count
    np.testing.assert_allclose(found, [(9 + 30 * place, 33 + 30 * place) for place in range(count)], atol=2)


def test_wide_digits_are_among_the_candidates_of_a_line_of_small_ones() -> None:
    small, wide = np.pad(ring(30, 20), ((8, 8), (4, 4))), np.pad(ring(44, 52, 5), ((1, 1), (4, 4)))
    line = line_of(np.pad(np.concatenate([small, small, wide, small, small], axis=1), 6))
    found = [line.box(number) for number in range(len(line.spans))]
    assert any(abs(left - 66) <= 2 and abs(right - 118) <= 2 for left, _, right, _ in found)


def test_a_broken_stroke_is_joined_if_the_network_prefers_the_whole() -> None:
    broken = ring(30, 24)
    broken[:, 10:14] = 0
    line = line_of(np.pad(np.concatenate([np.pad(broken, ((0, 0), (5, 5)))] * 3, axis=1), 6))
    probabilities = np.full((len(line.spans), 10), 0.1)  # a half tells the network nothing
    shapes = candidate_shapes(line)
    whole = (shapes.widths > 0.7) & (shapes.widths < 0.9)
    probabilities[whole] = np.where(np.arange(10) == 0, 0.97, 0.03 / 9)
    assert shapes.gaps[whole].min() > shape_scores.MIN_GAP
    assert len(boxes(line, probabilities)) == 3


def test_features_by_hand() -> None:
    picture = np.zeros((50, 120))
    picture[10:40, 20:26] = picture[10:40, 60:66] = picture[22:28, 60:90] = 1
    line = line_of(picture)
    shapes = candidate_shapes(line)
    found = np.array([line.box(number) for number in range(len(line.spans))])
    stroke = int(np.abs(found - (20, 10, 26, 40)).max(axis=1).argmin())
    features = shape_scores.digit_features(shapes, all_sure(line, 1))
    assert features.shape == (len(found), len(shape_scores.DIGIT_WEIGHTS))
    assert shapes.crossed[:, stroke].max() < 0.01
    np.testing.assert_allclose(features[stroke, [0, 2, 3, 4, 6, 7, 8]], [1, 0, 0, 0, 0, 0, 0], atol=0.01)
    assert (shapes.gaps[shapes.is_line] > 0.9).all()
    assert shapes.is_line.sum() <= 1
    assert shape_scores.non_digit_features(shapes)[stroke].tolist() == [1, pytest.approx(1, abs=0.1)]


def test_other_classes_than_ten_digits_have_no_known_widths() -> None:
    line = line_of(np.pad(ring(30, 24), 8))
    seven = np.full((len(line.spans), 7), 1 / 7)
    assert (shape_scores.digit_features(candidate_shapes(line), seven)[:, 5] == 0).all()
