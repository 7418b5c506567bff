"""What a network has learned, and why not more: judged alike by train, eval, compare and report."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support import Run

from nndigits.stages.compare import compare
from nndigits.stages.evaluate import evaluate
from nndigits.stages.pages.report import report as write_report
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.verdict import FINE, Verdict
from nndigits.stages.store import artifacts
from nndigits.stages.training.train import train

LEARNS = Parameters(epochs=30, init="N(0,1/n)")


def without_three(path: Path, digits: Path, parameters: Parameters) -> Path:
    """Train, and make the bias of the output for 3 so negative that it never fires."""
    train(digits, path, parameters)
    made = artifacts.load(path)
    biases = made.arrays["biases_2"].copy()
    biases[3] -= 40
    artifacts.save(path, made.meta, {**made.arrays, "biases_2": biases})
    return path


def test_the_same_verdict_everywhere(digits: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.npz"
    data.write_bytes(digits.read_bytes())
    weights = without_three(tmp_path / "no-3.npz", data, LEARNS)
    verdict = Verdict("partly", "saturated", (3,), 3.0)
    evaluated = evaluate(weights, data)
    assert evaluated.verdict == verdict
    assert json.loads(evaluated.out.read_text())["verdict"]["classes"] == [3]
    (row,) = compare(tmp_path, data, tmp_path / "compare.json").entries
    assert row.verdicts == {"no-3.npz": verdict}
    assert write_report(tmp_path, data, tmp_path / "report.html").verdict == verdict
    trained = train(data, tmp_path / "wide.npz", Parameters(hidden=(100,), epochs=5))
    assert trained.verdict == evaluate(trained.out, data, tmp_path / "e.json", split="validation").verdict
    assert len(trained.verdict.classes) >= 2


@pytest.mark.parametrize(
    ("changes", "state", "cause"),
    [
        ({}, "fine", ""),
        ({"epochs": 2}, "fine", ""),
        ({"epochs": 5, "hidden": (100,), "eta": 0.5}, "fine", ""),
        ({"epochs": 2, "eta": 1000.0}, "nothing", "saturated"),
        ({"epochs": 2, "eta": 1e30}, "nothing", "diverged"),
        ({"epochs": 2, "eta": 1000.0, "activation": "relu"}, "nothing", "dead"),
        ({"epochs": 2, "eta": 1e-9}, "nothing", "slow"),
    ],
    ids=str,
)
def test_a_network_is_judged_by_its_outputs(
    digits: Path, tmp_path: Path, changes: dict, state: str, cause: str
) -> None:
    found = train(digits, tmp_path / "weights.npz", replace(LEARNS, **changes)).verdict
    assert (found.state, found.cause) == (state, cause)


def test_a_softmax_output_is_never_called_saturated(digits: Path, tmp_path: Path) -> None:
    parameters = Parameters(epochs=10, cost="log-likelihood", eta=0.1, init="N(0,1/n)")
    found = evaluate(without_three(tmp_path / "softmax.npz", digits, parameters), digits, tmp_path / "eval.json")
    assert found.per_digit[3].recall == 0
    assert found.verdict == FINE


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ("--eta 1000", "neurons are saturated: the outputs are the same for every image. Train with a smaller --eta"),
        ("--eta 1e30", "Training diverged: its weights are huge. Train with a smaller --eta than 1e+30 (the chapter"),
        ("--eta 1000 --activation relu", "ReLU neurons are dead"),
        ("--eta 1e-9", "`nn find-eta` proposes"),
    ],
)
def test_training_that_learned_nothing_is_exit_5_and_says_which_flag_helps(
    nn: Run, digits: Path, tmp_path: Path, flags: str, words: str
) -> None:
    trained = nn("train", "--data", digits, "--epochs", 2, *flags.split())
    assert trained.returncode == 5
    evaluated = nn("eval", "--data", digits)
    assert evaluated.returncode == 0
    for done in (trained, evaluated):
        said = " ".join(done.stderr.split())
        assert "weights.npz: the network has learned nothing" in said
        assert words in said


def test_the_command_says_what_helps_before_what_to_try_next(nn: Run, digits: Path) -> None:
    trained = nn("train", "--data", digits, "--hidden", 100, "--epochs", 5, "-o", "wide.npz")
    evaluated = nn("eval", "wide.npz", "--data", digits)
    compared = nn("compare", ".", "--data", digits)
    for done in (trained, evaluated, compared):
        assert done.returncode == 0
        said = " ".join(done.stderr.split())
        assert "wide.npz: the network has not learned the digits" in said
        assert "another --seed, or with --init 'N(0,1/n)'" in said
        assert said.index("not learned") < said.index("nn ", said.index("not learned"))
    assert nn("eval", "wide.npz", "--data", digits, "-q").stderr == ""


def test_a_better_network_is_proposed_once(nn: Run, digits: Path, tmp_path: Path) -> None:
    nn("train", "--data", digits, "--epochs", 2, "-q")
    assert "--recipe improved-100 -o artifacts/improved.npz" in nn("eval", "--data", digits).stderr
    (tmp_path / "artifacts" / "improved.npz").touch()
    assert "--recipe" not in nn("eval", "--data", digits).stderr  # it would replace what is there


def test_100_hidden_neurons_on_mnist(mnist: Path, tmp_path: Path) -> None:
    """The chapter's 784-100-10: after an epoch from N(0, 1), some digits are not learned; from N(0, 1/n), all are."""
    report = train(mnist, tmp_path / "wide.npz", Parameters(hidden=(100,), epochs=1))
    assert 1 <= len(report.verdict.classes) <= 5
    assert report.validation_correct < 8000
    report = train(mnist, tmp_path / "wide.npz", Parameters(hidden=(100,), epochs=1, init="N(0,1/n)"))
    assert report.verdict == FINE
    assert report.validation_correct > 9000
