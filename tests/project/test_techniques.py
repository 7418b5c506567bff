"""docs/techniques.md is true: its commands run, its table is the ladder's, and what it says to add works."""

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import REPOSITORY, Run

PAGE = (REPOSITORY / "docs" / "techniques.md").read_text()
COMMANDS = [" ".join(found.split()) for found in re.findall(r"`(nn [^`]*)`", PAGE) if "..." not in found]
LADDER = runpy.run_path(str(REPOSITORY / "benchmarks" / "ladder" / "rungs.py"))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_its_commands_run_on_the_small_set(nn: Run) -> None:
    ran = [shlex.split(command)[1:] for command in COMMANDS if "softsign" not in command]
    assert len(ran) >= 15
    for arguments in [["fetch", "--dataset", "digits"], *ran]:
        if arguments == ["fetch"]:
            continue  # the real digits are not fetched in a test
        if arguments[0] == "train" and "--epochs" not in arguments:
            arguments += ["--epochs", "2"]  # how well they learn is for the ladder to say
        done = nn(*arguments)
        assert done.returncode == 0, (arguments, done.stderr)


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert (REPOSITORY / "docs" / target).exists(), target


def test_its_table_and_its_rungs_are_those_of_the_ladder() -> None:
    names = [rung.name for rung in LADDER["RUNGS"]]
    assert [name for name in names if f"| {name} | " in PAGE] == names
    told = re.findall(r"^- \*\*(.*)\.\*\*", PAGE, re.MULTILINE)
    assert [name.lower() for name in told] == [name.lower() for name in names[1:]]


def test_every_rung_changes_what_the_one_below_is_trained_with() -> None:
    trained, parameters = LADDER["trained"], LADDER["parameters"]
    own = [number for number in range(len(LADDER["RUNGS"])) if trained(number) == number]
    assert len({parameters(number, 0) for number in own}) == len(own) >= 12
    assert parameters(0, 3) == type(parameters(0, 3))(seed=3, threads=1)
    assert {trained(number) for number in range(own[-1], len(LADDER["RUNGS"]))} == {own[-1]}


def test_what_it_says_to_add_is_found_and_checked(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("there is no git here to apply the page's changes with")
    for room in ("cli", "stages", "models", "tests"):
        shutil.copytree(REPOSITORY / room, tmp_path / "nn" / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(REPOSITORY / "pyproject.toml", tmp_path / "nn")
    (program,) = blocks("python")
    (tmp_path / "nn" / "models" / "layers" / "mean.py").write_text(program)
    for change in blocks("diff"):
        subprocess.run(["git", "apply", "-C1", "-"], cwd=tmp_path / "nn", input=change, text=True, check=True)
    (command,) = re.findall(r"`python (-m pytest [^`]*)`", PAGE)
    done = subprocess.run(
        [sys.executable, *shlex.split(command)],
        cwd=tmp_path / "nn",
        env={**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    quoted = re.findall(r"^tests/\S+::.*(?= PASSED)", PAGE, re.MULTILINE)
    assert len(quoted) == done.stdout.count(" PASSED") > 0
    assert [line for line in quoted if line not in done.stdout] == []
