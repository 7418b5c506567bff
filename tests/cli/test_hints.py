"""Every command that nn prints as a hint runs as it is printed: in a shell, from the same folder.

Commands that take minutes, or need the network, are only parsed.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import typer
from PIL import Image
from support import TINY, draw_one, seven, write_idx

from nndigits.cli.main import app
from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.fetch import fetch
from nndigits.stages.runs import recipe
from nndigits.stages.training.train import train

HINT = re.compile(r"(?:^|  |`)(nn (?:[^`\s]| (?! ))+)")
"""A command at the beginning of a line, after two spaces or in backticks; it ends before two spaces."""

SLOW = ("--recipe", "demo all", "nn chapter", "svm --tuned", "svm --search", "fetch --dataset mnist", "nn find-eta")
PLACEHOLDERS = {"FOLDER": "my-digits", "NAME": "best"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, digits: Path) -> Path:
    """A folder with the small digits and weights, others with spaces in their names, and pictures."""
    folder = tmp_path_factory.mktemp("hints")
    for place in ("artifacts", "my runs"):
        (folder / place).mkdir()
        shutil.copy(digits, folder / place / "data.npz")
        train(folder / place / "data.npz", folder / place / "weights.npz", TINY)
    for number in range(3):  # each hint adds validation images to one
        fetch(folder / f"training only {number}.npz", dataset="digits", validation=0)
    draw_one(folder / "-one.png")
    draw_one(folder / "one.png")
    pair = np.concatenate([seven(), seven()], axis=1)
    Image.fromarray((255 * (1 - pair)).astype(np.uint8)).save(folder / "two sevens.png")
    (folder / "my-digits").mkdir()
    for part, count in (("train", 60), ("test", 20)):
        write_idx(folder / "my-digits" / MNIST.file_names[f"{part}_images"], np.full((count, 8, 8), 9))
        write_idx(folder / "my-digits" / MNIST.file_names[f"{part}_labels"], np.arange(count) % 10)
    return folder


@pytest.fixture(scope="module")
def ran() -> set[str]:
    """The hints that have been run."""
    return set()


@pytest.fixture
def run(folder: Path, quick_nn: Path) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Run a command line in a shell in the folder, without a network."""
    path = f"{quick_nn.parent}{os.pathsep}{os.environ['PATH']}"

    def run(line: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": path, "COLUMNS": "400"}
        return subprocess.run(
            ["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def hints(text: str) -> list[str]:
    """Return the commands in an output, without descriptions of commands such as `nn show FILE`."""
    found = [hint for line in text.splitlines() for hint in HINT.findall(line)]
    return [hint for hint in found if not re.search(r"\b(COMMAND|FILE)\b", hint)]


def check_parses(line: str) -> None:
    """Read a command line as nn does, without running it; the recipe that it names exists."""
    words = shlex.split(line)
    context, words = None, words[1:]
    current = typer.main.get_command(app)
    while True:
        context = current.make_context(current.name, list(words), parent=context)
        if not hasattr(current, "resolve_command"):
            break
        rest = [*context._protected_args, *context.args]
        if not rest:
            break
        _, current, words = current.resolve_command(context, rest)
    if context.params.get("recipe") not in (None, False, True):
        recipe.read(context.params["recipe"])


SITUATIONS = {
    "nn": 0,
    "nn --help": 0,
    "nn fetch --dataset digits": 0,
    "nn fetch --dataset digits -o 'my runs/data.npz'": 0,
    "nn train --epochs 1": 0,
    "nn train --epochs 1 --data 'my runs/data.npz' -o 'my runs/weights.npz'": 0,
    "nn find-eta --hidden 10,5 --distort --l2 0.5 --recipe book-100": 0,
    "nn eval": 0,
    "nn eval 'my runs/weights.npz' artifacts/weights.npz --data 'my runs/data.npz' -o 'my runs/vote.json'": 0,
    "nn compare": 0,
    "nn compare 'my runs' --data 'my runs/data.npz' -o 'my runs/compare.json'": 0,
    "nn baseline": 0,
    "nn baseline random": 0,
    "nn baseline darkness --data 'my runs/data.npz' -o 'my runs/darkness.npz'": 0,
    "nn predict one.png": 0,
    "nn predict ./-one.png one.png": 0,
    "nn predict 'two sevens.png'": 0,
    "nn read ./-one.png": 0,
    "nn recipes": 0,
    "nn demo": 0,
    "nn demo perceptron": 0,
    "nn train --data none.npz": 3,
    "nn eval none.npz": 3,
    "nn show none.npz": 3,
    "nn compare nowhere": 3,
    "nn train --recipe none.toml": 3,
    "nn train --patience 3 --data 'training only 0.npz'": 2,
    "nn eval --split validation --data 'training only 1.npz'": 3,
    "nn baseline svm --search --data 'training only 2.npz'": 3,
    "nn demo segmentation --weights artifacts/weights.npz": 3,
    "nn demo zzz": 2,
    "nn artifacts/data.npz": 2,
    "nn train --lr 3": 2,
}
"""Command lines and their exit codes."""


@pytest.mark.slow
@pytest.mark.parametrize(("line", "code"), SITUATIONS.items())
def test_every_hint_runs_as_it_is_printed(
    run: Callable[[str], subprocess.CompletedProcess[str]], ran: set[str], line: str, code: int
) -> None:
    done = run(line)
    assert done.returncode == code, done.stderr
    found = hints(done.stdout) + hints(done.stderr)
    assert found, "a situation that has no hint tests nothing"
    for hint in found:
        for placeholder, value in PLACEHOLDERS.items():
            hint = re.sub(rf"\b{placeholder}\b", value, hint)
        if hint == "nn fetch":  # it would put MNIST in the place of the small digits
            hint += " -o 'my runs/mnist.npz'"
        if any(slow in hint for slow in SLOW):
            for part in hint.split(" && "):
                check_parses(part)
        elif hint not in ran:
            ran.add(hint)
            again = run(hint)
            assert again.returncode == 0, (hint, again.stderr)


def test_a_hint_names_the_files_that_the_command_was_given(run) -> None:
    for command, file in (("predict", "./-one.png"), ("read", "one.png")):
        (hint,) = hints(run(f"nn {command} {file}").stderr)  # the newest network: other tests write some
        assert re.fullmatch(rf"nn {command} --weights artifacts/(weights|reader)\.npz {file}", hint)
    assert hints(run("nn read one.png --weights artifacts/weights.npz").stderr) == ["nn read one.png"]
    assert hints(run("nn read - < one.png").stderr) == []  # it can be read only once
    assert hints(run("nn predict 'two sevens.png'").stdout) == ["nn read 'two sevens.png'"]


def test_find_eta_repeats_the_other_flags(run) -> None:
    done = run("nn find-eta --hidden 10,5 --batch 20")
    (hint,) = hints(done.stderr)
    assert re.fullmatch(r"nn train --hidden 10,5 --batch 20 --eta [0-9.]+", hint)


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        (100_000, "larger than the training set of 1,285 images"),
        (1285, "as large as the training set"),
        (600, "has only 3 updates of the weights"),
    ],
)
def test_few_updates_are_explained_by_the_batch_and_not_by_eta(run, batch: int, words: str) -> None:
    done = run(f"nn train --epochs 3 --batch {batch} --eta 0.01 -o 'my runs/batch.npz'")
    hint = done.stderr.split("nn: ")[0]
    assert words in hint
    assert "--eta" not in hint


def test_another_set_is_not_compared_with_the_figures_of_mnist(run) -> None:
    done = run("nn compare 'my runs' --data 'my runs/data.npz' -o 'my runs/compare.json'")
    assert "784" not in done.stdout + done.stderr
    missing = [hint for hint in hints(done.stderr) if "find-eta" not in hint]
    assert all("--data 'my runs/data.npz'" in hint and "-o 'my runs/" in hint for hint in missing)


def test_what_is_missing_from_the_comparison_replaces_no_file(run, folder: Path) -> None:
    (folder / "other").mkdir()
    shutil.copy(folder / "artifacts" / "weights.npz", folder / "other" / "random.npz")
    done = run("nn compare other -o other/compare.json")
    assert hints(done.stderr)[:2] == [
        "nn baseline random -o other/chapter-random.npz", "nn baseline darkness -o other/darkness.npz",
    ]  # fmt: skip


def examples() -> list[str]:
    """The examples in the help of every command."""
    root = typer.main.get_command(app)
    found, waiting = [], [("nn", root)]
    while waiting:
        name, current = waiting.pop()
        found += re.findall(r"nn .*?(?=    |$)", (current.epilog or "").removeprefix("Example:  "))
        if hasattr(current, "list_commands"):
            context = typer.Context(current, info_name=name)
            waiting += [(f"{name} {one}", current.get_command(context, one)) for one in current.list_commands(context)]
    return found


def test_the_examples_in_the_help_are_read_as_they_are_printed() -> None:
    found = examples()
    assert len(found) > 30
    for example in found:
        for part in example.split(" && "):
            check_parses(part)
