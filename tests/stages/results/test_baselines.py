"""The simple baselines, and that `nn eval` and `nn show` take any of them for what its file says it is."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.models.baselines import average_darkness as dark
from nndigits.models.baselines.random_guess import RandomGuess
from nndigits.stages.classifiers.simple_baselines import darkness, guess
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.classifiers.train_svm import svm
from nndigits.stages.evaluate import evaluate
from nndigits.stages.fetch import fetch
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.train import train


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """scikit-learn's digits, and one of each that can read them."""
    folder = tmp_path_factory.mktemp("baselines")
    data = folder / "data.npz"
    fetch(data, dataset="digits")
    guess(data, folder / "random.npz")
    darkness(data, folder / "darkness.npz")
    svm(data, folder / "svm.npz", SvmParameters(train_size=900))
    train(data, folder / "weights.npz", Parameters(epochs=1))
    return folder


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_training_set_has_an_image_at_least():
    assert SvmParameters(train_size=1).train_size == 1
    with pytest.raises(UsageError, match="expected 1 or more"):
        SvmParameters(train_size=0)


def test_darkness_by_hand():
    # Two pixels each. Digit 0: 0 and 51 of 255, mean 0.1; digit 1: 255 + 204, 1.8; there is no 2.
    images = np.array([[[0, 0]], [[0, 51]], [[255, 204]]], np.uint8)
    learned = dark.fit(images, np.array([0, 0, 1]), 3)
    np.testing.assert_allclose(learned.means, [0.1, 1.8, 0])
    outputs = learned.outputs(np.array([[[0, 0]], [[255, 255]]], np.uint8))
    np.testing.assert_allclose(outputs[:, :2], [[-0.1, -1.8], [-1.9, -0.2]])
    assert outputs.argmax(axis=1).tolist() == [0, 1]
    assert (outputs[:, 2] == -np.inf).all()


def test_a_guess_is_the_same_from_the_same_seed_and_is_right_one_time_in_ten():
    images = np.zeros((20_000, 1, 1), np.uint8)
    first, second, other = (RandomGuess(10, seed).outputs(images).argmax(axis=1) for seed in (0, 0, 1))
    assert (first == second).all()
    assert abs((first == 3).mean() - 0.1) < 0.01
    assert abs((first == other).mean() - 0.1) < 0.01


def test_darkness_reads_exactly_what_it_does_in_the_book(mnist, tmp_path):
    report = darkness(mnist, tmp_path / "darkness.npz")
    assert (report.verdict.correct, report.verdict.total) == (2225, 10_000)
    assert [example.label for example in report.examples] == [2, 1]
    assert report.examples[0].darkness > report.examples[1].darkness


def test_evaluation_says_the_same_things_of_any_kind(folder):
    data, reports = folder / "data.npz", {}
    for name in ("random", "darkness", "svm", "weights"):
        reports[name] = evaluate(folder / f"{name}.npz", data, folder / f"{name}-eval.json")
    documents = {name: json.loads((folder / f"{name}-eval.json").read_text()) for name in reports}
    assert len({tuple(document) for document in documents.values()}) == 1
    assert {name: report.what for name, report in reports.items()} == {
        "random": "random guess",
        "darkness": "average darkness",
        "svm": "SVM, RBF kernel, C = 1, gamma = 0.015625",
        "weights": "64-30-10",
    }
    assert reports["svm"].accuracy > 0.8 > reports["darkness"].accuracy > reports["random"].accuracy


@pytest.mark.parametrize("kind", ["random", "darkness"])
def test_made_again_the_bytes_are_the_same(folder, tmp_path, kind):
    stage = {"random": guess, "darkness": darkness}[kind]
    stage(folder / "data.npz", tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (folder / f"{kind}.npz").read_bytes()


@pytest.mark.parametrize("name", ["darkness", "svm"])
def test_a_baseline_of_other_images_is_refused(folder, tmp_path, name):
    made = artifacts.load(folder / f"{name}.npz")
    arrays = dict(made.arrays)
    if name == "svm":
        arrays["support"] = np.zeros((len(arrays["support"]), 4, 16), np.uint8)
    meta = {**made.meta, "about": {**made.about, "image": [4, 16]}}
    artifacts.save(tmp_path / "other.npz", meta, arrays)
    with pytest.raises(InputError, match="takes images of 4 x 16"):
        evaluate(tmp_path / "other.npz", folder / "data.npz", tmp_path / "eval.json")


def test_bare_baseline_lists_them_with_the_books_figures():
    result = run("baseline")
    assert result.exit_code == 0
    for text in ("nn baseline random", "10 %", "nn baseline darkness", "22.25 %", "94.35 %", "over 98.5 %"):
        assert text in result.stdout


def test_the_commands_print_a_verdict_and_the_book(folder, tmp_path):
    for command in ("random", "darkness", "svm"):
        result = run("baseline", command, "--data", folder / "data.npz", "-o", tmp_path / f"{command}.npz")
        assert "on the test images of digits" in result.stdout
        assert "The book: " in result.stdout
        assert "but on MNIST, not on digits." in result.stdout
