"""CONTRIBUTING.md is true: its map is the tree's, and its recipes work in a copy of the project."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from support import REPOSITORY, write_idx

pytestmark = pytest.mark.slow

PAGE = (REPOSITORY / "CONTRIBUTING.md").read_text()
SECTIONS = dict(re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
RECIPES = [name for name in SECTIONS if name.startswith("Add ")]
BLOCK = re.compile(r"(?:^`([^`]+)`, (new|at the end):\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = [
    path
    for room in ("cli", "stages", "models", "pages", "estimators")
    for path in sorted((REPOSITORY / room).rglob("*.py"))
]
COPIED = (
    "cli",
    "stages",
    "models",
    "pages",
    "estimators",
    "tests",
    "docs",
    "pyproject.toml",
    "README.md",
    "artifacts/README.md",
)


class Block(NamedTuple):
    """A fenced block of the page, with the file that the line above it names, and whether that file is new."""

    path: str
    where: str
    language: str
    text: str


def blocks(section: str, *languages: str) -> list[Block]:
    found = [Block(*match.groups(default="")) for match in BLOCK.finditer(SECTIONS[section])]
    return [block for block in found if block.language in languages]


def changed_files(section: str) -> set[str]:
    diffs = "".join(block.text for block in blocks(section, "diff"))
    return {block.path for block in blocks(section, "python")} | set(
        re.findall(r"^\+\+\+ b/(.*)$", diffs, re.MULTILINE)
    )


def environment(copy: Path) -> dict[str, str]:
    """The environment in which nn, pytest, ruff and python are those of this virtual environment, and run the copy."""
    programs = Path(sys.executable).parent
    return {
        **os.environ,
        "PYTHONPATH": str(copy.parent),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
    }


def run(copy: Path, command: str) -> None:
    done = subprocess.run(
        shlex.split(command), cwd=copy, env=environment(copy), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)


def apply(copy: Path, block: Block) -> None:
    if block.language == "diff":
        subprocess.run(["git", "apply", "-C1", "-"], cwd=copy, input=block.text, text=True, check=True)
        return
    path = copy / block.path
    assert path.exists() == (block.where == "at the end")
    before = path.read_text() + "\n\n" if path.exists() else ""
    path.write_text(before + block.text)


def write_bars(folder: Path) -> None:
    """Write the data set of the page: images of 8 x 8 pixels, each with a horizontal or a vertical bar."""
    folder.mkdir()
    for split, count in (("train", 60), ("test", 20)):
        images, labels = np.zeros((count, 8, 8)), np.arange(count) % 2
        for number, label in enumerate(labels):
            line = number // 2 % 8
            images[(number, slice(None), line) if label else (number, line)] = 255
        write_idx(folder / f"bars-{split}-images", images)
        write_idx(folder / f"bars-{split}-labels", labels)


@pytest.fixture(scope="module")
def copy(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with every recipe of the page, and data to run its commands on."""
    if shutil.which("git") is None:
        pytest.skip("there is no git here to apply the changes of the page with")
    copy = tmp_path_factory.mktemp("contributing") / "nn"
    for name in COPIED:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        if (REPOSITORY / name).is_dir():
            # With the compiled files, which stay valid, but not those that a process is writing.
            shutil.copytree(REPOSITORY / name, copy / name, ignore=shutil.ignore_patterns("*.pyc.*"))
        else:
            shutil.copy2(REPOSITORY / name, copy / name)
    for section in RECIPES:
        for block in blocks(section, "python", "diff"):
            apply(copy, block)
    shutil.copy(digits, copy / "artifacts" / "data.npz")
    write_bars(copy / "bars")
    return copy


@pytest.mark.parametrize("section", RECIPES)
def test_the_commands_of_a_recipe_run(copy: Path, section: str) -> None:
    (commands,) = blocks(section, "sh")
    assert "pytest" in commands.text
    for command in commands.text.splitlines():
        run(copy, command)


@pytest.mark.parametrize("section", RECIPES)
def test_a_recipe_changes_two_files_of_code_and_one_test_at_most(section: str) -> None:
    files = changed_files(section)
    code, tests = (
        {file for file in files if re.match(room, file)} for room in ("(cli|stages|models|estimators)/", "tests/")
    )
    assert 1 <= len(code) <= 2
    assert len(tests) <= 1
    assert all(file.endswith(".md") for file in files - code - tests)


def test_there_is_a_recipe_for_each_thing_that_can_be_added() -> None:
    added = [name.split(maxsplit=2)[2] for name in RECIPES]
    assert added == ["activation", "layer", "optimizer", "data set", "demonstration", "artifact kind", "command"]


def test_the_recipes_leave_the_project_in_order(copy: Path) -> None:
    run(copy, "pytest -q tests/project/test_rooms.py -k 'three_to_twelve or installed or circle'")
    if shutil.which("ruff", path=environment(copy)["PATH"]):
        files = " ".join(file for section in RECIPES for file in changed_files(section) if file.endswith(".py"))
        run(copy, f"ruff check --no-cache {files}")
        run(copy, f"ruff format --no-cache --check {files}")


def test_the_map_has_every_room_with_its_sentence() -> None:
    rooms = dict(re.findall(r"^\| `([\w/]+)` \| (.*) \|$", SECTIONS["The map"], re.MULTILINE))
    assert rooms == {
        path.parent.relative_to(REPOSITORY).as_posix(): ast.get_docstring(ast.parse(path.read_text()))
        for path in CODE
        if path.name == "__init__.py"
    }


def test_the_commands_of_every_day_name_what_exists() -> None:
    (block,) = blocks("Every day", "sh")
    makefile = (REPOSITORY / "Makefile").read_text()
    for target in re.findall(r"^make ([\w-]+)", block.text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for path in re.findall(r"(?:tests|docs)/[\w/.-]+", block.text):
        assert (REPOSITORY / path).exists(), path


def test_the_glossary_names_what_is_in_the_code() -> None:
    rows = re.findall(r"^\| (.*) \| (.*) \| (.*) \|$", SECTIONS["Glossary"], re.MULTILINE)[1:]
    assert len(rows) >= 25
    code = "\n".join(path.read_text() for path in CODE)
    for _, ours, _ in rows:
        names = re.findall(r"`([^`]+)`", ours)
        assert names, ours
        for name in names:
            assert all(re.search(rf"\b{part}\b", code) for part in name.split(".")), name
