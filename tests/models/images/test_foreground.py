"""Foreground and background of a picture, and a digit in MNIST's format."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import ndimage
from support import seven

from nndigits.models.images.centring import to_mnist_format
from nndigits.models.images.components import components
from nndigits.models.images.foreground import foreground
from nndigits.models.images.resampling import resample
from nndigits.models.images.ruled_lines import remove_boxes, remove_ruled_lines
from nndigits.models.images.stroke_width import dilate, erode, normalize_stroke_width, stroke_width


def grey(drawn: np.ndarray, background: float, stroke: float) -> np.ndarray:
    return (255 * (background + (stroke - background) * drawn)).astype(np.uint8)


def test_components_agree_with_scipy() -> None:
    rng = np.random.default_rng(0)
    for shape, share in (((40, 30), 0.3), ((1, 9), 0.5), ((9, 1), 0.5), ((64, 64), 0.6), ((5, 5), 0), ((5, 5), 1)):
        mask = rng.random(shape) < share
        found, (labels, n) = components(mask), ndimage.label(mask, np.ones((3, 3)))
        np.testing.assert_array_equal(found.labels, labels)
        assert len(found) == n
        assert found.area.tolist() == np.bincount(labels.ravel(), minlength=n + 1)[1:].tolist()
        boxes = [(one[0].start, one[0].stop, one[1].start, one[1].stop) for one in ndimage.find_objects(labels)]
        assert list(zip(found.top, found.bottom, found.left, found.right, strict=True)) == boxes


@pytest.mark.parametrize(("background", "stroke"), [(1, 0), (0, 1), (0.8, 0.4), (0.3, 0.7), (0.95, 0.7)])
def test_strokes_may_be_darker_or_lighter_than_the_background(background: float, stroke: float) -> None:
    found = foreground(grey(seven(), background, stroke))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, seven(), atol=0.05)


def test_uneven_light_and_a_shadow_are_removed() -> None:
    y, x = np.mgrid[0:1:120j, 0:1:100j]
    light = 0.9 - 0.5 * x - 0.1 * y
    light[:, 60:] *= 0.8  # a hand's shadow, with an edge
    found = foreground((255 * light * (1 - 0.7 * seven())).astype(np.uint8))
    assert ((found > 0.5) == (seven() > 0.5)).mean() > 0.995


def test_an_empty_page_has_no_foreground() -> None:
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0:1:150j, 0:1:150j]
    for page in (np.full((50, 60), 255), 200 * (1 - 0.4 * x * y), 180 + rng.normal(0, 6, (150, 150)), np.zeros((9, 9))):
        assert not foreground(np.clip(page, 0, 255).astype(np.uint8)).any()


def test_specks_and_ruled_lines_are_removed() -> None:
    page = seven()
    page[5:8, 5:8] = page[110, 90] = 1
    page[40:42] = page[70:72] = 0.8
    for column in range(100):
        page[100 + column // 20, column] = 0.8  # a line that is not level
    found = foreground(grey(page, 0.9, 0.2)) > 0.5
    assert not found[:15].any()
    assert not found[106:].any()
    assert not found[:, :20].any()
    assert found[seven() > 0.5].mean() > 0.97


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (3, 2), (28, 28), (700, 30)])
def test_pictures_of_any_size(shape: tuple[int, int]) -> None:
    found = foreground(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))
    assert found.shape == shape
    assert to_mnist_format(found).shape == (28, 28)


def test_a_digit_is_boxed_and_centred_as_mnist_does() -> None:
    image = to_mnist_format(seven(400, 400, 10))
    rows, columns = np.nonzero(image.any(axis=1))[0], np.nonzero(image.any(axis=0))[0]
    assert rows[-1] - rows[0] == 19
    assert 10 <= columns[-1] - columns[0] <= 19
    mass = image / image.sum()
    assert abs(mass.sum(axis=1) @ np.arange(28) - 14) <= 0.5
    assert abs(mass.sum(axis=0) @ np.arange(28) - 14) <= 0.5
    assert image.max() == 255


def test_an_image_in_mnist_format_is_unchanged() -> None:
    image = to_mnist_format(seven())
    np.testing.assert_allclose(to_mnist_format(image.astype(np.float32) / 255).astype(int), image, atol=1)


def test_small_images_have_no_margin() -> None:
    image = to_mnist_format(seven(), 8, 8)
    assert image.shape == (8, 8)
    assert image[0].any()
    assert image[-1].any()


@pytest.mark.parametrize("stroke", [1, 3, 10, 20])
def test_stroke_widths_are_normalised_to_mnists(stroke: int) -> None:
    assert 1.5 < stroke_width(to_mnist_format(seven(stroke=stroke)) / 255) < 4.5


@pytest.mark.parametrize("share", [0.06, 0.085, 0.095, 0.185, 0.2])
def test_strokes_of_nine_to_nineteen_hundredths_of_a_digit_stay(share: float) -> None:
    length = 200
    bar = np.ones((length, round(share * length)), np.float32)
    factor = stroke_width(bar) / bar.shape[1]  # the ends of a bar count, too
    bar = np.ones((length, round(share * length / factor)), np.float32)
    changed = normalize_stroke_width(bar)
    assert (changed is bar) == (0.09 <= share <= 0.19)
    assert stroke_width(changed) / max(changed.shape) == pytest.approx(np.clip(share, 0.09, 0.19), abs=0.012)


def test_ruled_paper_without_more_than_a_fiftieth_of_other_pixels_stays_as_it_is() -> None:
    lines = np.zeros((100, 100), bool)
    lines[20::20] = True
    for side, is_removed in ((2, False), (4, True)):
        mask = lines.copy()
        mask[30 : 30 + side, 40 : 40 + side] = True
        assert (remove_ruled_lines(mask).sum() == side * side) == is_removed


def test_dilation_and_erosion_change_a_stroke_by_the_radius() -> None:
    bar = np.zeros((60, 60), np.float32)
    bar[25:35, 10:50] = 1
    for radius in (0.5, 1, 2.5):
        dilated = dilate(bar, radius)[:, 30 + int(np.ceil(radius))].sum()
        assert dilated == pytest.approx(10 + 2 * radius, abs=0.01)
        assert erode(bar, radius)[:, 30].sum() == pytest.approx(10 - 2 * radius, abs=0.01)


def test_scaling_down_averages_the_covered_pixels() -> None:
    image = np.random.default_rng(0).random((12, 18)).astype(np.float32)
    np.testing.assert_allclose(resample(image, 4, 9), image.reshape(4, 3, 9, 2).mean(axis=(1, 3)), rtol=1e-5)
    np.testing.assert_allclose(resample(image, 12, 18), image, rtol=1e-6)
    assert resample(image, 30, 40).shape == (30, 40)


def test_a_digit_that_fills_its_picture_is_foreground() -> None:
    one = np.zeros((62, 17), np.float32)
    one[1:61, 3:14] = 1  # cropped so closely that there is more foreground than background
    assert ((foreground(grey(one, 1, 0)) > 0.5) == (one > 0.5)).mean() > 0.95


def test_a_stroke_that_touches_the_edge_is_not_a_ruled_line() -> None:
    tight = np.zeros((28, 28), np.float32)
    tight[1:20, 26] = tight[26, 12:26] = tight[1, 8:26] = tight[12, 8:26] = tight[1:12, 7] = 1
    for row in range(20, 27):
        tight[row, 25] = 1  # a nine whose stem bends away at the end
    assert (foreground(grey(tight, 1, 0)) > 0.5).sum() == tight.sum()


def two_in_a_tight_crop(height: int = 40, width: int = 30) -> np.ndarray:
    """Draw a 2 whose straight base reaches from edge to edge."""
    two = np.zeros((height, width), np.float32)
    two[1:4, 4:-4] = two[1 : height // 2, -6:-3] = 1
    for row in range(height // 2, height - 2):
        left = round((height - 2 - row) / (height / 2 - 2) * (width - 7))
        two[row, max(0, left) : left + 3] = 1
    two[-4:-1] = 1
    return two


def test_the_base_of_a_two_that_fills_its_picture_is_not_a_ruled_line() -> None:
    two = two_in_a_tight_crop()
    for digit in (two, two.T):
        assert ((foreground(grey(digit, 0.9, 0.2)) > 0.5) == (digit > 0.5)).all()


def test_a_line_under_digits_is_a_ruled_line_even_if_they_touch_it() -> None:
    row = np.concatenate([np.pad(two_in_a_tight_crop()[:-4], ((0, 0), (0, 5)))] * 4, axis=1)
    page = np.pad(np.concatenate([row, np.ones((2, row.shape[1]), np.float32)]), ((8, 8), (0, 0)))
    found = foreground(grey(page, 0.9, 0.2)) > 0.5
    assert found[:40].any()
    assert found[44:46].mean() < 0.3


@pytest.mark.parametrize(("paper", "pen"), [(0.7, 0.15), (0.5, 0.2), (0.9, 0.3)])
@pytest.mark.parametrize("brighter", [0.0, 0.1, 0.2])
def test_light_may_be_brighter_in_the_middle(paper: float, pen: float, brighter: float) -> None:
    digit = np.pad(seven(), 20)
    y, x = np.mgrid[-1 : 1 : len(digit) * 1j, -1 : 1 : digit.shape[1] * 1j]
    light = (1 + brighter * (1 - (x * x + y * y) / 2)) / (1 + brighter)
    for shade in ((paper - pen * digit) * light, (1 - paper + pen * digit) * light):
        found = foreground(np.rint(255 * shade).astype(np.uint8)) > 0.5
        assert (found == (digit > 0.5)).mean() > 0.98


@pytest.mark.parametrize("radius", [0.0, 0.4, 1.0, 1.5, 2.0, 3.3, 9.7])
def test_dilation_is_the_weighted_maximum_over_a_disc(radius: float) -> None:
    image = np.random.default_rng(0).random((7, 11)).astype(np.float32)
    reach = int(np.ceil(radius))
    padded, expected = np.pad(image, 2 * reach), np.pad(image, reach)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            weight = np.float32(min(1.0, radius + 1 - float(np.hypot(down, right))))
            moved = padded[reach + down :, reach + right :][: expected.shape[0], : expected.shape[1]]
            expected = np.maximum(expected, max(weight, np.float32(0)) * moved)
    np.testing.assert_array_equal(dilate(image, radius), expected)


def boxed(height: int, width: int, thickness: int, separators: tuple[int, ...] = ()) -> np.ndarray:
    """Draw a box with lines between its fields at some columns."""
    box = np.ones((height, width))
    edges = [0, *separators, width - thickness]
    for left, right in pairwise(edges):
        box[thickness:-thickness, left + thickness : right] = 0
    return box


@pytest.mark.parametrize("separators", [(), (35, 70)])
@pytest.mark.parametrize("thickness", [1, 2, 3])
def test_a_printed_box_around_digits_and_between_them_is_removed(thickness: int, separators: tuple[int, ...]) -> None:
    """As around 504192 in the book: the lines do not run from edge to edge of the picture."""
    digits = np.zeros((90, 145))
    for place in range(3):
        shape = resample(seven(), 34, 22)
        digits[28:62, 26 + 35 * place : 48 + 35 * place] = shape
    drawn = digits.copy()
    drawn[20:70, 20:125] = np.maximum(drawn[20:70, 20:125], boxed(50, 105, thickness, separators))
    found = components(foreground(grey(drawn, 0.9, 0.1)) > 0.5)
    wanted = components(foreground(grey(digits, 0.9, 0.1)) > 0.5)
    assert len(found) == len(wanted) == 3
    np.testing.assert_allclose((found.left, found.top), (wanted.left, wanted.top), atol=1)


@pytest.mark.parametrize("margin", [2, 8])
def test_a_long_box_near_the_edge_of_the_picture_is_removed_whole(margin: int) -> None:
    """Its long sides alone run nearly from edge to edge, as ruled lines do. At the edge it hides the paper."""
    digits = np.zeros((70, 470))
    for place in range(0, 9, 2):
        top = 8 + 3 * (place % 4)
        digits[top : top + 45, 12 + 50 * place : 40 + 50 * place] = resample(seven(), 45, 28)
    drawn = np.maximum(digits, boxed(70, 470, 1))
    found = components(foreground(grey(np.pad(drawn, margin), 0.9, 0.1)) > 0.5)
    assert len(found) == 5
    assert set(found.bottom - found.top) == {29}


def test_a_rectangle_with_nothing_in_it_may_be_a_digit() -> None:
    """An angular 0 and 8, drawn with a mouse."""
    zero, eight = boxed(50, 30, 2), boxed(50, 30, 2)
    eight[24:26] = 1
    for drawn in (zero, eight):
        found = foreground(grey(np.pad(drawn, 15), 0.9, 0.1)) > 0.5
        assert found.sum() == pytest.approx(drawn.sum(), rel=0.05)


def test_specks_and_more_boxes_than_a_form_has_are_not_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    one = np.ones((40, 40), bool)
    one[2:-2, 2:-2] = False
    one[12:28, 12:28] = True
    form, texture = (np.tile(np.pad(one, 2), (rows, 26)) for rows in (1, 20))
    assert components(remove_boxes(form)).area.max() == 256  # corners may stay
    monkeypatch.setattr("nndigits.models.images.ruled_lines._ruled_lines", None)  # what takes the time
    assert (remove_boxes(texture) == texture).all()
    noise = np.random.default_rng(0).random((400, 400)) > 0.9
    specks = components(noise)
    small = np.minimum(specks.bottom - specks.top, specks.right - specks.left) < 8
    noise &= specks.select(small)
    assert (remove_boxes(noise) == noise).all()
