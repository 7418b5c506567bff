"""Segmentation of strips into candidates, and the best path through them: the maths of nn read."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from nndigits.models.images.centring import crop_to_content
from nndigits.models.strings.cut_paths import cheapest_paths, cut_paths
from nndigits.models.strings.deslant import estimate_slant, sheared
from nndigits.models.strings.lattice import Lattice, distribute_digits
from nndigits.models.strings.scores.candidate_shapes import candidate_shapes
from nndigits.models.strings.scores.reject_scores import reject_scores
from nndigits.models.strings.scores.touching_prior import STROKE, TOUCHING_RATES, touching_prior, with_touching_rate
from nndigits.models.strings.segmentation import MAX_WIDTH, cut_line, text_lines
from nndigits.models.strings.synthesis.composition import compose, touching_gap
from nndigits.models.strings.synthesis.ground_truth import ground_truth, overlap
from nndigits.models.strings.synthesis.negatives import (
    DIGITS_PER_STRIP,
    MAX_NEGATIVES_PER_STRIP,
    compose_strip,
    labelled_crops,
    median_height,
)
from nndigits.models.strings.synthesis.pen_marks import pen_mark
from nndigits.models.strings.text_lines import MAX_COMPONENTS, group_into_lines
from nndigits.models.strings.whole_digit import whole_digit
from nndigits.stages.datasets import loaders


@pytest.fixture(scope="module")
def small() -> tuple[np.ndarray, np.ndarray]:
    digits = loaders.from_scikit_learn()
    return digits.train_images, digits.train_labels


def test_composition_by_hand() -> None:
    one, two = np.ones((2, 2)), np.full((3, 1), 0.5)
    layers = compose([one, two], [-1], [0, 0])
    # The second overlaps the last column of the first, and is a row taller.
    assert layers.shape == (2, 3, 2)
    assert layers[0].tolist() == [[1, 1], [1, 1], [0, 0]]
    assert layers[1].tolist() == [[0, 0.5], [0, 0.5], [0, 0.5]]
    assert compose([one, one], [2], [0, 0]).max(axis=0).tolist() == [[1, 1, 0, 0, 1, 1]] * 2
    assert compose([one, one], [0], [0, 1]).max(axis=0).tolist() == [[1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]]


def test_touching_gap_by_hand() -> None:
    # Their boxes may overlap by two columns before their foreground meets in the middle row.
    first, second = np.array([[1, 1.0], [1, 0], [1, 1]]), np.array([[0, 1.0], [0, 1], [0, 1]])
    gap = touching_gap(first, second)
    assert gap == -1
    foreground = compose([first, second], [gap], [0, 0]).sum(axis=0)
    assert foreground.max() == 1


def test_a_path_through_a_gap_costs_nothing() -> None:
    foreground = np.zeros((6, 9))
    foreground[:, :3] = foreground[:, 5:] = 1
    paths, costs = cut_paths(foreground)
    assert costs[3:5].tolist() == [0, 0]
    assert set(paths[4]) == {4}
    assert costs[0] == pytest.approx(6)
    assert (np.diff(paths, axis=0) >= 0).all(), "paths do not cross"


def test_a_path_bends_around_a_slanted_stroke_and_crosses_a_thin_joint() -> None:
    foreground = np.zeros((7, 9))
    for row in range(7):
        foreground[row, row : row + 2] = 1  # so slanted that no straight path misses it on the right
    foreground[3, :] = 1  # a joint
    paths, costs = cut_paths(foreground)
    assert costs.min() == pytest.approx(1)
    assert costs[8] == pytest.approx(1), "only the joint is crossed"
    assert set(paths[8]) == {8}


def test_cheapest_paths_keep_their_distance() -> None:
    costs = np.array([3, 1, 2, 9, 0, 0.5, 4])
    assert cheapest_paths(costs, 2, 5.0).tolist() == [1, 4, 6]
    assert cheapest_paths(costs, 1, 1.0).tolist() == [1, 4, 5]


def paths_through(spans: list[tuple[int, int]], count: int) -> list[tuple[int, ...]]:
    """Return all sequences of candidates from the first slice to the last."""
    found = []
    for size in range(1, count + 1):
        for chosen in combinations(range(len(spans)), size):
            ends = [spans[number] for number in sorted(chosen, key=lambda number: spans[number])]
            if ends[0][0] == 0 and ends[-1][1] == count and all(a[1] == b[0] for a, b in pairwise(ends)):
                found.append(tuple(sorted(chosen, key=lambda number: spans[number])))
    return found


def test_the_lattice_finds_the_best_of_all_paths() -> None:
    rng = np.random.default_rng(0)
    spans = [(first, last) for first in range(5) for last in range(first + 1, min(first + 4, 6))]
    every = paths_through(spans, 5)
    assert len(every) > 10
    for _ in range(20):
        digit, non_digit = rng.normal(0, 3, len(spans)), rng.normal(-3, 2, len(spans))
        lattice = Lattice(np.array(spans), digit, non_digit, 5)
        best: dict[int, float] = {}
        for path in every:
            for left in range(2 ** len(path)):
                out = [bool(left >> place & 1) for place in range(len(path))]
                score = sum(non_digit[n] if dropped else digit[n] for n, dropped in zip(path, out, strict=True))
                kept = len(path) - sum(out)
                best[kept] = max(best.get(kept, -np.inf), score)
        np.testing.assert_allclose(lattice.scores, [best[kept] for kept in range(6)])
        assert len(lattice.digits()) == max(best, key=lambda kept: best[kept])
        assert [len(lattice.digits(kept)) for kept in range(6)] == list(range(6))


def test_digits_are_distributed_over_lines() -> None:
    rng = np.random.default_rng(1)
    spans = np.array([(0, 1), (1, 2), (0, 2), (2, 3), (1, 3)])
    three = [Lattice(spans, rng.normal(size=5), rng.normal(-1, 1, 5), 3) for _ in range(3)]
    a, b, c = (lattice.scores for lattice in three)
    for wanted in range(10):
        shares = distribute_digits(three, wanted)
        possible = [a[i] + b[j] + c[wanted - i - j] for i in range(4) for j in range(4) if 0 <= wanted - i - j <= 3]
        assert sum(shares) == wanted
        assert sum(one.scores[share] for one, share in zip(three, shares, strict=True)) == pytest.approx(max(possible))
    with pytest.raises(ValueError, match="room for at most 9 digits"):
        distribute_digits(three, 10)


def test_components_are_grouped_into_lines() -> None:
    page = np.zeros((60, 90))
    for number in range(4):
        page[4 + 2 * number : 20 + 2 * number, 5 + 20 * number : 12 + 20 * number] = 1  # a falling line
        page[34 + 2 * number : 50 + 2 * number, 5 + 20 * number : 12 + 20 * number] = 1
    page[22:26, 15:18] = 1  # a comma after the first
    parts, found = group_into_lines(page)
    assert [len(line) for line in found] == [5, 4]
    assert all(parts.top[number - 1] < 30 for number in found[0])
    assert group_into_lines(np.zeros((5, 5)))[1] == []
    dots = np.zeros((2 * MAX_COMPONENTS, 5))
    dots[::2, ::2] = 1
    with pytest.raises(ValueError, match="separate marks"):
        group_into_lines(dots)


def test_lines_of_other_sizes_are_lines_of_their_own_and_small_marks_are_not() -> None:
    page = np.zeros((140, 200))
    for number in range(4):
        page[5:45, 5 + 45 * number : 30 + 45 * number] = 1
        page[60:72, 5 + 15 * number : 13 + 15 * number] = 1  # a third as high
        page[90:130, 5 + 45 * number : 30 + 45 * number] = 1
    page[40:54, 34:38] = 1  # a comma
    page[78:84, 150:155] = 1  # a speck
    page[78:84, 180:185] = 1
    parts, found = group_into_lines(page)
    assert [len(line) for line in found] == [5, 4, 6]
    assert (parts.bottom - parts.top)[found[1] - 1].tolist() == [12] * 4


def test_shear_adds_to_the_slant(small) -> None:
    images, _ = small
    foreground = compose([crop_to_content(image / 255) for image in images[:12]], [1] * 11, [0] * 12).max(axis=0)
    larger = np.kron(foreground, np.ones((4, 4)))
    assert estimate_slant(sheared(larger, 0.3)) == pytest.approx(estimate_slant(larger) + 0.3, abs=0.1)
    np.testing.assert_allclose(sheared(larger, 0), larger)
    np.testing.assert_allclose(sheared(larger, 0.37).sum(axis=1), larger.sum(axis=1), rtol=1e-5)


def test_crops_add_up_to_the_line_and_boxes_locate_them() -> None:
    picture = np.zeros((50, 120))
    picture[10:40, 20:26] = picture[10:40, 60:66] = picture[22:28, 60:90] = 1
    (line,) = text_lines(picture)
    whole = {tuple(span): number for number, span in enumerate(line.spans.tolist())}
    foreground = sum(line.crop(whole[one, one + 1]).sum() for one in range(line.count) if (one, one + 1) in whole)
    assert foreground == pytest.approx(line.foreground.sum(), rel=0.02)
    assert candidate_shapes(line).heights.max() == pytest.approx(1, abs=0.1)
    boxes = [line.box(number) for number in range(len(line.spans))]
    near = [box for box in boxes if np.abs(np.subtract(box, (20, 10, 26, 40))).max() <= 2]
    assert near, boxes


def test_the_size_of_a_candidate_is_its_longer_side() -> None:
    picture = np.zeros((50, 140))
    picture[10:40, 20:26] = picture[22:28, 50:75] = picture[34:44, 100:106] = 1  # a stroke, a low wide digit, a comma
    (line,) = text_lines(picture)
    sizes = candidate_shapes(line).sizes
    sure = np.tile(np.eye(10)[1], (len(sizes), 1))
    digit_scores, non_digit_scores = reject_scores(line, sure, np.full(len(sizes), 0.9))
    boxes = np.array([line.box(number) for number in range(len(sizes))])
    wanted = ((20, 10, 26, 40), (50, 22, 75, 28), (100, 34, 106, 44))
    stroke, low, comma = (int(np.abs(boxes - box).max(axis=1).argmin()) for box in wanted)
    np.testing.assert_allclose(sizes[[stroke, low, comma]], [1, 25 / 30, 1 / 3], atol=0.12)
    assert digit_scores[low] == pytest.approx(digit_scores[stroke])
    assert digit_scores[comma] < non_digit_scores[comma]
    assert digit_scores[low] > non_digit_scores[low]


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
        (line,) = text_lines(picture)
        starts, strokes = line.spans[:, 0], np.minimum(line.crossed / STROKE, 1)
        single = np.where(candidate_shapes(line).widths < 1, -1.0, -50.0)
        nothing = np.full(len(starts), -100.0)
        scores = with_touching_rate(line, single, nothing) - single
        wanted = strokes * np.log(rate) + (1 - strokes) * np.log(1 - rate)
        wanted[0] = 0
        np.testing.assert_allclose(scores, wanted[starts], atol=1e-9)


def test_every_digit_of_a_touching_strip_is_among_the_candidates(small) -> None:
    images, _ = small
    rng = np.random.default_rng(2)
    for _ in range(3):
        layers = compose_strip(images[rng.integers(0, len(images), DIGITS_PER_STRIP)], rng)
        line = cut_line(layers.max(axis=0), median_height(layers))
        held, like = overlap(line, layers, line.foreground_per_slice(layers.max(axis=0)))
        assert held.shape == like.shape == (len(line.spans), DIGITS_PER_STRIP)
        assert held.max() <= 1 + 1e-6
        assert (like <= held).all()
        assert np.median(like.max(axis=0)) > 0.8


def test_ground_truth_of_a_composed_line() -> None:
    """A bar, an H that can be cut in two, and a bar close to it."""
    bar, h = np.ones((30, 5)), np.zeros((30, 20))
    h[:, :5] = h[:, 15:] = h[13:17] = 1
    layers = compose([bar, h, bar], [8, 1], [0, 0, 0])
    line = cut_line(layers.max(axis=0), 30.0)
    truth = ground_truth(line, layers)
    assert list(truth.digits) == [0, 1, 2]
    spans = [tuple(line.spans[piece].tolist()) for piece in truth.digits.values()]
    assert [first for first, _ in spans] == [0, spans[0][1], spans[1][1]], "the digits are adjacent"
    assert spans[-1][1] == line.count
    assert truth.similarity[list(truth.digits.values())].min() > 0.9
    non_digits = {tuple(line.spans[piece].tolist()) for piece in truth.non_digits.tolist()}
    assert (spans[1][0], spans[2][1]) in non_digits, "two digits at once are a non-digit"
    assert (spans[1][0], spans[1][0] + 1) in non_digits, "one leg is a non-digit"
    assert not non_digits.intersection(spans)


def test_ground_truth_of_digits_without_foreground_is_empty() -> None:
    layers = np.zeros((4, 20, 40))
    truth = ground_truth(cut_line(layers.max(axis=0), 20.0), layers)
    assert (truth.digits, len(truth.non_digits)) == ({}, 0)


def test_labelled_crops_are_digits_and_negatives(small) -> None:
    images, labels = small
    done: list[int] = []
    pieces, answers = labelled_crops(images, labels, 10, 6, np.random.default_rng(3), done.append)
    assert done == [1, 2, 3, 4, 5, 6]
    assert pieces.shape[1:] == (8, 8)
    assert pieces.dtype == answers.dtype == np.uint8
    assert (answers == 10).sum() <= 6 * MAX_NEGATIVES_PER_STRIP
    assert 6 <= (answers < 10).sum() <= 6 * DIGITS_PER_STRIP
    again = labelled_crops(images, labels, 10, 6, np.random.default_rng(3))
    assert (again[0] == pieces).all()
    assert (again[1] == answers).all()


def test_empty_images_give_only_pen_marks(small) -> None:
    images, labels = small
    _, answers = labelled_crops(np.zeros_like(images), labels, 10, 4, np.random.default_rng(0))
    assert answers.tolist() == [10] * len(answers)


def test_pen_marks_differ_and_have_foreground() -> None:
    rng = np.random.default_rng(0)
    drawn = [pen_mark(rng) for _ in range(20)]
    assert all(one.max() == 1 and one.min() == 0 for one in drawn)
    assert len({one.tobytes() for one in drawn}) == 20


def test_a_broken_or_wide_digit_is_a_line_with_one_candidate() -> None:
    broken = np.zeros((60, 60), np.float32)
    broken[10:25, 20:40] = broken[26:45, 20:40] = 1  # on two text lines
    broken[14:21, 24:40] = broken[30:41, 24:40] = 0
    assert len(list(text_lines(broken))) == 2
    line = whole_digit(broken)
    assert line is not None
    assert line.spans.tolist() == [[0, line.count]]
    np.testing.assert_allclose(line.box(0), (20, 10, 40, 45), atol=1)


def test_no_foreground_a_mark_and_two_digits_are_not_one_digit() -> None:
    dash, two = np.zeros((40, 90), np.float32), np.zeros((40, 90), np.float32)
    dash[18:22, 20:40] = two[5:35, 20:24] = two[5:35, 60:64] = 1
    for foreground in (np.zeros((40, 90), np.float32), dash, two):
        assert whole_digit(foreground) is None


def test_a_candidate_between_free_cuts_may_be_wide_and_have_many_slices() -> None:
    """A base of 52 columns under waves, 32 rows high: wider than MAX_WIDTH. Below a longer one it is none."""
    for width, is_candidate in ((51, True), (60, False)):
        picture = np.zeros((50, 90), np.float32)
        picture[36:40, 10 : 10 + width] = picture[8:40, 10:13] = 1
        (line,) = text_lines(picture)
        widths = line.columns[:, 1] - line.columns[:, 0]
        assert width / 32 > MAX_WIDTH
        assert (widths >= width - 2).any() == is_candidate
