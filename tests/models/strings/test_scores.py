"""The scores of candidates: what stands apart is whole, what is cut is not, and cuts depend on the others of a line."""

import numpy as np
import pytest

from nndigits.models.strings import shape_scores
from nndigits.models.strings.lattice import Lattice
from nndigits.models.strings.reject_scores import calibrated, reject_scores, scores_without_prior
from nndigits.models.strings.segmentation import TextLine, cut_into_lines
from nndigits.models.strings.shape_scores import candidate_shapes
from nndigits.models.strings.text_lines import group_into_lines
from nndigits.models.strings.touching_prior import STROKE, TOUCHING_RATES, touching_prior, with_touching_rate


def line_of(picture: np.ndarray) -> TextLine:
    (line,) = cut_into_lines(picture, *group_into_lines(picture))
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
    np.testing.assert_allclose(features[stroke, [0, 2, 3, 5, 6]], [1, 0, 0, 0, 0], atol=0.01)


def test_other_classes_than_ten_digits_have_no_known_widths() -> None:
    line = line_of(np.pad(ring(30, 24), 8))
    seven = np.full((len(line.spans), 7), 1 / 7)
    assert (shape_scores.digit_features(candidate_shapes(line), seven)[:, 4] == 0).all()


def test_the_size_of_a_candidate_is_its_longer_side() -> None:
    picture = np.zeros((50, 140))
    picture[10:40, 20:26] = picture[22:28, 50:75] = picture[34:44, 100:106] = 1  # a stroke, a low wide digit, a comma
    line = line_of(picture)
    sizes = candidate_shapes(line).sizes
    boxes = np.array([line.box(number) for number in range(len(sizes))])
    wanted = ((20, 10, 26, 40), (50, 22, 75, 28), (100, 34, 106, 44))
    chosen = [int(np.abs(boxes - box).max(axis=1).argmin()) for box in wanted]
    np.testing.assert_allclose(sizes[chosen], [1, 25 / 30, 1 / 3], atol=0.12)
    sure = np.tile(np.eye(10)[1], (len(sizes), 1))
    _, non_digit_scores = reject_scores(line, sure, np.full(len(sizes), 0.9))
    assert (np.diff(non_digit_scores[chosen]) > 0).all(), "the larger a candidate, the less is it skipped"


def test_the_touching_prior_of_a_cut_depends_on_the_others_of_its_line() -> None:
    """Cuts through background, a stroke, half a stroke and two strokes."""
    costs = STROKE * np.array([0, 0, 1, 0.5, 2, 0])
    np.testing.assert_allclose(touching_prior(costs, np.array([], int)), 0, err_msg="one digit is no evidence")
    through_background = touching_prior(costs, np.array([1, 5]))
    np.testing.assert_allclose(through_background, np.log(1 / 3) * np.array([0, 0, 1, 0.5, 1, 0]))
    through_strokes = touching_prior(costs, np.array([2, 4]))  # of 2, only 4 is another, and of 4, 2
    np.testing.assert_allclose(through_strokes, [0, 0, np.log(2), np.log(3) / 2, np.log(2), 0])


def test_the_touching_rate_of_a_line_is_that_of_its_best_path() -> None:
    """Four bars: apart, the rate is the lowest; joined by a thick bar across, cuts cross strokes and it is higher."""
    apart = np.zeros((50, 130))
    apart[10:40, 15:21] = apart[10:40, 45:51] = apart[10:40, 75:81] = apart[10:40, 105:111] = 1
    joined = apart.copy()
    joined[22:28, 15:111] = 1
    for picture, rate in ((apart, TOUCHING_RATES[0]), (joined, TOUCHING_RATES[-1])):
        line = line_of(picture)
        starts, strokes = line.spans[:, 0], np.minimum(line.crossed / STROKE, 1)
        single = np.where(candidate_shapes(line).widths < 1, -1.0, -50.0)
        nothing = np.full(len(starts), -100.0)
        scores = with_touching_rate(line, single, nothing) - single
        wanted = strokes * np.log(rate) + (1 - strokes) * np.log(1 - rate)
        wanted[0] = 0
        np.testing.assert_allclose(scores, wanted[starts], atol=1e-9)


def test_reject_scores_by_hand() -> None:
    sure = np.eye(10)[[1, 1, 1]]
    digit, non_digit = scores_without_prior(np.array([1.2, 0.5, 0.25]), sure, np.full(3, 0.8))
    np.testing.assert_allclose(digit, np.log(0.8) - 0.5 * np.log(0.2))
    np.testing.assert_allclose(non_digit, np.log(0.2) - 4 * np.array([1, 0.5, 0.25]))


def test_what_was_read_is_calibrated() -> None:
    """Worked by hand: at temperature 0.5, probabilities are squared and normalised; odds of 1 : 3 become 2 : 3."""
    classes, digit = calibrated(np.array([[0.6, 0.3, 0.1], [1, 0, 0]]), np.array([0.25, 1]))
    np.testing.assert_allclose(classes, [[36 / 46, 9 / 46, 1 / 46], [1, 0, 0]], atol=1e-12)
    np.testing.assert_allclose(digit, [0.4, 1])
