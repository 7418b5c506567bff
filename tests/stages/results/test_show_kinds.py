"""`nn show` answers what a person asks of each kind of file that nn writes."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import sha256, write_document
from typer.testing import CliRunner

from nndigits.cli.main import app
from nndigits.models.baselines.average_darkness import fit
from nndigits.stages.classifiers.simple_baselines import darkness, guess
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.classifiers.train_svm import svm
from nndigits.stages.compare import compare
from nndigits.stages.evaluate import evaluate
from nndigits.stages.results.show import show
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts, metadata
from nndigits.stages.store.errors import InputError, NNError, UsageError
from nndigits.stages.training.train import train

RUN = Parameters(epochs=3)


@pytest.fixture(scope="module")
def folder(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("every kind")
    data = folder / "data.npz"
    shutil.copy(digits, data)
    train(data, folder / "weights.npz", RUN)
    layers = "conv 4 3x3 relu, max 2x2, dense 10 softmax"
    conv = Parameters(hidden=(), layers=layers, cost="log-likelihood", eta=0.1, init="he", epochs=1)
    train(data, folder / "conv.npz", conv)
    darkness(data, folder / "darkness.npz")
    guess(data, folder / "random.npz", seed=3)
    svm(data, folder / "svm.npz", SvmParameters(train_size=200))
    evaluate(folder / "weights.npz", data, folder / "eval.json")
    compare(folder, data, folder / "compare.json")
    return folder


def text(*arguments: str | Path) -> str:
    done = CliRunner().invoke(app, ["show", *map(str, arguments)], env={"COLUMNS": "200"})
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def document(path: Path) -> dict:
    return json.loads(text(path, "--json"))


@pytest.mark.parametrize(
    "name",
    [
        "data.npz", "weights.npz", "conv.npz", "checkpoint.npz", "darkness.npz", "random.npz", "svm.npz",
        "history.csv", "confusion.csv", "eval.json", "compare.json", "timings.csv",
    ],
)  # fmt: skip
def test_everything_that_nn_writes_is_shown(folder: Path, name: str) -> None:
    """Both ways, with the first eight digits of its hash and the names of the files that it was made from."""
    shown, found = text(folder / name), document(folder / name)
    assert found["sha256"] == sha256(folder / name)
    assert found["sha256"][:8] in shown
    assert found["sha256"] not in shown
    assert shown.startswith(f"{folder / name}: ")
    for one in found["inputs"]:
        assert one["path"] == str(folder / (f"{one['role']}.npz" if "." not in one["role"] else one["role"]))
        assert f"{Path(one['path']).name} ({one['sha256'][:8]})" in shown
    assert bool(found["inputs"]) == (name not in ("data.npz", "timings.csv"))
    quiet = text(folder / name, "--quiet")
    assert quiet.splitlines()[0] == shown.splitlines()[0]
    assert found["sha256"][:8] not in quiet


def test_figures_are_shown_as_nn_eval_prints_them(folder: Path) -> None:
    report = evaluate(folder / "weights.npz", folder / "data.npz", folder / "again.json")
    shown = text(folder / "eval.json")
    assert f"{report.correct} of 256 correct" in shown
    printed = CliRunner().invoke(
        app,
        ["eval", str(folder / "weights.npz"), "--data", str(folder / "data.npz"), "-o", "e.json"],
        env={"COLUMNS": "200"},
    )
    matrix = printed.stdout[printed.stdout.index("Confusion") : printed.stdout.index("Most confident")]
    assert matrix in shown
    worst = report.mistakes[0]
    assert re.search(rf"#{worst.index}: an? {worst.label}, read as an? {worst.answer} ", shown)
    result = document(folder / "eval.json")["result"]
    assert (result["correct"], result["split"]) == (report.correct, "test")
    assert [one["recall"] for one in result["per_digit"]] == [one.recall for one in report.per_digit]


@pytest.mark.parametrize("name", ["history.csv", "checkpoint.npz"])
def test_the_epochs_of_a_run_and_their_curve(folder: Path, name: str) -> None:
    saved = artifacts.load(folder / "checkpoint.npz")
    epochs = document(folder / name)["run"]
    assert [one["cost"] for one in epochs["epochs"]] == saved.arrays["cost"].tolist()
    assert [one["correct"] for one in epochs["epochs"]] == saved.arrays["validation_correct"].tolist()
    assert {one["total"] for one in epochs["epochs"]} == {256}
    assert (epochs["kept_epoch"], epochs["planned"]) == (saved.about["best_epoch"], 3)
    shown = text(folder / name)
    assert f"{epochs['epochs'][0]['correct']:,} of 256" in shown
    assert "Validation accuracy in %, epoch 0 to 2" in shown
    assert shown.count("•") == 6
    assert shown.count("kept") == 1
    assert "Trained for 3 epochs of stochastic gradient descent, mini-batches of 10, eta 3.0" in shown


def test_a_long_history_is_thinned_but_keeps_the_best_and_the_last(digits: Path, tmp_path: Path) -> None:
    train(digits, tmp_path / "weights.npz", Parameters(epochs=65, hidden=(), batch=100))
    shown = text(tmp_path / "history.csv")
    rows = [line.split()[0] for line in shown.split("epoch ")[-1].splitlines()[1:] if line and line[0].isdigit()]
    best = str(document(tmp_path / "history.csv")["run"]["kept_epoch"])
    assert len(rows) < 30
    assert {"0", "64", best} <= set(rows)


def test_where_an_interrupted_run_stands(digits: Path, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(report: object) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        train(digits, tmp_path / "weights.npz", RUN, on_epoch=stop)
    shutil.copy(digits, tmp_path / "data.npz")
    assert "1 of 3 epochs are done. The run is not finished" in text(tmp_path / "checkpoint.npz")
    train(digits, tmp_path / "weights.npz", RUN, resume=True)
    assert "3 of 3 epochs are done. The run is finished" in text(tmp_path / "checkpoint.npz")
    (tmp_path / "data.npz").unlink()
    assert "The run cannot go on here (its data set is not here)" in text(tmp_path / "checkpoint.npz")


def test_weights_say_what_they_read_how_they_were_trained_and_what_they_look_like(folder: Path) -> None:
    report = show(folder / "weights.npz")
    made = artifacts.load(folder / "weights.npz")
    result = evaluate(folder / "weights.npz", folder / "data.npz", folder / "again.json")
    correct = made.about["validation_correct"]
    shown = text(folder / "weights.npz")
    assert f"Validation: {correct} of 256 images correct, {100 * correct / 256:.2f} %." in shown
    assert f"Test: {result.correct} of 256 images correct, {100 * result.accuracy:.2f} % (again.json)." in shown
    assert f"{30 * 65 + 310:,}" in [line.split()[1] for line in shown.splitlines() if line.startswith("total")]
    assert len(report.pictures) == 12
    w = made.arrays["weights_1"][5].reshape(8, 8)
    assert (np.array(report.pictures[5]) == np.rint(255 * np.clip(w / np.abs(w).max(), 0, 1))).all()
    assert "#11" in shown


def test_kernels_of_a_convolution_are_drawn(folder: Path) -> None:
    pictures = show(folder / "conv.npz").pictures
    assert [np.shape(one) for one in pictures] == [(3, 3)] * 4


def test_a_layer_is_counted_with_its_mean_and_its_spread(folder: Path) -> None:
    arrays = artifacts.load(folder / "weights.npz").arrays
    learned = np.concatenate([arrays["weights_2"].ravel(), arrays["biases_2"]])
    layer = show(folder / "weights.npz").layers[1]
    assert (layer.layer, layer.numbers) == ("dense 10 sigmoid", 310)
    assert (layer.mean, layer.spread) == pytest.approx((learned.mean(), learned.std()), rel=1e-5)


def test_a_data_set_is_counted_and_drawn(digits: Path) -> None:
    report, data = show(digits, split="test", indices=(3, 0)), artifacts.load(digits).arrays
    assert report.counts["test"] == tuple(np.bincount(data["test_labels"]).tolist())
    assert [(one.index, one.label) for one in report.digits] == [(at, data["test_labels"][at]) for at in (3, 0)]
    assert report.digits[0].picture == tuple(map(tuple, data["test_images"][3].tolist()))
    for index in (-1, 256, 10**30):
        with pytest.raises(UsageError, match="there are 256 test images"):
            show(digits, split="test", indices=(index,))


def test_large_weights_are_averaged_over_two_by_two() -> None:
    from nndigits.stages.results.run_files import _ink

    weights = np.zeros((28, 28))
    weights[0, :2], weights[1, :2], weights[2:4, 2:4] = 4, 2, -6
    grey = _ink(weights)
    assert grey.shape == (14, 14)
    assert (grey[0, 0], grey[1, 1]) == (128, 0)  # 3 of 6, and below zero


def test_figures_of_a_network_that_changed_are_not_its_own(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    train(copy / "data.npz", copy / "weights.npz", replace(RUN, seed=1))
    assert "Test:" not in text(copy / "weights.npz")
    shown = text(copy / "eval.json")
    assert f"weights {sha256(folder / 'weights.npz')[:8]} (not in this folder)" in shown


def test_baselines_say_what_they_are(folder: Path) -> None:
    data = artifacts.load(folder / "data.npz")
    means = fit(data.arrays["train_images"], data.arrays["train_labels"], 10).means
    assert "from seed 3" in text(folder / "random.npz")
    shown = text(folder / "darkness.npz")
    assert all(f"{mean:.2f}" in shown for mean in means)
    shown = text(folder / "svm.npz")
    assert "45 pairs of digits, trained on 200 images" in shown
    table = document(folder / "svm.npz")["table"]
    assert sum(count for _, count in table["rows"]) == len(artifacts.load(folder / "svm.npz").arrays["support"])


def test_the_comparison_is_the_table_that_was_printed(folder: Path) -> None:
    markdown = (folder / "compare.md").read_text()
    shown = text(folder / "compare.json")
    lines = [line.split("|")[1:5] for line in markdown.splitlines() if line.startswith("|")][2:]
    printed = [" ".join(line.split()) for line in shown.splitlines()]
    of_files = [" ".join(" ".join(cells).split()) for cells in lines if ".npz" in cells[0]]
    assert len(of_files) == 5
    for row in of_files:
        assert any(line.startswith(row) for line in printed), row
    assert len(document(folder / "compare.json")["entries"]) == len(lines)


def test_times_name_the_file_that_they_are_of(folder: Path) -> None:
    rows = document(folder / "timings.csv")["table"]["rows"]
    steps = {(name, step) for name, step, _ in rows}
    assert {("weights.npz", "train"), ("weights.npz", "read test"), ("svm.npz", "train")} <= steps
    assert all(seconds >= 0 for _, _, seconds in rows)


def test_times_of_files_that_are_gone_have_their_hash(tmp_path: Path) -> None:
    (tmp_path / "timings.csv").write_text(f"{'ab' * 32},train,1.5\nnot a line\n")
    assert document(tmp_path / "timings.csv")["table"]["rows"] == [["abababab (not here)", "train", 1.5]]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("compare.md", "`nn show {}/compare.json`"),
        ("mine.toml", "`nn train --recipe {}/mine.toml`"),
        ("five.png", "`nn predict {}/five.png`"),
        ("notes.txt", "is not a file of nn"),
    ],
)
def test_what_is_not_shown_says_why_and_what_to_do(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / name).write_text("x")
    with pytest.raises(InputError) as caught:
        show(tmp_path / name)
    assert words.format(tmp_path) in str(caught.value)


def test_show_and_eval_mean_the_same_split(folder: Path) -> None:
    drawn = document(folder / "data.npz")["digits"]
    mistake = show(folder / "eval.json").result.mistakes[0]
    (same,) = show(folder / "data.npz", indices=(mistake.index,)).digits
    assert {one["split"] for one in drawn} == {"test"}
    assert (same.split, same.label) == ("test", mistake.label)


def test_a_comparison_without_figures_that_are_unknown_is_shown(folder: Path, tmp_path: Path) -> None:
    saved = json.loads((folder / "compare.json").read_text())
    for entry in saved["entries"]:
        del entry["verdicts"], entry["numbers"]
    write_document(tmp_path / "compare.json", saved)
    assert "weights.npz" in text(tmp_path / "compare.json")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("eval.json", '"total": 256', '"total": 255'),
        ("eval.json", '"correct": ', '"correct": -'),
        ("eval.json", '"split": "test"', '"split": 3'),
        ("eval.json", '"confusion": [', '"confusion": [ [1],'),
        ("compare.json", '"runs": 1', '"runs": "one"'),
        ("compare.json", '"name": ', '"nom": '),
        ("compare.json", '"verdicts": {', '"verdicts": {"weights.npz": 1, '),
        ("history.csv", "\n1,", "\n7,"),
        ("history.csv", "\n1,", "\none,"),
        ("history.csv", "\n1,", "\n1,2,"),
    ],
)
def test_figures_that_were_changed_are_an_error_in_one_line(
    folder: Path, tmp_path: Path, name: str, old: str, new: str
) -> None:
    before = (folder / name).read_text()
    assert old in before
    (tmp_path / name).write_bytes(metadata.with_checksum(before.replace(old, new, 1).encode()))
    done = CliRunner().invoke(app, ["show", str(tmp_path / name)])
    assert isinstance(done.exception, NNError)
    assert done.exception.exit_code == 3
    assert str(done.exception).startswith(f"{tmp_path / name}: ")
