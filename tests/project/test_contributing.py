"""CONTRIBUTING.md has the tree's map, and the changes of docs/extending.md work in a copy of the project."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from support import REPOSITORY

CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGE = (REPOSITORY / "docs" / "extending.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
BLOCK = re.compile(r"(?:^`([^`]+)`, (new|at the end):\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROOMS = ("cli", "stages", "models", "pages", "estimators")
LEFT = (".git", ".venv", "build", ".page-tools", "*.egg-info", ".*_cache", "*.pyc.*")
"""What is not copied: what is no part of the project, and compiled files that a process is writing."""


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
    files = re.findall(r"^\+\+\+ b/(.*)$", diffs, re.MULTILINE)
    return {block.path for block in blocks(section, "python", "json")} | set(files)


def run(copy: Path, command: str) -> None:
    """Run a command in the copy, with the programs of this virtual environment and the modules of the copy."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": str(copy.parent / "packages"), "PATH": path}
    done = subprocess.run(shlex.split(command), cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command, done.stdout[-4000:], done.stderr[-4000:])


def apply(copy: Path, block: Block) -> None:
    if block.language == "diff":
        subprocess.run(["git", "apply", "-C1", "-"], cwd=copy, input=block.text, text=True, check=True)
        return
    path = copy / block.path
    assert path.exists() == (block.where == "at the end")
    before = path.read_text() + "\n\n" if path.exists() else ""
    path.write_text(before + block.text)


@pytest.fixture(scope="module")
def copy(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with every change of the page, and data to run its commands on."""
    if shutil.which("git") is None:
        pytest.skip("there is no git here to apply the changes of the page with")
    copy = tmp_path_factory.mktemp("contributing") / "nn"
    shutil.copytree(REPOSITORY, copy, ignore=shutil.ignore_patterns(*LEFT))
    for made in (copy / "artifacts").glob("[!R]*"):
        shutil.rmtree(made) if made.is_dir() else made.unlink()
    package = copy.parent / "packages" / "nndigits"
    package.mkdir(parents=True)
    (package / "__init__.py").symlink_to(copy / "nndigits" / "__init__.py")
    for room in ROOMS:
        (package / {"estimators": "sklearn"}.get(room, room)).symlink_to(copy / room)
    for section in SECTIONS:
        for block in blocks(section, "python", "json", "diff"):
            apply(copy, block)
    shutil.copy(digits, copy / "artifacts" / "data.npz")
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_the_commands_of_a_change_run(copy: Path, section: str) -> None:
    (commands,) = blocks(section, "sh")
    assert "pytest" in commands.text
    for command in commands.text.splitlines():
        run(copy, command)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_change_is_of_two_files_of_code_and_one_test_at_most(section: str) -> None:
    files = changed_files(section)
    tests = {file for file in files if file.startswith("tests/")}
    code = {file for file in files - tests if file.endswith(".py")}
    assert 1 <= len(code) <= 2
    assert len(tests) <= 1


@pytest.mark.slow
def test_the_changes_leave_the_project_in_order(copy: Path) -> None:
    run(copy, "python tests/screens.py")
    run(copy, "pytest -q -m 'not slow' tests/project/test_rooms.py tests/cli/test_typing.py tests/cli/test_screens.py")
    files = " ".join(file for section in SECTIONS for file in changed_files(section) if file.endswith(".py"))
    run(copy, f"ruff check --no-cache {files}")
    run(copy, f"ruff format --no-cache --check {files}")


def test_the_map_has_every_room_with_its_sentence() -> None:
    rooms = dict(re.findall(r"^\| `([\w/]+)` \| (.*) \|$", CONTRIBUTING, re.MULTILINE))
    assert rooms == {
        path.parent.relative_to(REPOSITORY).as_posix(): ast.get_docstring(ast.parse(path.read_text()))
        for room in ROOMS
        for path in (REPOSITORY / room).rglob("__init__.py")
    }


def test_the_commands_of_every_day_name_what_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    for target in re.findall(r"^make ([\w-]+)", CONTRIBUTING, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for path in re.findall(r"^pytest -q ([\w/.-]+)|#.* (docs/[\w.-]+)", CONTRIBUTING, re.MULTILINE):
        assert (REPOSITORY / "".join(path).rstrip(".:")).exists(), path
