"""The verdict, and what an artifact says when it is shown."""

import csv
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from nndigits.models.augmentation.robustness import robustness
from nndigits.stages.classifiers.simple_baselines import darkness as baseline
from nndigits.stages.evaluate import evaluate
from nndigits.stages.fetch import fetch
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.result_files import figures_path
from nndigits.stages.training.train import train


@pytest.fixture(scope="module")
def weights(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("weights") / "weights.npz"
    train(digits, out, Parameters(epochs=3))
    return out


def test_the_verdict_is_what_the_network_answers(digits: Path, weights: Path, tmp_path: Path) -> None:
    report = evaluate(weights, digits, tmp_path / "eval.json")
    data = artifacts.load(digits).arrays
    outputs = network_artifacts.from_artifact(artifacts.load(weights)).outputs(data["test_images"])
    answers = outputs.argmax(axis=1)
    assert report.correct == (answers == data["test_labels"]).sum()
    assert (report.total, report.split, report.dataset, report.verified) == (256, "test", "digits", False)
    assert report.accuracy == report.correct / 256
    assert report.interval[0] < report.accuracy < report.interval[1]
    confusion = np.array(report.confusion)
    assert confusion.trace() == report.correct
    assert confusion.sum(axis=1).tolist() == np.bincount(data["test_labels"]).tolist()
    for mistake in report.mistakes:
        assert mistake.label == data["test_labels"][mistake.index] != mistake.answer == answers[mistake.index]
        assert mistake.output == pytest.approx(outputs[mistake.index].max())
    assert len(report.mistakes) > 1
    assert [one.output for one in report.mistakes] == sorted((one.output for one in report.mistakes), reverse=True)


def test_the_figures_are_written_without_a_path_in_them(digits: Path, weights: Path, tmp_path: Path) -> None:
    report = evaluate(weights, digits, tmp_path / "eval.json", split="validation")
    document = json.loads((tmp_path / "eval.json").read_text())
    assert document["correct"] == report.correct
    assert {"total", "accuracy", "interval", "confusion", "per_digit", "split", "dataset", "made"} <= set(document)
    assert document["made"]["inputs"] == {
        "data": artifacts.load(digits).sha256,
        "weights": artifacts.load(weights).sha256,
    }
    assert str(tmp_path) not in (tmp_path / "eval.json").read_text()
    rows = list(csv.reader((tmp_path / "confusion.csv").read_text().splitlines()[1:]))
    assert [list(map(int, row[1:])) for row in rows[1:]] == document["confusion"]


def test_figures_lie_beside_the_weights_that_they_are_of(digits: Path, weights: Path, tmp_path: Path) -> None:
    for name in ("weights.npz", "wide.npz"):
        shutil.copy(weights, tmp_path / name)
        for options in ({}, {"split": "train"}, {"shifts": 1}, {"split": "validation", "shifts": 1}):
            evaluate(tmp_path / name, digits, **options)
    made = sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".npz" and path.name != "timings.csv")
    parts = ("", "-shifts-1", "-train", "-validation-shifts-1")
    kinds = ("confusion.csv", "eval.json")
    assert made == sorted(f"{name}{part}-{kind}" for name in ("weights", "wide") for part in parts for kind in kinds)
    document = json.loads((tmp_path / "wide-validation-shifts-1-eval.json").read_text())
    assert document["made"]["parameters"] == {"split": "validation", "shifts": 1}


def test_a_vote_has_a_name_of_its_own_and_leaves_its_members_figures(
    digits: Path, weights: Path, another: Path, tmp_path: Path
) -> None:
    for path, name in ((weights, "a.npz"), (another, "b.npz")):
        shutil.copy(path, tmp_path / name)
    first = evaluate(tmp_path / "a.npz", digits).out
    before = first.read_bytes()
    vote = evaluate([tmp_path / "a.npz", tmp_path / "b.npz"], digits)
    assert (first.name, vote.out.name) == ("a-eval.json", "a+b-vote-eval.json")
    assert first.read_bytes() == before
    assert (tmp_path / "a+b-vote-confusion.csv").exists()


def test_long_names_and_members_from_several_folders_become_a_hash() -> None:
    several = [figures_path([Path("m/a.npz"), Path(folder, "a.npz")]) for folder in ("n", "o")]
    assert several[0] != several[1]
    assert figures_path([Path("m/a.npz"), Path("m/../n/a.npz")]) == several[0]
    many = figures_path([Path(f"m/voter-of-seed-{seed}.npz") for seed in range(6)], "validation")
    for path, start in ((several[0], "vote-of-2-"), (many, "vote-of-6-")):
        assert path.parent == Path("m")
        assert re.fullmatch(start + r"[0-9a-f]{8}(-validation)?-eval\.json", path.name)


def test_weights_in_no_folder_leave_no_folder(digits: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"w\.npz: no such file"):
        evaluate(tmp_path / "nowhere" / "w.npz", digits)
    assert list(tmp_path.iterdir()) == []


