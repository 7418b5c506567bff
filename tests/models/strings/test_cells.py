"""The cells of a line: where a wide gap ends one, and which of them are numbers."""

from types import SimpleNamespace

import pytest

from nndigits.models.strings.cells import cells
from nndigits.models.strings.segmentation import HEIGHT
from nndigits.models.strings.signs import Sign


def of_boxes(lefts: list[int], scores: list[float], *signs: Sign, is_any_text: bool = False) -> list[list[int | Sign]]:
    """Return the cells of digits that are 20 pixels wide and 32 high."""
    line = SimpleNamespace(scale=HEIGHT / 32, box=lambda number: (lefts[number], 0, lefts[number] + 20, 32))
    path = [(number, True, score) for number, score in enumerate(scores)]
    return cells(line, path, signs, is_any_text=is_any_text)


@pytest.mark.parametrize(("gap", "found"), [(35, [[0, 1]]), (36, [[0], [1]])])
def test_a_gap_wider_than_a_digit_is_high_ends_a_cell(gap: int, found: list[list[int]]) -> None:
    assert of_boxes([0, 20 + gap], [5.0, 5.0]) == found


@pytest.mark.parametrize(("second", "found"), [(1.2, [[0, 1]]), (1.1, [])])
def test_candidates_that_are_hardly_better_as_digits_are_no_number(second: float, found: list[list[int]]) -> None:
    assert of_boxes([0, 25], [0.0, second]) == found
    assert of_boxes([0, 25], [0.0, second], is_any_text=True) == [[0, 1]]


def test_a_sign_stands_where_it_is_and_is_no_number_alone() -> None:
    point, far = Sign(".", (22, 28, 25, 32)), Sign("-", (200, 14, 220, 18))
    assert of_boxes([0, 27], [5.0, 5.0], point, far) == [[0, point, 1]]
