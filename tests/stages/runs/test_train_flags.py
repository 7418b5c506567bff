"""The flags of nn train, what contradicts itself, and the finder of eta."""

import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from support import Run
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.cli.terminal.text_pictures import curve_lines
from nndigits.cli.terminal.train_flags import FLAGS
from nndigits.models.augmentation.specification import default_distortion
from nndigits.models.layers.activations import ACTIVATIONS
from nndigits.models.layers.initializers import INITIALIZERS
from nndigits.models.network.costs import COSTS
from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.models.training.schedules import SCHEDULES
from nndigits.stages.fetch import fetch
from nndigits.stages.figures.learning_curves import range_test_figure
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.training.find_eta import find_eta
from nndigits.stages.training.train import train


def test_distort_alone_is_the_usual_for_the_size_and_written_out(nn: Run, tmp_path: Path) -> None:
    fetch(tmp_path / "artifacts" / "data.npz", dataset="digits")
    assert nn("train", "--epochs", 1, "--distort", "-q").returncode == 0
    made = artifacts.load(tmp_path / "artifacts" / "weights.npz").meta["parameters"]
    assert made["distort"] == str(default_distortion(8, 8))


def test_flags_are_the_parameters_and_their_help_has_the_defaults() -> None:
    assert [flag.name for flag in FLAGS] == [field.name for field in fields(Parameters)]
    said = " ".join(CliRunner().invoke(app, ["train", "--help"]).output.split())
    for flag, default in (("batch", "10"), ("eta", "3.0"), ("init", "N(0,1)"), ("hidden", "30"), ("momentum", "0.9")):
        assert re.search(rf"--{flag} (?:(?!--).)*\[default: {re.escape(default)}\]", said), flag


def test_help_names_every_row_of_every_table() -> None:
    said = CliRunner().invoke(app, ["train", "--help"]).output
    learning = [name for name in ACTIVATIONS if name != "step"]
    for name in (*learning, *COSTS, *INITIALIZERS, *OPTIMIZERS, *SCHEDULES):
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said), name
    assert "How it learns:" in said


def test_early_stopping_is_said(nn: Run, tmp_path: Path) -> None:
    fetch(tmp_path / "artifacts" / "data.npz", dataset="digits")
    done = nn("train", "--patience", 1, "--eta", 1e-9)
    assert "Stopped: 1 epoch without a new best" in done.stderr
    assert done.stdout.count("Epoch ") == 2


@pytest.mark.parametrize("seed", [0, 1])
def test_the_eta_that_is_proposed_learns(digits: Path, tmp_path: Path, seed: int) -> None:
    parameters = Parameters(epochs=10, seed=seed)
    report = find_eta(digits, parameters)
    assert report.proposed == pytest.approx(max(report.steepest, report.tenth), rel=0.06)
    assert find_eta(digits, parameters) == report
    assert range_test_figure(report).panels[0].log_x
    small, proposed, large = (
        train(digits, tmp_path / "weights.npz", replace(parameters, eta=factor * report.proposed)).validation_correct
        for factor in (1 / 30, 1, 1000)
    )
    assert min(proposed - small, proposed - large) > 0.3 * 256


def test_an_eta_is_looked_for_on_what_is_no_digit_too(digits: Path) -> None:
    told = []
    find_eta(digits, Parameters(rejects=0.1), lambda done, total: told.append((done, total)))
    assert told
    assert told[-1][0] == told[-1][1]


def test_find_eta_on_the_command_line(nn: Run, tmp_path: Path) -> None:
    fetch(tmp_path / "artifacts" / "data.npz", dataset="digits")
    done = nn("find-eta", "--plot", "curve.svg")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Proposed: --eta [\d.]+$", done.stdout, re.MULTILINE)
    assert (tmp_path / "curve.svg").exists()
    assert sorted(path.name for path in (tmp_path / "artifacts").iterdir()) == ["data.npz"]
    assert len(nn("find-eta", "-q").stdout.splitlines()) == 1
    assert json.loads(nn("find-eta", "--json").stdout)["proposed"] > 0


def test_a_curve_is_drawn_from_its_greatest_to_its_least() -> None:
    assert curve_lines([4.0, 4.0, 2.0, 0.0], width=4, rows=3) == ["      4  ••", "           •", "      0     •"]
