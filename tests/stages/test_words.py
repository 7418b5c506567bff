"""How texts write numbers, counts and values."""

import re

import pytest
from support import REPOSITORY

from nndigits.stages.words import nouns, numbers, values


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (8, "an 8"),
        (9, "a 9"),
        (11, "an 11"),
        (18, "an 18"),
        (80, "an 80"),
        (1, "a 1"),
        (110, "a 110"),
        ("epoch", "an epoch"),
    ],
)
def test_the_article_is_the_spoken_one(thing: object, text: str) -> None:
    assert nouns.with_article(thing) == text


def test_numbers_are_grouped_and_counts_agree_with_their_nouns() -> None:
    assert numbers.share(9518, 10_000) == "9,518 of 10,000"
    assert numbers.share(9505.3, 10_000) == "9,505.3 of 10,000"
    assert numbers.percent(0.9518) == "95.18 %"
    assert numbers.percent(0.1, 0) == "10 %"
    assert [nouns.counted(number, "epoch") for number in (0, 1, 2, 1000)] == [
        "0 epochs",
        "1 epoch",
        "2 epochs",
        "1,000 epochs",
    ]
    assert nouns.listed(["a", "b", "c"], "or") == "a, b or c"
    assert [numbers.size(count) for count in (950, 95_400, 13_200_000)] == ["0.9 kB", "95.4 kB", "13.2 MB"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "10 s"), (47, "50 s"), (56, "1 min"), (130, "2 min"), (3500, "58 min"), (4900, "1 h 20 min")],
)
def test_an_estimate_is_rounded_to_what_it_can_promise(seconds: float, text: str) -> None:
    assert numbers.about(seconds) == text


def test_values_are_written_as_they_are_typed() -> None:
    assert [values.typed(value) for value in ((), (100, 30), None, 0.1, 3.0, "adam")] == [
        "none", "100,30", "none", "0.1", "3", "adam",
    ]  # fmt: skip
    assert values.first_bytes(b"%PDF-1.7 more") == '"%PDF-1.7", as a PDF document does'
    assert values.first_bytes(bytes((255, 216, 255))) == "ff d8 ff, as a JPEG picture does"


def test_no_file_writes_a_percentage_in_its_own_way() -> None:
    """The demonstrations write Python's, which the terminal sets apart."""
    files = [
        path for room in ("cli", "stages") for path in (REPOSITORY / room).rglob("*.py") if "demos" not in path.parts
    ]
    assert len(files) > 80
    assert [str(path) for path in files if re.search(r":\.\d%\}", path.read_text())] == []
