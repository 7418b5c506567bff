"""Training as a stage: what it writes, how it goes on after an interruption, what it refuses."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import Run, sha256

from nndigits.stages.fetch import fetch
from nndigits.stages.results.show import show
from nndigits.stages.runs import network_artifacts, setup
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts, environment
from nndigits.stages.store.errors import Diverged, InputError, Interrupted
from nndigits.stages.training import negatives
from nndigits.stages.training.train import train

SHORT = Parameters(hidden=(6,), epochs=4)


def test_it_learns_to_read_and_writes_what_it_learned(digits: Path, tmp_path: Path) -> None:
    told = []
    report = train(digits, tmp_path / "weights.npz", Parameters(epochs=10), on_epoch=told.append)
    assert report.validation_correct / report.validation_total > 0.85
    assert report.epochs == tuple(told)
    assert [epoch.epoch for epoch in told] == list(range(10))
    assert told[-1].cost < told[0].cost / 2
    weights = artifacts.load(tmp_path / "weights.npz", "weights")
    assert weights.meta["inputs"] == {"data": artifacts.load(digits).sha256}
    assert weights.meta["parameters"] == Parameters(epochs=10, threads=1).as_json()
    assert weights.about["layers"] == ["dense 30 sigmoid", "dense 10 sigmoid"]
    assert weights.arrays["weights_1"].shape == (30, 64)


def test_history_has_a_row_an_epoch(digits: Path, tmp_path: Path) -> None:
    report = train(digits, tmp_path / "weights.npz", SHORT)
    lines = (tmp_path / "history.csv").read_text().splitlines()
    assert lines[0].startswith("# {")
    rows = list(csv.DictReader(lines[1:]))
    assert [int(row["validation_correct"]) for row in rows] == [epoch.validation_correct for epoch in report.epochs]
    assert [float(row["cost"]) for row in rows] == [epoch.cost for epoch in report.epochs]


def test_best_keeps_the_epoch_that_did_best_and_last_the_last(digits: Path, tmp_path: Path) -> None:
    best = train(digits, tmp_path / "weights.npz", replace(SHORT, epochs=8, eta=20.0))
    scores = [epoch.validation_correct for epoch in best.epochs]
    assert best.kept_epoch == scores.index(max(scores))
    assert best.kept_epoch < 7, "or this run cannot tell the two apart"
    shorter = train(digits, tmp_path / "shorter.npz", replace(SHORT, epochs=best.kept_epoch + 1, eta=20.0, keep="last"))
    kept, last = (network_artifacts.from_artifact(artifacts.load(report.out)) for report in (best, shorter))
    np.testing.assert_array_equal(kept.layers[0].parameters, last.layers[0].parameters)


def test_one_seed_gives_the_same_bytes_and_another_seed_others(digits: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        train(digits, tmp_path / f"{name}.npz", replace(SHORT, seed=seed))
    assert sha256(tmp_path / "a.npz") == sha256(tmp_path / "b.npz") != sha256(tmp_path / "c.npz")
    assert sha256(tmp_path / "a-checkpoint.npz") == sha256(tmp_path / "b-checkpoint.npz")


def stop_in(last: int):
    """A callback that interrupts training in an epoch."""

    def stop(epoch: int, total: int, done: int) -> None:
        if epoch == last:
            raise Interrupted(2)

    return stop


def interrupted(data: Path, out: Path, parameters: Parameters, last: int = 2) -> None:
    with pytest.raises(Interrupted):
        train(data, out, parameters, on_images=stop_in(last))


def test_without_being_asked_an_unfinished_run_goes_on_and_ends_in_the_same_bytes(digits: Path, tmp_path: Path) -> None:
    train(digits, tmp_path / "whole" / "weights.npz", SHORT)
    out, said = tmp_path / "cut" / "weights.npz", []
    interrupted(digits, out, SHORT)
    report = train(digits, out, SHORT, on_start=said.append)
    assert [epoch.epoch for epoch in report.epochs] == [2, 3]
    for name in ("weights.npz", "history.csv", "checkpoint.npz"):
        assert sha256(tmp_path / "whole" / name) == sha256(tmp_path / "cut" / name)
    interrupted(digits, tmp_path / "anew.npz", SHORT)
    anew = train(digits, tmp_path / "anew.npz", SHORT, resume=False, on_start=said.append)
    again = train(digits, out, SHORT, on_start=said.append)  # a finished run starts again
    assert [len(anew.epochs), len(again.epochs)] == [4, 4]
    assert [(start.done, start.total) for start in said] == [(2, 4), (0, 4), (0, 4)]


def test_a_run_that_was_stopped_before_its_weights_were_written_writes_them(digits: Path, tmp_path: Path) -> None:
    out = tmp_path / "weights.npz"
    train(digits, out, SHORT)
    before = sha256(out)
    train(digits, tmp_path / "other.npz", replace(SHORT, seed=1))
    for left in (None, tmp_path / "other.npz"):  # nothing, or the weights of an earlier run
        out.unlink()
        if left is not None:
            left.rename(out)
        assert train(digits, out, SHORT).epochs == ()
        assert sha256(out) == before


@pytest.mark.parametrize("reason", ["told to", "parameters", "versions", "data"])
def test_what_would_not_end_in_the_same_bytes_starts_again(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    out, parameters, resume, data = tmp_path / "weights.npz", SHORT, None, tmp_path / "data.npz"
    shutil.copy(digits, data)
    today = environment.versions()
    with monkeypatch.context() as then:
        if reason == "versions":
            then.setattr(environment, "versions", lambda: {**today, "numpy": "1.0"})
        interrupted(data, out, parameters)
    if reason == "told to":
        resume = False
    elif reason == "parameters":
        parameters = replace(SHORT, eta=2.0)
    elif reason == "data":
        fetch(data, dataset="digits", validation=50)
    report = train(data, out, parameters, resume=resume)
    assert len(report.epochs) == 4


def test_early_stopping_finishes_a_run_before_its_last_epoch(digits: Path, tmp_path: Path) -> None:
    parameters = replace(SHORT, epochs=200, patience=2)
    first = train(digits, tmp_path / "weights.npz", parameters)
    assert len(first.epochs) < 200
    again = train(digits, tmp_path / "weights.npz", parameters)
    assert len(again.epochs) == len(first.epochs)


@pytest.mark.parametrize("reason", ["cut off", "damaged", "random state", "threads"])
def test_an_unfinished_run_that_cannot_be_read_is_kept_and_said(digits: Path, tmp_path: Path, reason: str) -> None:
    out, checkpoint = tmp_path / "weights.npz", tmp_path / "checkpoint.npz"
    interrupted(digits, out, SHORT)
    content, kept = checkpoint.read_bytes(), artifacts.load(checkpoint)
    about, parameters = kept.about, kept.meta["parameters"]
    if reason == "cut off":
        checkpoint.write_bytes(content[:-100])
    elif reason == "damaged":
        checkpoint.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    elif reason == "random state":
        about = {**about, "random_state": {**about["random_state"], "bit_generator": "no generator"}}
        artifacts.save(checkpoint, {**kept.meta, "about": about}, kept.arrays)
    else:
        artifacts.save(checkpoint, {**kept.meta, "parameters": {**parameters, "threads": 2**60}}, kept.arrays)
    before = checkpoint.read_bytes()
    for resume in (None, True):
        with pytest.raises(
            InputError, match=rf"^{checkpoint}: .*To start again, which replaces it: `nn train --no-resume`"
        ):
            train(digits, out, SHORT, resume=resume)
        assert checkpoint.read_bytes() == before
    assert len(train(digits, out, SHORT, resume=False).epochs) == SHORT.epochs


@pytest.mark.parametrize(
    ("change", "continues"),
    [
        ({}, True),
        ({"schedule": "halve", "patience": 2}, True),
        ({"schedule": "cosine"}, False),
        ({"warm_up": 0.1}, False),
    ],
    ids=str,
)
def test_a_finished_run_goes_on_to_more_epochs_where_that_ends_in_the_same_bytes(
    digits: Path, tmp_path: Path, change, continues: bool
) -> None:
    out, longer = tmp_path / "weights.npz", replace(SHORT, **change, epochs=SHORT.epochs + 2)
    told = []
    train(digits, out, replace(SHORT, **change))
    train(digits, out, longer, on_start=told.append)
    train(digits, tmp_path / "straight" / "weights.npz", longer)
    assert (told[0].done, told[0].total) == (SHORT.epochs * continues, longer.epochs)
    assert out.read_bytes() == (tmp_path / "straight" / "weights.npz").read_bytes()
    train(digits, out, longer, on_start=told.append)
    assert [start.is_repeated for start in told] == [False, True]


def test_a_longer_run_that_was_stopped_is_the_whole_of_a_shorter_one(digits: Path, tmp_path: Path) -> None:
    interrupted(digits, tmp_path / "weights.npz", replace(SHORT, epochs=6), last=4)
    assert train(digits, tmp_path / "weights.npz", SHORT).epochs == ()
    train(digits, tmp_path / "straight" / "weights.npz", SHORT)
    assert sha256(tmp_path / "weights.npz") == sha256(tmp_path / "straight" / "weights.npz")


def test_another_network_is_named_before_it_is_replaced(digits: Path, idx_folder: Path, tmp_path: Path) -> None:
    out, told = tmp_path / "weights.npz", []
    fetch(tmp_path / "other.npz", source=idx_folder)
    for data, parameters in (
        (digits, replace(SHORT, epochs=SHORT.epochs + 1)),
        (digits, SHORT),
        (digits, replace(SHORT, hidden=(4,), seed=9)),
        (tmp_path / "other.npz", replace(SHORT, hidden=(4,), seed=9)),
    ):
        train(data, out, parameters, on_start=lambda start: told.append(start.replaces))
    holds = f"{out} holds a network trained"
    others = ["with epochs 5", "with hidden 6 and with seed 0", "on other data"]
    assert told == ["", *(f"{holds} {other}" for other in others)]


def test_an_unfinished_run_is_named_before_it_is_replaced(digits: Path, tmp_path: Path) -> None:
    out, told = tmp_path / "weights.npz", []
    interrupted(digits, out, SHORT)
    train(digits, out, replace(SHORT, hidden=(4,)), on_start=lambda start: told.append(start.replaces))
    interrupted(digits, out, SHORT)
    train(digits, out, SHORT, on_start=lambda start: told.append(start.replaces))  # which was told when it began
    assert told == [f"{tmp_path / 'checkpoint.npz'} holds an unfinished run with hidden 6", ""]


def test_the_number_of_threads_is_kept_whatever_this_machine_has(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It decides the bytes: the shards of a mini-batch are added."""
    wide = Parameters(hidden=(800,), batch=512, epochs=3)
    shas = {}
    for cores in (1, 2):
        monkeypatch.setattr(setup, "processors", lambda cores=cores: cores)
        train(digits, tmp_path / f"{cores}.npz", wide)
        shas[cores] = sha256(tmp_path / f"{cores}.npz")
        assert artifacts.load_metadata(tmp_path / f"{cores}.npz")["parameters"]["threads"] == cores
    assert shas[1] != shas[2]
    train(digits, tmp_path / "given.npz", replace(wide, threads=1))  # as on one processor
    assert sha256(tmp_path / "given.npz") == shas[1]
    interrupted(digits, tmp_path / "resumed.npz", wide)
    monkeypatch.setattr(setup, "processors", lambda: 1)
    train(digits, tmp_path / "resumed.npz", wide)
    assert sha256(tmp_path / "resumed.npz") == shas[2]
    assert "2 threads" in " ".join(show(tmp_path / "resumed.npz").words)


