"""The corrections of common notes are true, stand where the idea stands, and do not give solutions away."""

from pathlib import Path

import pytest
from support import Run
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.stages.chapter import chapter
from nndigits.stages.chapter.prose import table
from nndigits.stages.chapter.without_hidden import WithoutHidden
from nndigits.stages.demos.shared.data import DATA
from nndigits.stages.demos.shared.index import BY_NAME

CORRECTIONS = table("corrections")
COMMANDS = [one for one in CORRECTIONS if one["check"].startswith("nn ") and one["key"] != "darkness"]


pytestmark = pytest.mark.usefixtures("few_digits")


@pytest.mark.parametrize("check", sorted({one["check"] for one in COMMANDS}))
def test_the_command_of_a_correction_shows_it(check: str) -> None:
    done = CliRunner().invoke(app, check.split()[1:])
    assert done.exit_code == 0
    assert done.stdout


def test_the_darkness_baseline_reads_as_many_as_its_correction_says(mnist: Path, nn: Run) -> None:
    printed = nn("baseline", "darkness", "--data", str(mnist)).stdout
    assert "2225" in printed.replace(",", "")
    (darkness,) = (one for one in CORRECTIONS if one["key"] == "darkness")
    assert all("2,225" in version for version in darkness["notes"].values())


def test_the_arithmetic_of_a_correction_is_right() -> None:
    sums = {one["key"]: one["check"] for one in CORRECTIONS if not one["check"].startswith("nn ")}
    assert sums == {
        "cortex": "140,000,000 = 1.4 × 10⁸",
        "factor": f"60,000 / 10 = {60_000 // 10:,}; 50,000 / 10 = {50_000 // 10:,}",
        "thirty": f"784 + 30 + 10 = {784 + 30 + 10}",
    }


def test_corrections_stand_at_a_demonstration_unless_solutions_are_left_out() -> None:
    assert {one["demo"] for one in CORRECTIONS} <= set(BY_NAME)
    shown = chapter.run(["scaling"], DATA)
    measured = WithoutHidden(64, 30, (80.0, 90.0))
    page, without = (chapter.page_of(shown, "digits", measured, with_solutions=given) for given in (True, False))
    assert page.count('<details class="correction in-zh"') == 3
    assert 'id="corrections"' in page
    assert "笔记勘误" not in without.partition('id="data"')[0]
    assert all(term["en"] in without and term["zh"] in without for term in table("glossary"))


def test_the_glossary_has_each_term_once_and_calls_online_learning_what_it_is() -> None:
    terms = {term["en"]: term for term in table("glossary")}
    assert len(terms) == len(table("glossary")) == len({term["zh"] for term in terms.values()})
    assert {term["demo"] for term in terms.values()} <= set(BY_NAME)
    assert all(set(term["means"]) == {"en", "zh"} and all(term["means"].values()) for term in terms.values())
    assert (terms["online learning"]["zh"], terms["incremental learning"]["zh"]) == ("在线学习", "增量学习")
