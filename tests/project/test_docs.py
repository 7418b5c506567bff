"""The documents are true: their commands run, their Python runs, every command stands in the README."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from support import REPOSITORY, Run, draw_one

from nndigits.cli.main import app

README = (REPOSITORY / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_every_command_stands_in_the_readme() -> None:
    names = [command.name for command in app.registered_commands] + [group.name for group in app.registered_groups]
    assert len(names) >= 4
    for name in names:
        assert f"nn {name}" in README


def test_the_readmes_commands_run_on_the_small_set(nn: Run, tmp_path: Path) -> None:
    lines = [line.split("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    ran = [shlex.split(line)[1:] for line in lines if line.startswith("nn ")]
    assert len(ran) >= 7
    for name in ("my-five.jpg", "strip.png"):
        draw_one(Path(name))
    for arguments in ran:
        done = nn(*arguments)
        assert done.returncode == 0, (arguments, done.stderr)


def test_the_readmes_python_runs_on_the_small_set(tmp_path: Path) -> None:
    (program,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 0.3 < float(done.stdout.splitlines()[-1]) < 1


WITH_EXAMPLES = sorted(
    ".".join(("nndigits", *path.relative_to(REPOSITORY).with_suffix("").parts)).replace(
        "nndigits.estimators", "nndigits.sklearn"
    )
    for room in ("cli", "stages", "models", "estimators")
    for path in (REPOSITORY / room).rglob("*.py")
    if ">>>" in path.read_text()
)


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_the_examples_in_docstrings_say_what_comes_out(module: str) -> None:
    failed, tried = doctest.testmod(import_module(module))
    assert (failed, tried > 0) == (0, True)


PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), REPOSITORY / "artifacts" / "README.md"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_resolve(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)]+)\)", prose):
        path, _, anchor = target.partition("#")
        if path.startswith("http"):
            continue
        file = page.parent / path if path else page
        assert file.exists(), target
        assert not anchor or anchor in _anchors(file), target


def _anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_changelog_names_the_commands() -> None:
    changelog = (REPOSITORY / "CHANGELOG.md").read_text()
    for name in ("nn fetch", "nn train", "nn eval", "nn show"):
        assert name in changelog