def test_versions_that_changed_meanwhile_are_said(
    digits: Path, tmp_path: Path, nn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(epoch: int, total: int, done: int) -> None:
        if epoch == 2:
            raise Interrupted(2)

    today = environment.versions()
    with monkeypatch.context() as then:
        then.setattr(environment, "versions", lambda: {**today, "numpy": "1.0"})
        with pytest.raises(Interrupted):
            train(digits, tmp_path / "weights.npz", SHORT, on_images=stop)
    resumed = f"train --data {digits} -o weights.npz --hidden 6 --epochs 4 --resume --quiet".split()
    assert nn(*resumed).stderr == (
        f"Begun with numpy 1.0 (now {today['numpy']}): the result may differ in its bytes from an uninterrupted run.\n"
    )
    assert nn(*resumed).stderr == ""  # nothing was left to learn


def test_other_data_is_not_resumed(digits: Path, idx_folder: Path, tmp_path: Path) -> None:
    train(digits, tmp_path / "weights.npz", SHORT)
    fetch(tmp_path / "other.npz", source=idx_folder)
    with pytest.raises(InputError, match="was made with other data"):
        train(tmp_path / "other.npz", tmp_path / "weights.npz", SHORT, resume=True)


def test_divergence_ends_the_run_and_keeps_the_last_good_checkpoint(digits: Path, tmp_path: Path) -> None:
    with pytest.raises(Diverged, match="Try a smaller eta"):
        train(digits, tmp_path / "weights.npz", replace(SHORT, eta=1e300))
    assert not (tmp_path / "weights.npz").exists()


def test_an_optimizer_state_that_overflows_is_divergence(digits: Path, tmp_path: Path) -> None:
    adam = replace(
        SHORT, hidden=(20,), optimizer="adam", eta=1e300, activation="relu", cost="cross-entropy", dtype="float64"
    )
    with pytest.raises(Diverged, match="Try a smaller eta"):
        train(digits, tmp_path / "weights.npz", adam)
    assert not (tmp_path / "weights.npz").exists()


def test_without_validation_images_the_last_epoch_is_kept(idx_folder: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "data.npz", source=idx_folder, validation=0)
    report = train(tmp_path / "data.npz", tmp_path / "weights.npz", SHORT)
    assert (report.kept_epoch, report.validation_total) == (3, 0)


def test_a_mini_batch_larger_than_the_set_is_the_whole_set(digits: Path, tmp_path: Path) -> None:
    train(digits, tmp_path / "a.npz", replace(SHORT, batch=10**9))
    train(digits, tmp_path / "b.npz", replace(SHORT, batch=1285))
    a, b = (artifacts.load(tmp_path / f"{name}.npz").arrays["weights_1"] for name in "ab")
    np.testing.assert_array_equal(a, b)


def test_ever_so_few_rejects_are_those_of_a_strip(digits: Path, tmp_path: Path) -> None:
    report = train(digits, tmp_path / "weights.npz", replace(SHORT, epochs=1, rejects=1e-320))
    assert report.what == "64-6-11"
    more = replace(SHORT, epochs=1, rejects=0.1)
    (epoch,) = train(digits, tmp_path / "more.npz", more).epochs
    labels = negatives.with_negatives(artifacts.load(digits), more, None).arrays["train_labels"]
    assert epoch.training_total == (labels[::20] < 10).sum() < len(labels[::20]), "no reject is counted"


def test_a_forged_checkpoint_is_refused(digits: Path, tmp_path: Path) -> None:
    out = tmp_path / "weights.npz"
    train(digits, out, SHORT)
    good = artifacts.load(tmp_path / "checkpoint.npz")
    state = {**good.about["random_state"], "bit_generator": "MT19937"}
    for about, reason in (
        ({"random_state": state}, "random state that NumPy refuses"),
        (
            {"layers": ["dense 6 sigmoid", "dense 11 sigmoid"]},
            r'"dense 11 sigmoid": has weights of shape \(11, 6\), and these are \(10, 6\)',
        ),
        ({"layers": ["dense 6 sigmoid", "dense 10 magic"]}, r'"dense 10 magic": expected dense NEURONS ACTIVATION'),
        ({"image": [8, 9]}, r"for images of \[8, 9\], .* shape \(6, 72\), and these are \(6, 64\)"),
        ({"cost": "envy"}, "cost 'envy'"),
        ({"cost": "cross-entropy"}, "cross-entropy, float32, where its parameters make .*, quadratic, float32"),
        ({"layers": ["dense 6 step", "dense 10 sigmoid"]}, "64 - dense 6 step - .*, where its parameters make 64 - "),
    ):
        artifacts.save(good.path, {**good.meta, "about": {**good.about, **about}}, good.arrays)
        with pytest.raises(InputError, match=reason):
            train(digits, out, SHORT, resume=True)


def test_the_chapters_network_learns_mnist(mnist: Path, tmp_path: Path) -> None:
    """After one epoch the book has 9129 of its test images right; seeds spread by about a point."""
    report = train(mnist, tmp_path / "weights.npz", Parameters(epochs=1))
    assert report.what == "784-30-10"
    assert 8900 < report.validation_correct < 9400
