"""Digits that a network has not learned: reported where the output neurons are saturated, and nowhere else."""

import json
from pathlib import Path

import numpy as np
import pytest
from support import Run

from nndigits.stages.comparison.compare import compare
from nndigits.stages.evaluate import evaluate
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.train import train

WIDE = Parameters(hidden=(100,), epochs=5)
"""On the small digits, with weights from N(0, 1), half of the output neurons start saturated."""


@pytest.fixture
def saturated(digits: Path, tmp_path: Path) -> Path:
    """Weights of a good network, where the bias of the output for 3 is then so negative that it never fires."""
    path = tmp_path / "no-3.npz"
    train(digits, path, Parameters(epochs=30, init="N(0,1/n)"))
    made = artifacts.load(path)
    biases = made.arrays["biases_2"].copy()
    biases[3] -= 40
    artifacts.save(path, made.meta, {**made.arrays, "biases_2": biases})
    return path


def test_train_eval_and_compare_name_the_digits(digits: Path, tmp_path: Path, saturated: Path) -> None:
    verdict = evaluate(saturated, digits, tmp_path / "no-3-eval.json")
    assert verdict.saturated == (3,)
    assert json.loads(verdict.out.read_text())["saturated"] == [3]
    report = train(digits, tmp_path / "wide.npz", WIDE)
    assert report.saturated == evaluate(report.out, digits, tmp_path / "e.json", split="validation").saturated
    assert len(report.saturated) >= 2
    rows = compare(tmp_path, digits, tmp_path / "compare.json").entries
    assert {file: digits for row in rows for file, digits in row.saturated_by_file.items()} == {
        "no-3.npz": (3,),
        "wide.npz": evaluate(report.out, digits, tmp_path / "f.json").saturated,
    }


def test_figures_from_before_are_read_and_completed(digits: Path, tmp_path: Path, saturated: Path) -> None:
    figures = tmp_path / "no-3-eval.json"
    evaluate(saturated, digits, figures)
    document = json.loads(figures.read_text())
    del document["saturated"]
    figures.write_text(json.dumps(document))
    (row,) = compare(tmp_path, digits, tmp_path / "compare.json").entries
    assert row.saturated_by_file == {"no-3.npz": (3,)}


@pytest.mark.parametrize(
    "parameters",
    [
        Parameters(epochs=30),
        Parameters(epochs=30, init="N(0,1/n)"),
        Parameters(epochs=1, init="N(0,1/n)", eta=0.5),
        Parameters(epochs=2, init="N(0,1/n)"),
        Parameters(hidden=(), epochs=1, init="N(0,1/n)", eta=0.5),
        Parameters(hidden=(100,), epochs=5, init="N(0,1/n)", eta=0.5),
        Parameters(epochs=3, eta=1e-5),
        Parameters(epochs=3, eta=1e6),
    ],
    ids=lambda one: f"{one.hidden} {one.epochs} {one.init} {one.eta:g}",
)
def test_there_is_no_false_alarm(digits: Path, tmp_path: Path, parameters: Parameters) -> None:
    assert train(digits, tmp_path / "weights.npz", parameters).saturated == ()


def test_a_softmax_output_is_never_called_saturated(digits: Path, tmp_path: Path) -> None:
    path = tmp_path / "softmax.npz"
    train(digits, path, Parameters(epochs=10, cost="log-likelihood", eta=0.1, init="N(0,1/n)"))
    made = artifacts.load(path)
    biases = made.arrays["biases_2"].copy()
    biases[3] -= 40
    artifacts.save(path, made.meta, {**made.arrays, "biases_2": biases})
    verdict = evaluate(path, digits, tmp_path / "eval.json")
    assert verdict.per_digit[3].recall == 0
    assert verdict.saturated == ()


def test_the_command_says_what_helps_before_what_to_try_next(nn: Run, digits: Path) -> None:
    trained = nn("train", "--data", digits, "--hidden", 100, "--epochs", 5, "-o", "wide.npz")
    evaluated = nn("eval", "wide.npz", "--data", digits, "-o", "eval.json")
    compared = nn("compare", ".", "--data", digits, "-o", "compare.json")
    for done in (trained, evaluated, compared):
        said = " ".join(done.stderr.split())
        assert "wide.npz: the network has not learned the digits" in said
        assert "another --seed, or with --init 'N(0,1/n)'" in said
        assert said.index("not learned") < said.index("nn ", said.index("not learned"))
    assert nn("eval", "wide.npz", "--data", digits, "-q").stderr == ""


def test_a_wider_network_is_proposed_with_smaller_first_weights(nn: Run, digits: Path, tmp_path: Path) -> None:
    nn("train", "--data", digits, "--epochs", 2, "-q")
    said = nn("eval", "--data", digits).stderr
    assert "--hidden 100 --init 'N(0,1/n)' -o artifacts/wide.npz" in said
    (tmp_path / "artifacts" / "wide.npz").touch()
    said = nn("eval", "--data", digits).stderr
    assert "--hidden 100" not in said  # it would replace what is there


def test_100_hidden_neurons_on_mnist(mnist: Path, tmp_path: Path) -> None:
    """The chapter's 784-100-10: after an epoch from N(0, 1), some digits are not learned; from N(0, 1/n), all are."""
    report = train(mnist, tmp_path / "wide.npz", Parameters(hidden=(100,), epochs=1))
    assert 1 <= len(report.saturated) <= 5
    assert report.validation_correct < 8000
    report = train(mnist, tmp_path / "wide.npz", Parameters(hidden=(100,), epochs=1, init="N(0,1/n)"))
    assert report.saturated == ()
    assert report.validation_correct > 9000
    assert np.min([one.recall for one in evaluate(report.out, mnist, tmp_path / "eval.json").per_digit]) > 0.8
