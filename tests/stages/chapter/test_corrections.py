"""The corrections of common notes are true, stand where the idea stands, and do not give solutions away."""

import re
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
SHOWN_BY = {
    "stray-sum": "For every input, w.x > threshold and w.x + b > 0 gave the same output.",
    "easy-output": "The lower the threshold, the more willing you are to go.",
    "no-tree": "Three questions matter",
    "smooth": "the error falls with the square",
    "approximately": "the output changes by approximately the sum",
    "scaling-all": "None of the 48 perceptron outputs changed",
    "sigma-zero": "At z = 0 the sigmoid is 0.5",
    "limit": "as exp(-0.5 c)",
    "output-half": "An output above 0.5 means that the image is a 9.",
    "ten-outputs": "The ten outputs stand for the ten digits.",
    "first-bit": "8 0 0 0 0 0 0 0 0 1 1 -0.5",
    "bit-patterns": "4 0 0 0 0 1 1 1 1 0 0 -0.5 2 0 0 1 1 0 0 1 1 0 0 -0.5 1 0 1 0 1 0 1 0 1 0 1 -0.5",
    "one-input": "For every training input x there is a desired output y(x)",
    "six": "For a 6, y(x) = (0, 0, 0, 0, 0, 0, 1, 0, 0, 0)^T.",
    "mse": "for one image it is |y(x) - a|² / 2.",
    "calculus": "one finds a minimum by setting every derivative to 0 and solving the equations",
    "not-ensured": "At eta = 1.05, after 40 steps, 40 uphill",
    "local": "the ball is nearly at rest, but not in the lowest place",
    "against": "of length eps, downhill: s = -eps u / |u|",
    "average": "the error is the spread of the gradients of single images divided by sqrt(m)",
    "online": "This is called online, or incremental, learning.",
    "whole-network": "The network's output is 0.6107.",
    "hundred": "96 % or far less",
    "two-hidden": "With 2 hidden layers the network is deep.",
}
"""What the command of each correction prints, as one line."""

COMMANDS = [one for one in CORRECTIONS if one["check"].startswith("nn ") and one["key"] != "darkness"]


pytestmark = pytest.mark.usefixtures("few_digits")


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("correction", COMMANDS, ids=lambda one: one["key"])
def test_the_command_of_a_correction_shows_it(correction: dict[str, str]) -> None:
    printed = CliRunner().invoke(app, correction["check"].split()[1:]).stdout
    assert SHOWN_BY[correction["key"]] in one_line(printed)


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
    assert set(SHOWN_BY) == {one["key"] for one in COMMANDS}
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
