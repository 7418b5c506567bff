"""Signs beside digits: told by their measurements, and parts of digits are none."""

import numpy as np
import pytest

from nndigits.models.strings.signs import Sign, find_fractions, find_signs
from nndigits.models.strings.text_lines import group_into_lines

HEIGHT, WIDTH, STROKE, TOP = 30, 22, 4, 15


def ring() -> np.ndarray:
    """Draw a 0 as an ellipse."""
    rows, columns = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    distance = np.hypot(rows, columns)
    return ((distance < 1) & (distance > 1 - 2 * STROKE / WIDTH)).astype(np.float32)


def bar() -> np.ndarray:
    """Draw a 1."""
    return np.ones((HEIGHT, STROKE), np.float32)


def seven() -> np.ndarray:
    """Draw a 7 with an upright stem in the middle."""
    digit = np.zeros((HEIGHT, WIDTH), np.float32)
    digit[:STROKE] = 1
    digit[:, WIDTH // 2 : WIDTH // 2 + STROKE] = 1
    return digit


def block(rows: int, columns: int) -> np.ndarray:
    return np.ones((rows, columns), np.float32)


def slash() -> np.ndarray:
    """Draw a slash, higher than a digit."""
    out = np.zeros((44, 20), np.float32)
    for row in range(44):
        left = round((43 - row) * 16 / 43)
        out[row, left : left + 4] = 1
    return out


def colon() -> np.ndarray:
    out = np.zeros((22, 5), np.float32)
    out[:5] = out[-5:] = 1
    return out


def plus() -> np.ndarray:
    out = np.zeros((18, 18), np.float32)
    out[7:11] = out[:, 7:11] = 1
    return out


def equals() -> np.ndarray:
    out = np.zeros((12, 16), np.float32)
    out[:4] = out[-4:] = 1
    return out


def drawn(*marks: tuple[np.ndarray, int, int]) -> np.ndarray:
    """Draw marks from left to right: each with its top below that of a digit, and the gap before it."""
    right, out = 10, np.zeros((80, 400), np.float32)
    for mark, top, gap in marks:
        right += gap
        here = out[TOP + top : TOP + top + len(mark), right : right + mark.shape[1]]
        np.maximum(here, mark, out=here)
        right += mark.shape[1]
    return out


def found(picture: np.ndarray) -> str:
    signs = dict(signs_of(picture)).values()
    return "".join(sign.text for sign in sorted(signs, key=lambda sign: sign.box))


def signs_of(picture: np.ndarray) -> list[tuple[int, Sign]]:
    parts, lines = group_into_lines(picture)
    return [found for line in lines for found in find_signs(parts, line, slashes=True)]


@pytest.mark.parametrize(
    ("mark", "top", "text"),
    [
        (block(4, 4), 26, "."),
        (block(7, 6), 25, "."),
        (block(10, 4), 27, ","),
        (block(4, 14), 13, "-"),
        (block(3, 26), 14, "-"),
        (slash(), -7, "/"),
        (colon(), 6, ":"),
        (plus(), 6, "+"),
        (equals(), 10, "="),
    ],
)
@pytest.mark.parametrize("gap", [4, 12])
def test_a_sign_between_digits_is_found(mark: np.ndarray, top: int, text: str, gap: int) -> None:
    picture = drawn((ring(), 0, 5), (ring(), 0, 6), (mark, top, gap), (ring(), 0, gap))
    (sign,) = {sign for _, sign in signs_of(picture)}
    assert sign.text == text
    left, above, right, below = sign.box
    np.testing.assert_array_equal(picture[above:below, left:right], mark)


def test_a_minus_sign_before_a_number_and_a_point_in_it() -> None:
    picture = drawn((block(4, 15), 13, 0), (bar(), 0, 8), (ring(), 0, 8), (block(5, 5), 25, 5), (ring(), 0, 5))
    assert found(picture) == "-."


def test_a_point_under_the_bar_of_a_seven_is_one() -> None:
    assert found(drawn((ring(), 0, 0), (seven(), 0, 6), (block(4, 4), 26, -4), (ring(), 0, 16))) == "."


@pytest.mark.parametrize(
    ("mark", "top", "gap"),
    [
        (block(4, 14), -7, -18),  # the bar of a 5 above it
        (block(4, 18), 32, -20),  # the base of a 2 below it
        (ring()[::2, ::2], 8, 6),  # a small digit
        (block(30, 4), 0, 6),  # a 1
        (block(36, 4), -3, 6),  # a large, upright 1
        (block(4, 4), 0, 6),  # an apostrophe
    ],
)
def test_parts_of_digits_and_other_marks_are_no_signs(mark: np.ndarray, top: int, gap: int) -> None:
    picture = drawn((ring(), 0, 5), (ring(), 0, 6), (mark, top, gap), (ring(), 0, 24))
    assert found(picture) == ""


def test_a_fraction_bar_is_a_sign_and_its_line_is_none() -> None:
    picture = np.zeros((120, 60), np.float32)
    picture[5:35, 18:40], picture[60:90, 18:40] = ring(), ring()
    picture[45:49, 10:48] = 1
    parts, lines = group_into_lines(picture)
    rest, ((above, bar, below),) = find_fractions(parts, lines)
    assert (bar.text, bar.box) == ("/", (10, 45, 48, 49))
    assert parts.top[rest[above]].tolist() == [6]
    assert parts.top[rest[below]].tolist() == [61]


def test_three_bars_are_no_fraction() -> None:
    picture = np.zeros((70, 140), np.float32)
    for top in (10, 26, 42):
        picture[top : top + 8, 10:130] = 1
    parts, lines = group_into_lines(picture)
    rest, fractions = find_fractions(parts, lines)
    assert ([len(line) for line in rest], fractions) == ([1, 1, 1], [])


def test_without_digits_there_are_no_signs() -> None:
    for picture in (np.zeros((40, 40), np.float32), drawn((block(4, 20), 13, 5)), drawn((slash(), 0, 5))):
        assert found(picture) == ""
