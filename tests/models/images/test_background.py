"""Strokes under shadows and lamps, dark on light or light on dark."""

import numpy as np
import pytest
from support import seven

from nndigits.models.images.background import is_foreground_lighter, stroke_window
from nndigits.models.images.foreground import foreground

PAPER, GREY_PAPER = (0.9, 0.2), (0.7, 0.3)
BOARD, GREY_BOARD = (0.2, 0.85), (0.3, 0.7)


def sevens(number: int, stroke: int, margin: int) -> np.ndarray:
    """Write sevens beside each other, 1 where the pen was."""
    return np.pad(np.concatenate([seven(stroke=stroke)] * number, axis=1), margin)


def shadow(shape: tuple[int, ...], depth: float, place: float, slope: float, softness: float = 0) -> np.ndarray:
    """Return the light with a shadow on the right. ``softness`` is the width of its edge, a share of the picture's."""
    y, x = np.mgrid[0 : 1 : shape[0] * 1j, 0 : 1 : shape[1] * 1j]
    inside = x - place + slope * (y - 0.5)
    if not softness:
        return np.where(inside > 0, 1 - depth, 1.0)
    return 1 - depth / (1 + np.exp(-np.clip(inside / softness, -50, 50)))


def lamp(shape: tuple[int, ...], depth: float, place: float, radius: float) -> np.ndarray:
    """Return the light of a lamp whose spot has a radius in heights of the picture."""
    y, x = np.mgrid[0 : 1 : shape[0] * 1j, 0 : 1 : shape[1] * 1j]
    distance = np.hypot((x - place) * shape[1] / shape[0], y - 0.5)
    return 1 - depth + depth * np.exp(-((distance / radius) ** 2) / 2)


def wrong(ink: np.ndarray, shades: tuple[float, float], light: np.ndarray | float) -> float:
    """Return the share of pixels that are mistaken for foreground or for background."""
    background, stroke = shades
    picture = np.rint(255 * (background + (stroke - background) * ink) * light).astype(np.uint8)
    return float(((foreground(picture) > 0.5) != (ink > 0.5)).mean())


@pytest.mark.parametrize("stroke", [4, 8, 12])
def test_dark_strokes_are_found_under_a_shadow_and_a_lamp(stroke: int) -> None:
    ink = sevens(3, stroke, 30)
    assert wrong(ink, PAPER, shadow(ink.shape, 0.5, 0.45, 0.2, 0.02)) < 0.001
    assert wrong(ink, PAPER, shadow(ink.shape, 0.5, 0.45, 0.2)) < 0.01
    for shades in (PAPER, GREY_PAPER):
        assert wrong(ink, shades, lamp(ink.shape, 0.6, 0.4, 0.5)) < 0.001


@pytest.mark.parametrize("stroke", [4, 8, 12])
def test_chalk_is_found_on_a_board_under_a_shadow_and_a_lamp(stroke: int) -> None:
    ink = sevens(3, stroke, 30)
    assert wrong(ink, BOARD, 1) < 0.001
    assert wrong(ink, BOARD, shadow(ink.shape, 0.3, 0.45, 0.2, 0.02)) < 0.001
    assert wrong(ink, BOARD, lamp(ink.shape, 0.6, 0.4, 0.5)) < 0.005


def test_blocks_are_small_enough_for_a_shadow_and_large_enough_for_wide_strokes() -> None:
    ink = sevens(4, 10, 0)
    assert wrong(ink, GREY_PAPER, shadow(ink.shape, 0.53, 0.53, -0.18)) < 0.01


def test_the_widest_window_is_wider_than_a_very_thick_stroke_and_narrower_than_a_lamps_spot() -> None:
    bar, thin = np.zeros((190, 190)), sevens(2, 4, 10)
    bar[25:165, 70:120] = 1
    assert wrong(bar, PAPER, 1) < 0.01
    assert wrong(thin, GREY_BOARD, lamp(thin.shape, 0.67, 0.69, 0.18)) < 0.01


def test_the_dark_side_of_a_shadows_edge_is_no_stroke_and_strokes_beside_it_stay() -> None:
    thick = sevens(1, 18, 10)
    assert wrong(thick, PAPER, shadow(thick.shape, 0.51, 0.68, 0.19)) < 0.02
    pair = sevens(2, 18, 10)
    assert wrong(pair, PAPER, shadow(pair.shape, 0.36, 0.3, 0.08)) < 0.02


def test_surroundings_are_wider_than_strokes_and_narrower_than_a_lamps_spot() -> None:
    thick, thin = sevens(2, 18, 10), sevens(4, 6, 10)
    assert wrong(thick, PAPER, lamp(thick.shape, 0.55, 0.3, 0.31)) < 0.01
    one = sevens(1, 24, 30)
    assert wrong(one, GREY_PAPER, lamp(one.shape, 0.45, 0.74, 0.17)) < 0.01
    assert wrong(thin, PAPER, lamp(thin.shape, 0.59, 0.44, 0.29)) < 0.01


def test_thin_strokes_are_dark_though_half_of_the_picture_is_in_the_light() -> None:
    ink = sevens(4, 4, 30)
    assert wrong(ink, GREY_PAPER, shadow(ink.shape, 0.45, 0.66, -0.18, 0.005)) < 0.01


def test_light_holes_in_a_thick_eight_that_fills_its_picture_are_not_thin_light_strokes() -> None:
    eight = np.pad(np.ones((34, 46)), 1)
    eight[12:15, 6:-6] = eight[23:26, 6:-6] = 0
    for background, stroke in (PAPER, GREY_PAPER, GREY_BOARD):
        picture = (background + (stroke - background) * eight).astype(np.float32)
        assert is_foreground_lighter(picture) == (stroke > background)


def test_the_widest_peak_that_is_no_noise_is_the_strokes_width() -> None:
    assert stroke_window([0.0, 0.2, 1.2, 1.3]) == 2
    assert stroke_window([0.5, 0.6, 1.6, 1.7]) == 2  # ruled lines, then strokes
    assert stroke_window([0.06, 0.07, 0.1, 1.1]) == 0  # a shadow removes much more
    assert stroke_window([0.04, 0.05, 0.1, 1.1]) is None  # noise
    assert stroke_window([0.0]) is None
