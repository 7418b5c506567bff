"""docs/book-code.md: every function of the book's programs is named, and every name of ours exists."""

import ast
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from support import REPOSITORY
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.models.network.network import random_network

PAGE = REPOSITORY / "docs" / "book-code.md"
TEXT = PAGE.read_text()
OURS = sorted(set(re.findall(r"\[`([\w.]+)`\]\(([^)]+\.py)\)", TEXT)))
COMMANDS = sorted(set(re.findall(r"`(nn [^`]+)`", TEXT)))
BOOK = {
    "network.py": (
        "Network.__init__", "Network.feedforward", "Network.SGD", "Network.update_mini_batch", "Network.backprop",
        "Network.evaluate", "Network.cost_derivative", "sigmoid", "sigmoid_prime",
    ),
    "mnist_loader.py": ("load_data", "load_data_wrapper", "vectorized_result"),
    "mnist_average_darkness.py": ("main", "avg_darknesses", "guess_digit"),
    "mnist_svm.py": ("svm_baseline",),
}  # fmt: skip
"""The classes and functions of the book's programs for chapter 1."""


def defined(path: Path) -> set[str]:
    names = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
    return names


@pytest.mark.parametrize(("name", "path"), OURS)
def test_a_name_of_ours_is_defined_in_the_file_that_it_links_to(name: str, path: str) -> None:
    assert name in defined((PAGE.parent / path).resolve())


@pytest.mark.parametrize("program", BOOK)
def test_every_function_of_a_program_of_the_book_has_its_row(program: str) -> None:
    section = TEXT.split(f"## {program}\n")[1].split("\n## ")[0]
    firsts = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    for name in BOOK[program]:
        assert any(f"`{name}`" in first for first in firsts), name


@pytest.mark.parametrize("command", COMMANDS)
def test_the_flags_of_its_commands_exist(command: str) -> None:
    words = shlex.split(command)[1:]
    done = CliRunner().invoke(app, [*(word for word in words if word.isalpha() and word != "none"), "--help"])
    assert done.exit_code == 0
    for flag in (word for word in words if word.startswith("--")):
        assert flag in done.stdout


def test_the_shapes_and_the_notation_that_it_gives() -> None:
    network = random_network([784, 30, 10], np.random.default_rng(0))
    assert network.dense[0].w.shape == (30, 784)
    assert network.dense[0].b.shape == (30,)
    assert (len(network.layers) + 1, str(network)) == (3, "784-30-10")
