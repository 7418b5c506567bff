"""A sheet on a table: what surrounds it gets the tone of the paper, and nothing else is taken for a sheet."""

import numpy as np
import pytest
from support import seven

from nndigits.models.images.digit_finder import find_digit
from nndigits.models.images.sheet import without_table

PAPER, TABLE, PEN = 0.85, 0.3, 0.2


def on_table(ink: np.ndarray, angle: float = 0, size: tuple[int, int] = (330, 380)) -> np.ndarray:
    """Photograph a sheet, turned by an angle in degrees, in the middle of a darker table."""
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    y, x = np.indices(size) - (np.array(size)[:, None, None] / 2)
    rows = np.rint(cos * y + sin * x + len(ink) / 2).astype(int)
    columns = np.rint(cos * x - sin * y + ink.shape[1] / 2).astype(int)
    inside = (rows >= 0) & (rows < len(ink)) & (columns >= 0) & (columns < ink.shape[1])
    written = ink[np.clip(rows, 0, len(ink) - 1), np.clip(columns, 0, ink.shape[1] - 1)]
    shade = np.where(inside, PAPER + written * (PEN - PAPER), TABLE)
    light = np.linspace(0.9, 1.1, size[1])
    noise = np.random.default_rng(0).normal(0, 0.01, size)
    return np.rint(255 * np.clip(shade * light + noise, 0, 1)).astype(np.uint8)


@pytest.mark.parametrize("angle", [0, 5, 20])
def test_a_digit_on_a_sheet_on_a_table_is_found(angle: float) -> None:
    digit = np.pad(seven(), 15)
    alone = find_digit(np.rint(255 * (PAPER + np.pad(digit, 100) * (PEN - PAPER))).astype(np.uint8), 28, 28).image
    picture = on_table(digit, angle)
    found = find_digit(without_table(picture), 28, 28)
    assert found.problem is None
    if not angle:
        assert np.abs(found.image.astype(int) - alone).mean() < 12
        assert np.abs(find_digit(picture, 28, 28).image.astype(int) - alone).mean() > 20


def test_pictures_without_a_table_stay() -> None:
    rows, columns = np.mgrid[-1:1:200j, -1:1:160j]
    ring = ((np.hypot(rows, columns) < 0.7) & (np.hypot(rows, columns) > 0.4)).astype(float)
    disc = (np.hypot(rows, columns) < 0.6).astype(float)
    one = np.zeros((200, 160))
    one[30:170, 60:90] = 1
    frame = np.zeros((200, 160))
    frame[40:160, 40:120] = 1
    frame[55:145, 55:105] = 0
    thick = np.zeros((200, 160))
    thick[40:160, 40:120] = 1
    strip = np.pad(np.tile(np.pad(np.ones((60, 30)), ((0, 0), (8, 8))), 5), 20)
    strip[50, 40] = 0
    for ink in (ring, disc, one, frame, thick, strip, np.pad(seven(), 40), np.zeros((90, 90))):
        for shade in (0.1 + 0.8 * ink, 0.9 - 0.8 * ink):
            picture = np.rint(255 * shade).astype(np.uint8)
            assert without_table(picture) is picture


def test_small_pictures_stay() -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[6:22, 8:20] = 255
    assert without_table(picture) is picture
