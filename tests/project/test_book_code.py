"""docs/book-code.md: every name of ours exists, with its shapes, and so do the flags."""

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
