"""Segmentation of strips into candidates, and the best path through them: the maths of nn read."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from nndigits.models.images.centring import crop_to_content
from nndigits.models.negatives.strips import compose
from nndigits.models.strings.cuts import cheapest_paths, cut_paths
from nndigits.models.strings.deslant import estimate_slant, sheared
from nndigits.models.strings.lattice import Lattice, TooManyDigits, distribute_digits
from nndigits.models.strings.reading import whole_digit
from nndigits.models.strings.segmentation import MAX_WIDTH, TextLine, cut_into_lines
from nndigits.models.strings.text_lines import group_into_lines
from nndigits.stages.datasets import loaders


def lines_of(picture: np.ndarray) -> list[TextLine]:
    return list(cut_into_lines(picture, *group_into_lines(picture)))


@pytest.fixture(scope="module")
def small() -> tuple[np.ndarray, np.ndarray]:
    digits = loaders.from_scikit_learn()
    return digits.train_images, digits.train_labels


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
    with pytest.raises(TooManyDigits, match="room for at most 9 digits"):
        distribute_digits(three, 10)


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
    (line,) = lines_of(picture)
    whole = {tuple(span): number for number, span in enumerate(line.spans.tolist())}
    foreground = sum(line.crop(whole[one, one + 1]).sum() for one in range(line.count) if (one, one + 1) in whole)
    assert foreground == pytest.approx(line.foreground.sum(), rel=0.02)
    boxes = [line.box(number) for number in range(len(line.spans))]
    near = [box for box in boxes if np.abs(np.subtract(box, (20, 10, 26, 40))).max() <= 2]
    assert near, boxes


def test_a_broken_or_wide_digit_is_a_line_with_one_candidate() -> None:
    broken = np.zeros((60, 60), np.float32)
    broken[10:25, 20:40] = broken[26:45, 20:40] = 1  # on two text lines
    broken[14:21, 24:40] = broken[30:41, 24:40] = 0
    assert len(lines_of(broken)) == 2
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
        (line,) = lines_of(picture)
        widths = line.columns[:, 1] - line.columns[:, 0]
        assert width / 32 > MAX_WIDTH
        assert (widths >= width - 2).any() == is_candidate
