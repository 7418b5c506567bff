"""Drawings that are no digits: their shapes, the pen, and the labelled images that a network learns from."""

import re

import numpy as np
import pytest

from nndigits.models.images.digit_finder import find_digit
from nndigits.models.negatives import drawings, pen
from nndigits.models.negatives.drawings import drawn_digits, labelled_drawings, on_paper, shape_drawn
from nndigits.models.negatives.pen import MARGIN, SIDE, curve, drawn, drawn_by_hand, grained, parsed
from nndigits.models.negatives.shapes import DIGITS, LETTERS, NON_DIGITS


def test_every_shape_is_written_in_the_grammar_and_leaves_ink_of_its_size() -> None:
    for style in (style for styles in {**NON_DIGITS, **DIGITS}.values() for style in styles):
        for stroke in style.removeprefix("filled ").split(" / "):
            for piece in stroke.split(" + "):
                assert re.fullmatch(r"(line|curve)( \d{1,3},\d{1,3}){2,}", piece)
        assert all(points.min() >= 0 and points.max() <= 1 for stroke in parsed(style).strokes for points, _ in stroke)
        ink = shape_drawn((style,), np.random.default_rng(0))
        assert (ink.shape, ink.min(), ink.max()) == ((SIDE, SIDE), 0, 1)
        rows, columns = np.nonzero(ink > 0.5)
        assert max(np.ptp(rows), np.ptp(columns)) >= SIDE - 2 * MARGIN


def test_letters_that_people_write_as_digits_are_no_negatives() -> None:
    assert not set("BDGIOQSZbgiloqszy") & set(LETTERS)


def test_a_curve_goes_through_its_points_and_a_line_is_straight() -> None:
    points = np.array([[0, 0], [1, 2], [3, 1]], float)
    path = curve(points)
    assert all(np.isclose(path, point).all(axis=1).any() for point in points)
    shape = parsed("line 0,0 100,0 + line 100,0 100,100 / curve 0,50 50,0 100,50")
    first, second = drawn_by_hand(shape, np.random.default_rng(0))
    assert (len(first), len(second)) == (4, 21)
    np.testing.assert_array_equal(first[1], first[2])  # joined pieces stay joined though points are moved


def test_the_pen_is_as_wide_as_it_should_be() -> None:
    dash = np.array([[0, 0], [1, 0]], float)
    for radius in (2.0, 5.0):
        ink = drawn([dash], radius)
        assert ink[:, SIDE // 2].sum() == pytest.approx(2 * radius + 1, abs=1)
    outline = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], float)
    assert drawn([outline], 2.0).mean() < 0.2 < 0.4 < drawn([outline], 2.0, filled=True).mean()


def test_a_flat_brush_is_wide_across_its_edge_and_thin_along_it() -> None:
    dash = np.array([[0, 0], [1, 0]], float)
    across, along = (drawn([dash], 4.0, (4.0, angle))[:, SIDE // 2].sum() for angle in (np.pi / 2, 0.0))
    assert across == pytest.approx(2 * (8 + 2) + 1, abs=2)
    assert along == pytest.approx(2 * 2 + 1, abs=1)


def test_some_pens_leave_gaps() -> None:
    ink = np.ones((64, 64))
    shares = [grained(ink, rng).mean() for rng in np.random.default_rng(0).spawn(200)]
    assert 0.6 < np.mean(np.array(shares) == 1) < 0.9
    assert 0.5 < min(shares) < 0.95


def test_drawn_digits_are_of_one_pen_and_of_every_digit() -> None:
    made = [drawn_digits(4, rng) for rng in np.random.default_rng(1).spawn(30)]
    assert {digit for _, labels in made for digit in labels.tolist()} == set(range(10))
    assert all((digits.shape, digits.dtype) == ((4, SIDE, SIDE), np.uint8) for digits, _ in made)
    widths = np.array([[(digit > 127).sum() for digit in digits] for digits, _ in made], float)
    assert widths.mean(axis=1).std() > widths.std(axis=1).mean()


def test_the_shapes_of_the_text_are_not_changed_by_drawing() -> None:
    before = parsed(LETTERS["A"][0]).strokes[0][0].points.copy()
    shape_drawn(LETTERS["A"], np.random.default_rng(0))
    np.testing.assert_array_equal(parsed(LETTERS["A"][0]).strokes[0][0].points, before)


IMAGES = np.pad(np.full((3, 20, 4), 255, np.uint8), ((0, 0), (4, 4), (12, 12)))
IMAGES[:, 4:24, [11, 16]] = 110  # soft edges
LABELS = np.array([1, 1, 1])


@pytest.mark.slow
def test_labelled_drawings_follow_their_seed_and_have_every_label() -> None:
    done: list[int] = []
    images, labels = labelled_drawings(IMAGES, LABELS, 10, 240, np.random.default_rng(2), done.append)
    assert (images.shape, images.dtype, labels.dtype) == ((240, 28, 28), np.uint8, np.uint8)
    assert done == list(range(1, 241))
    assert set(labels.tolist()) == set(range(11))
    assert 0.5 < (labels == 10).mean() < 0.8
    assert (labels == 1).sum() > 15  # the copied images
    first, again, other = (
        labelled_drawings(IMAGES, LABELS, 10, 24, np.random.default_rng(seed))[0] for seed in (2, 2, 3)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_only_what_a_network_would_be_shown_is_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two bars have no digit for `nn predict` whatever the network says."""
    monkeypatch.setattr(drawings, "NON_DIGITS", {"equals": ("line 5,38 95,38 / line 5,62 95,62",)})
    rng = np.random.default_rng(0)
    assert find_digit(on_paper(drawn(drawn_by_hand(parsed("line 0,50 100,50"), rng), 2.0), rng), 28, 28).problem
    images, labels = labelled_drawings(IMAGES, LABELS, 10, 30, rng)
    assert all(find_digit(image, 28, 28).problem is None for image in images[labels < 10])


@pytest.mark.parametrize("make", [pen.scribble, pen.broken_line, pen.crossing_strokes, pen.blot])
def test_scribbles_are_paths(make) -> None:
    for seed in range(5):
        for path in make(np.random.default_rng(seed)):
            assert path.shape[1:] == (2,)
            assert len(path) > 3
            assert np.isfinite(path).all()


def test_a_copied_image_has_other_strokes_and_the_same_shape() -> None:
    rng = np.random.default_rng(0)
    inks = [drawings.copied(IMAGES[0], rng) for _ in range(5)]
    assert {len(ink) for ink in inks} == {SIDE}
    assert len({ink.sum() for ink in inks}) > 1
    image = find_digit(on_paper(inks[0], rng), 28, 28).image
    assert np.abs(image.astype(int) - IMAGES[0]).mean() < 15


def test_images_of_another_size_are_drawn_too() -> None:
    images, _ = labelled_drawings(IMAGES[:, 10:18, 10:18], LABELS, 10, 5, np.random.default_rng(0))
    assert images.shape == (5, 8, 8)
    assert images.reshape(5, -1).max(axis=1).min() > 100
