"""docs/chapter.md is what its commands print today, with MNIST's digits, and has their pictures."""

import io
import re
import runpy
from pathlib import Path

import pytest
from PIL import Image
from random_networks import save_random
from support import REPOSITORY

from nndigits.stages.demos.shared.index import BY_NAME
from nndigits.stages.figures import plot
from nndigits.stages.figures.figure import Curve, Figure, Panel

REFRESH = runpy.run_path(str(REPOSITORY / "docs" / "refresh.py"))
PAGE = (REPOSITORY / "docs" / "chapter.md").read_text(encoding="utf-8")
BLOCKS = {found[1]: found[2] for found in REFRESH["BLOCK"].finditer(PAGE)}
DIGITS = [name for name in BY_NAME if REFRESH["uses_digits"](name)]
NUMBER = re.compile(r"-?\d[\d,]*\.?\d*(?:e[-+]\d+)?")

FEW = {
    "sgd": "--sizes 1,10 --draws 2",
    "segmentation": "--weights random.npz",
    "nine": "--epochs 1",
    "bits": "--epochs 1 --seeds 1",
    "hidden": "",
    "target": "",
    "cost": "",
    "online": "--epochs 1 --updates 10 --rates 3",
    "learning-rate": "--epochs 1",
    "deep": "",
}
"""Flags that make the training short. What is learned depends on the last bits, and so on the processor."""

LARGEST = 600_000
"""Bytes of all pictures."""


def words(text: str) -> list[str]:
    return NUMBER.sub("#", text).split()


def numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


def test_the_page_has_every_demonstration_once() -> None:
    assert sorted(BLOCKS) == sorted(f"nn demo {name}" for name in BY_NAME)


def test_the_contents_name_every_demonstration_in_its_order() -> None:
    contents = [line for line in PAGE.splitlines() if line.startswith("- [")]
    assert re.findall(r"`([\w-]+)`", " ".join(contents)) == [command.split()[2] for command in BLOCKS]
    headings = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    assert [line[3:].partition("]")[0] for line in contents] == headings


@pytest.mark.parametrize("name", [name for name in BY_NAME if name not in DIGITS])
def test_the_page_is_current(name: str, quick_nn: Path) -> None:
    compare(f"nn demo {name}", REFRESH["run"](f"nn demo {name}", quick_nn))


@pytest.mark.parametrize("name", DIGITS)
def test_the_page_opens_with_todays_words(name: str, quick_nn: Path, tmp_path: Path) -> None:
    """The first paragraph depends neither on the digits nor on what was learned."""
    command = f"nn demo {name}"
    save_random(tmp_path / "random.npz", "dense 11 softmax", rejects=True, image=(8, 8))
    idea = REFRESH["run"](f"{command} {FEW[name]}", quick_nn, tmp_path).split("\n\n")[1]
    assert words(idea) == words(BLOCKS[command].split("\n\n")[1])


@pytest.mark.parametrize("name", DIGITS)
def test_the_digits_of_the_page_are_those_of_mnist(name: str) -> None:
    shown = " ".join(BLOCKS[f"nn demo {name}"].split())
    where = "50,000 training images and 10,000 test images, 28 x 28 pixels, from artifacts/data.npz."
    assert f"Data: mnist, {where}" in shown


def test_what_is_not_trained_is_current_with_mnist(mnist: Path, quick_nn: Path, tmp_path: Path) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "data.npz").symlink_to(mnist)
    compare("nn demo sgd", REFRESH["run"]("nn demo sgd", quick_nn, tmp_path))


def compare(command: str, now: str) -> None:
    """Compare the words of an output with the page's, and its figures up to the last digits."""
    assert words(now) == words(BLOCKS[command])
    assert numbers(now) == pytest.approx(numbers(BLOCKS[command]), rel=1e-3, abs=1e-6)


def test_a_picture_with_few_colours_keeps_those_of_its_curves(tmp_path: Path) -> None:
    curves = tuple(Curve([0.0, 1.0], [place, place + 1.0], f"curve {place}") for place in range(len(plot.COLOURS)))
    plot.save(Figure((Panel("Curves", curves=curves),)), tmp_path / "curves.png")
    encoded = REFRESH["small"](tmp_path / "curves.png")
    with Image.open(io.BytesIO(encoded)) as picture:
        colours = {"#{:02X}{:02X}{:02X}".format(*colour) for _, colour in picture.convert("RGB").getcolors()}
    assert set(plot.COLOURS) <= colours
    assert len(encoded) < (tmp_path / "curves.png").stat().st_size / 2


def test_every_demonstration_has_its_picture_and_they_are_small() -> None:
    named = re.findall(r"^!\[.+\]\(chapter/(.*)\.png\)$", PAGE, re.MULTILINE)
    assert named == [command.split()[2] for command in BLOCKS]
    pictures = sorted((REPOSITORY / "docs" / "chapter").iterdir())
    assert [picture.name for picture in pictures] == sorted(f"{name}.png" for name in named)
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
    assert sum(picture.stat().st_size for picture in pictures) <= LARGEST
