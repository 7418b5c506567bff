"""The documents are true: their commands and their Python run, links resolve, and the README has every command."""

import doctest
import os
import re
import runpy
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from support import REPOSITORY, Run

from nndigits.cli.main import app

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
NETWORKS = (REPOSITORY / "docs" / "better-networks.md").read_text(encoding="utf-8")
PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md"), REPOSITORY / "artifacts" / "README.md"])
WITH_EXAMPLES = sorted(
    ".".join(("nndigits", *path.relative_to(REPOSITORY).with_suffix("").parts)).replace(
        "nndigits.estimators", "nndigits.sklearn"
    )
    for room in ("cli", "stages", "models", "estimators")
    for path in (REPOSITORY / room).rglob("*.py")
    if ">>>" in path.read_text()
)


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def run_on_small_digits(nn: Run, commands: list[str]) -> None:
    """Run commands, with the small digits for MNIST, and two epochs where a command does not say how many."""
    for command in commands:
        arguments = shlex.split(command, comments=True)[1:]
        if arguments == ["fetch"]:
            arguments += ["--dataset", "digits"]
        if arguments[0] == "train" and "--epochs" not in arguments:
            arguments += ["--epochs", "2"]
        done = nn(*arguments)
        # Of so few images some of these networks learn nothing in so few epochs, which nn says: exit code 5.
        assert done.returncode in ((0, 5) if arguments[0] == "train" else (0,)), (arguments, done.stderr)


def test_every_command_stands_in_the_readme() -> None:
    for command in [*app.registered_commands, *app.registered_groups]:
        assert f"`nn {command.name}`" in README


def test_the_readmes_commands_run(nn: Run, tmp_path: Path) -> None:
    first, *others = [line for block in blocks(README, "sh") for line in block.splitlines()]
    assert f"```\n{nn(*shlex.split(first)[1:]).stdout}```" in README
    run_on_small_digits(nn, others)
    assert {path.name for path in tmp_path.iterdir()} <= {"artifacts", "cache"}, "what git ignores"


def test_the_readmes_python_runs(tmp_path: Path) -> None:
    (program,) = blocks(README, "python")
    program = program.replace("fetch(data)", 'fetch(data, dataset="digits")')
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert 0.3 < float(done.stdout.splitlines()[-1]) < 1


def test_the_chinese_readme_has_the_same_code_and_links() -> None:
    chinese = (REPOSITORY / "README.zh-CN.md").read_text(encoding="utf-8")

    def code(page: str) -> list[str]:
        return [re.sub(r"\s*#.*", "", block) for block in re.findall(r"```\w*\n.*?```", page, re.DOTALL)]

    def links(page: str) -> set[str]:
        return set(re.findall(r"\]\(([^)]+)\)", page))

    assert code(chinese) == code(README)
    assert links(chinese) ^ links(README) == {"README.md", "README.zh-CN.md"}


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_the_examples_in_docstrings_say_what_comes_out(module: str) -> None:
    failed, tried = doctest.testmod(import_module(module))
    assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_resolve(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)]+)\)", prose):
        path, _, anchor = target.partition("#")
        if path.startswith("http"):
            continue
        file = page.parent / path if path else page
        assert file.exists(), target
        assert not anchor or anchor in _anchors(file), target


def _anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.slow
def test_the_commands_of_each_technique_run(nn: Run) -> None:
    _, _, block = blocks(NETWORKS, "sh")
    run_on_small_digits(nn, ["nn fetch", *block.splitlines()])


def test_the_page_and_the_ladder_have_the_same_techniques_in_one_order() -> None:
    ladder = runpy.run_path(str(REPOSITORY / "benchmarks" / "ladder" / "rungs.py"))
    names = [rung.name for rung in ladder["RUNGS"]]
    assert [name for name in names if f"| {name} | " in NETWORKS] == names
    trained, parameters = ladder["trained"], ladder["parameters"]
    own = [number for number in range(len(names)) if trained(number) == number]
    assert len({parameters(number, 0) for number in own}) == len(own), "every rung changes what is trained"
