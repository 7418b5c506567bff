"""Text lines: components are grouped by line, whatever their sizes, and however the digits of one wander."""

import numpy as np
import pytest

from nndigits.models.strings.text_lines import MAX_COMPONENTS, group_into_lines


def page(*marks: tuple[int, int, int, int]) -> np.ndarray:
    """Draw bars, each given as its left, top, width and height."""
    out = np.zeros((140, 200))
    for left, top, width, height in marks:
        out[top : top + height, left : left + width] = 1
    return out


def counts(*marks: tuple[int, int, int, int]) -> list[int]:
    """Return the number of components of each line."""
    return [len(line) for line in group_into_lines(page(*marks))[1]]


def row(top: int, height: int = 16, fall: int = 0, left: int = 5) -> list[tuple[int, int, int, int]]:
    return [(left + 20 * number, top + fall * number, 7, height) for number in range(4)]


def test_falling_lines_are_grouped_from_the_top_and_a_comma_joins_the_nearest() -> None:
    comma = (15, 22, 3, 4)
    parts, found = group_into_lines(page(*row(4, fall=2), *row(34, fall=2), comma))
    assert [len(line) for line in found] == [5, 4]
    assert parts.top[found[0]].max() < 30
    assert group_into_lines(np.zeros((5, 5)))[1] == []


def test_too_many_components_are_refused() -> None:
    dots = np.zeros((2 * MAX_COMPONENTS, 2))
    dots[::2, 0] = 1
    assert len(group_into_lines(dots)[0]) == MAX_COMPONENTS
    with pytest.raises(ValueError, match="1,001 separate marks"):
        group_into_lines(np.pad(dots, ((0, 1), (0, 0)), constant_values=1))


@pytest.mark.parametrize(("height", "expected"), [(12, [4, 4, 4]), (9, [8, 4])])
def test_small_digits_are_a_line_of_their_own_from_a_quarter_of_the_others_height(height: int, expected) -> None:
    small = [(left, 60, 8, height) for left, _, _, _ in row(0)]
    assert counts(*row(5, 40), *small, *row(90, 40)) == expected


@pytest.mark.parametrize(("gap", "expected"), [(5, [6, 4]), (7, [4, 2, 4])])
def test_small_digits_near_a_line_belong_to_it(gap: int, expected) -> None:
    """Up to 0.15 of the height of the digit above."""
    small = [(left, 45 + gap, 8, 12) for left, _, _, _ in row(0)[:2]]
    assert counts(*row(5, 40), *small, *row(90, 40)) == expected


@pytest.mark.parametrize(("height", "expected"), [(25, [3, 1]), (23, [4])])
def test_what_stands_below_a_line_begins_one_from_six_tenths_of_the_height(height: int, expected) -> None:
    assert counts(*row(5, 40)[:3], (5, 60, 7, height)) == expected


def test_digits_that_wander_up_and_down_are_one_line() -> None:
    """A strip 64 pixels high, with digits of 20 to 40 pixels, each at its own height."""
    assert counts(
        (5, 0, 9, 24), (25, 40, 9, 24), (45, 8, 9, 40), (65, 44, 9, 20), (85, 2, 9, 20), (105, 30, 9, 30)
    ) == [6]


def test_a_staircase_is_one_line_up_to_a_step_of_one_and_a_half_heights() -> None:
    for gap, expected in ((23, [4]), (25, [1, 1, 1, 1])):
        stairs = [(5 + 20 * number, (16 + gap) * number, 7, 16) for number in range(4)]
        assert counts(*stairs) == expected
        assert counts(*((left, 124 - top, width, height) for left, top, width, height in stairs)) == expected


def test_two_lines_stay_two_if_a_digit_of_one_stands_above_one_of_the_other() -> None:
    """More than three tenths of the columns of the narrower one are shared: three of seven, and not two."""
    for shift, expected in ((4, [4, 4]), (5, [8])):
        assert counts(*row(4), *row(34, left=5 + shift)) == expected


def test_short_lines_of_a_page_stay_lines() -> None:
    assert counts(*row(4), *row(34)[:1], *row(64)) == [4, 1, 4]
