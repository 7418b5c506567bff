"""Help on what to type: -h, suggestions for what is mistyped, names of values, and completion in a shell."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from support import TINY, draw_one
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.cli.terminal.usage_errors import COMMANDS, OPTIONS
from nndigits.stages.demos.shared.index import DEMOS
from nndigits.stages.runs.recipe import NAMES
from nndigits.stages.training.train import train


def every_command() -> dict[str, typer.core.TyperCommand]:
    """The commands by their full names, with those of groups."""
    found, waiting = {}, [("", typer.main.get_command(app))]
    while waiting:
        name, current = waiting.pop()
        if hasattr(current, "list_commands"):
            context = typer.Context(current, info_name=name)
            waiting += [(f"{name} {one}", current.get_command(context, one)) for one in current.list_commands(context)]
        else:
            found[name.strip()] = current
    return found


ALL = every_command()

Complete = Callable[[str], list[str]]


@pytest.fixture
def place(tmp_path: Path, digits: Path) -> Path:
    """A folder with a file of each kind."""
    (tmp_path / "artifacts").mkdir()
    shutil.copy(digits, tmp_path / "artifacts" / "data.npz")
    train(digits, tmp_path / "artifacts" / "weights.npz", TINY)
    (tmp_path / "mine.toml").touch()
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04")
    draw_one(tmp_path / "one.png")
    return tmp_path


@pytest.mark.parametrize("name", ["", "baseline svm", "demo", "demo sgd", "demo all"])
def test_h_is_help(name: str) -> None:
    short, long = (CliRunner().invoke(app, [*name.split(), flag]) for flag in ("-h", "--help"))
    assert (short.exit_code, short.output) == (0, long.output)
    assert "-h, --help" in short.output


@pytest.mark.parametrize("name", ALL)
def test_the_help_says_what_each_value_is(name: str) -> None:
    for option in ALL[name].params:
        if option.param_type_name == "option" and not option.is_flag and not option.hidden:
            shown = option.make_metavar(ctx=typer.Context(ALL[name]))
            assert re.fullmatch(r"[A-Z|\[\],.]+|<[a-z0-9|-]+>|auto\|scale\|X|HxW", shown), (option.opts, shown)


@pytest.mark.parametrize("name", ["eval", "predict", "read", "draw", "report", "export"])
def test_a_network_is_named_in_one_way(name: str) -> None:
    (option,) = [one for one in ALL[name].params if "--weights" in one.opts]
    assert option.multiple


def test_the_words_of_other_programs_are_not_our_own_and_lead_to_ours() -> None:
    own = {name for one in ALL.values() for option in one.params for name in option.opts}
    for word, meant in OPTIONS.items():
        assert set(meant) & own, word
    root = {name.split()[0] for name in ALL}
    assert not set(COMMANDS) & root
    assert {name for meant in COMMANDS.values() for name in meant} <= root


@pytest.fixture
def complete(place: Path, quick_nn: Path) -> Complete:
    """Return what bash is given for a line."""

    def complete(line: str) -> list[str]:
        words = line.split(" ")
        environment = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_NN_COMPLETE": "complete_bash"}
        done = subprocess.run(
            [quick_nn], cwd=place, env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        return done.stdout.split("\n")[:-1] if done.stdout.endswith("\n") else done.stdout.split("\n")

    return complete


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nn tr", ["train"]),
        ("nn train --optimizer m", ["momentum"]),
        ("nn train --cost ", ["quadratic", "cross-entropy", "log-likelihood"]),
        ("nn train --activation softp", ["softplus"]),
        ("nn train --init ", ["N(0,1)", "N(0,1/n)", "he"]),
        ("nn train --recipe rec", ["record"]),
        ("nn train --recipe m", ["mine.toml"]),
        ("nn recipes ", [*NAMES, "mine.toml"]),
        ("nn eval --split ", ["test", "validation", "train"]),
        ("nn demo grad", ["gradient-descent"]),
        ("nn demo ", [*(entry.name for entry in DEMOS), "all"]),
        ("nn baseline svm --gamma ", ["auto", "scale"]),
        ("nn eval ", ["artifacts/weights.npz", "pretrained"]),
        ("nn read --weights pre", ["pretrained"]),
        ("nn eval artifacts/", ["artifacts/weights.npz"]),
        ("nn train --data ", ["artifacts/data.npz"]),
        ("nn demo cost --weights art", ["artifacts/weights.npz"]),
        ("nn predict ", ["one.png"]),
        ("nn read o", ["one.png"]),
        ("nn compare ", ["artifacts/"]),
        ("nn show artifacts/w", ["artifacts/weights.npz"]),
        ("nn eval none", []),
    ],
)
def test_a_shell_completes_names_and_files_of_the_right_kind(complete: Complete, line: str, words: list[str]) -> None:
    assert sorted(filter(None, complete(line))) == sorted(words)
