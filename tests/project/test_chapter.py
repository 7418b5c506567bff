"""docs/chapter.md is what its commands print today."""

import re
import runpy
from pathlib import Path

import pytest
from support import REPOSITORY

from nn.stages.demos.shared.index import BY_NAME

REFRESH = runpy.run_path(str(REPOSITORY / "docs" / "refresh.py"))
BLOCKS = {found[1]: found[2] for found in REFRESH["BLOCK"].finditer((REPOSITORY / "docs" / "chapter.md").read_text())}
NUMBER = re.compile(r"-?\d[\d,]*\.?\d*(?:e[-+]\d+)?")

LEARNED = {
    "segmentation": "",
    "nine": "--epochs 1",
    "bits": "--epochs 1 --seeds 1",
    "hidden": "",
    "target": "",
    "cost": "",
    "online": "--epochs 1 --updates 10 --rates 3",
    "learning-rate": "--epochs 1",
    "deep": "",
}
"""What is learned depends on the last bits, and so on the processor: there the words are compared, not the figures.

The flags make the training short.
"""


def words(text: str) -> list[str]:
    return NUMBER.sub("#", text).split()


def numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


def test_the_page_has_every_demonstration_once() -> None:
    assert sorted(BLOCKS) == sorted(f"nn demo {name}" for name in BY_NAME)


@pytest.mark.parametrize("name", [name for name in BY_NAME if name not in LEARNED])
def test_the_page_is_current(name: str, quick_nn: Path) -> None:
    command = f"nn demo {name}"
    now = REFRESH["run"](command, quick_nn)
    assert words(now) == words(BLOCKS[command])
    assert numbers(now) == pytest.approx(numbers(BLOCKS[command]), rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("name", LEARNED)
def test_the_page_opens_with_todays_words(name: str, quick_nn: Path) -> None:
    """The first paragraph does not depend on what was learned."""
    command = f"nn demo {name}"
    idea = REFRESH["run"](f"{command} {LEARNED[name]}", quick_nn).split("\n\n")[1]
    assert words(idea) == words(BLOCKS[command].split("\n\n")[1])
