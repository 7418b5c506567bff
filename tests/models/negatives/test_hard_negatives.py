"""Strips composed from digits: their ground truth, and the labelled pieces that a network learns from."""

import numpy as np
import pytest

from nndigits.models.negatives.hard_negatives import (
    DIGITS_PER_STRIP,
    MAX_NEGATIVES_PER_STRIP,
    compose_strip,
    labelled_crops,
    median_height,
    pen_mark,
)
from nndigits.models.negatives.strips import compose, ground_truth, overlap, touching_gap
from nndigits.models.strings.segmentation import cut_line
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


def test_some_strips_are_of_drawn_digits(small) -> None:
    images, labels = small
    _, answers = labelled_crops(np.zeros_like(images), labels, 10, 12, np.random.default_rng(0), with_drawn=True)
    assert 0 < (answers < 10).sum() <= 12 * DIGITS_PER_STRIP * 0.6


def test_empty_images_give_only_pen_marks(small) -> None:
    images, labels = small
    _, answers = labelled_crops(np.zeros_like(images), labels, 10, 4, np.random.default_rng(0))
    assert answers.tolist() == [10] * len(answers)


def test_pen_marks_differ_and_have_foreground() -> None:
    rng = np.random.default_rng(0)
    drawn = [pen_mark(rng) for _ in range(20)]
    assert all(one.max() == 1 and one.min() == 0 for one in drawn)
    assert len({one.tobytes() for one in drawn}) == 20