def test_weights_that_do_not_fit_the_data_are_refused_with_both_shapes(weights, idx_folder, tmp_path) -> None:
    fetch(tmp_path / "data.npz", source=idx_folder)
    with pytest.raises(InputError, match=r"images of 8 x 8 .* images of 5 x 4"):
        evaluate(weights, tmp_path / "data.npz", tmp_path / "eval.json")
    assert not (tmp_path / "eval.json").exists()


def test_a_part_without_images_is_refused(idx_folder: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "data.npz", source=idx_folder, validation=0)
    train(tmp_path / "data.npz", tmp_path / "weights.npz", Parameters(epochs=1))
    with pytest.raises(InputError, match="has no validation images"):
        evaluate(tmp_path / "weights.npz", tmp_path / "data.npz", tmp_path / "e.json", split="validation")


@pytest.fixture(scope="module")
def another(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of another shape, with a softmax."""
    out = tmp_path_factory.mktemp("another") / "weights.npz"
    train(digits, out, Parameters(hidden=(12,), epochs=3, eta=0.3, seed=1, cost="log-likelihood"))
    return out


def test_a_vote_is_the_mean_of_what_networks_answer(digits: Path, weights: Path, another: Path, tmp_path: Path) -> None:
    report = evaluate([weights, another], digits, tmp_path / "eval.json")
    data = artifacts.load(digits).arrays
    outputs = [
        network_artifacts.from_artifact(artifacts.load(path)).outputs(data["test_images"])
        for path in (weights, another)
    ]
    mean = sum(output / output.sum(axis=1, keepdims=True) for output in outputs)
    assert report.correct == (mean.argmax(axis=1) == data["test_labels"]).sum()
    assert (report.votes, report.weights) == (2, (weights, another))
    assert report.what == "the vote of 2 networks (64-30-10, 64-12-10)"
    made = json.loads((tmp_path / "eval.json").read_text())["made"]
    assert made["inputs"]["weights_2"] == artifacts.load(another).sha256


def test_shifts_are_read_too_and_said(digits: Path, weights: Path, tmp_path: Path) -> None:
    report = evaluate(weights, digits, tmp_path / "eval.json", shifts=1)
    data, network = artifacts.load(digits).arrays, network_artifacts.from_artifact(artifacts.load(weights))
    wide = np.pad(data["test_images"], ((0, 0), (1, 1), (1, 1)))
    total = 0
    for y in range(3):
        for x in range(3):
            a = network.outputs(np.ascontiguousarray(wide[:, y : y + 8, x : x + 8]))
            total = total + a / a.sum(axis=1, keepdims=True)
    assert report.correct == (total.argmax(axis=1) == data["test_labels"]).sum()
    assert report.what == "64-30-10, reading each image at 9 places up to 1 pixel away,"
    assert json.loads((tmp_path / "eval.json").read_text())["shifts"] == 1


def test_what_cannot_vote_is_refused(digits: Path, weights: Path, tmp_path: Path) -> None:
    baseline(digits, tmp_path / "darkness.npz")
    with pytest.raises(UsageError, match=r"darkness.npz: is a baseline of average darkness; only networks"):
        evaluate([weights, tmp_path / "darkness.npz"], digits, tmp_path / "eval.json")
    with pytest.raises(UsageError, match="shifts 4: expected 0 to 3"):
        evaluate(weights, digits, tmp_path / "eval.json", shifts=4)


def test_every_other_image_is_distorted_the_other_way() -> None:
    made: list[np.ndarray] = []

    def outputs(images: np.ndarray) -> np.ndarray:
        made.append(images)
        return np.eye(2)[np.zeros(len(images), int)]

    picture = np.zeros((9, 9), np.uint8)
    picture[2:4, 1:8] = 255
    found = robustness(outputs, np.array([picture, picture]), np.array([0, 1]))
    assert {share for levels in found.values() for _, share in levels} == {0.5}
    one, other = made[10], made[11]  # after five levels of noise, of which each is of two parts
    np.testing.assert_allclose(one.astype(int), other[:, :, ::-1], atol=1)
    assert not np.array_equal(one, other)


def test_distorted_images_are_harder(digits: Path, weights: Path, tmp_path: Path) -> None:
    report = evaluate(weights, digits, tmp_path / "eval.json", distort=True)
    assert set(report.robustness) == {"noise", "rotate", "shift"}
    for levels in report.robustness.values():
        assert [level for level, _ in levels] == sorted(level for level, _ in levels)
        assert report.accuracy > max(share for _, share in levels[1:])
    assert report == evaluate(weights, digits, tmp_path / "eval.json", distort=True)
    with pytest.raises(UsageError, match="leave out the others, and shifts"):
        evaluate(weights, digits, tmp_path / "eval.json", distort=True, shifts=1)
