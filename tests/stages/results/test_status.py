"""The state of the pipeline: fresh, stale and missing by hash, in every file that nn writes."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small import SMALL
from support import sha256

from nndigits.stages.classifiers.simple_baselines import darkness
from nndigits.stages.compare import compare
from nndigits.stages.evaluate import evaluate
from nndigits.stages.exchange.export import export
from nndigits.stages.fetch import fetch
from nndigits.stages.pages.draw import draw
from nndigits.stages.pages.report import report as write_report
from nndigits.stages.results.freshness import FileStatus
from nndigits.stages.results.show import show
from nndigits.stages.results.status import NextStep, StatusReport, status
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts, metadata
from nndigits.stages.store.errors import InputError
from nndigits.stages.training.train import train

RUN = Parameters(epochs=2)


@pytest.fixture(scope="module")
def finished(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything is fresh."""
    folder = tmp_path_factory.mktemp("finished")
    shutil.copy(digits, folder / "data.npz")
    train(folder / "data.npz", folder / "weights.npz", RUN)
    evaluate(folder / "weights.npz", folder / "data.npz", folder / "weights-eval.json")
    darkness(folder / "data.npz", folder / "darkness.npz")
    compare(folder, folder / "data.npz", folder / "compare.json")
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished folder that a test may change."""
    return Path(shutil.copytree(finished, tmp_path / "artifacts"))


def states(report: StatusReport) -> dict[str, tuple[str, str]]:
    return {file.path.name: (file.state, file.why) for file in report.states if file.state != "fresh"}


def file_of(report: StatusReport, name: str) -> FileStatus:
    (found,) = [file for file in report.states if file.path.name == name]
    return found


def test_what_was_just_made_is_fresh(folder: Path) -> None:
    report = status(folder)
    assert states(report) == {}
    assert {file.path.name for file in report.states} == {
        name for name in os.listdir(folder) if name not in ("timings.csv", "compare.md")
    }
    assert all(file.sha256 == sha256(file.path) for file in report.states)
    assert report.dataset == "digits"
    assert report.next == NextStep("show", folder / "weights.npz", folder / "data.npz")


def test_an_empty_or_absent_folder_misses_data_and_weights(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        report = status(folder)
        assert [(file.path.name, file.state) for file in report.states] == [
            ("data.npz", "missing"),
            ("weights.npz", "missing"),
        ]
        assert (report.dataset, report.leader, report.next.step) == ("", None, "fetch")


def test_other_data_makes_everything_stale_whatever_the_dates_say(folder: Path) -> None:
    fetch(folder / "data.npz", dataset="digits", validation=100)
    os.utime(folder / "data.npz", (1, 1))  # older than all that is stale
    report = status(folder)
    assert {why for _, why in states(report).values()} == {"made from other data than data.npz"}
    assert [file.path.name for file in report.states if file.state == "fresh"] == ["data.npz"]
    assert report.leader is None
    assert report.next == NextStep("train", folder / "weights.npz", folder / "data.npz", {"epochs": 2})


def test_touching_and_writing_the_same_bytes_keep_everything_fresh(folder: Path) -> None:
    (folder / "data.npz").write_bytes((folder / "data.npz").read_bytes())
    assert states(status(folder)) == {}


def test_other_weights_make_their_figures_and_the_comparison_stale(folder: Path) -> None:
    train(folder / "data.npz", folder / "weights.npz", replace(RUN, seed=1))
    report = status(folder)
    assert states(report) == {
        "weights-eval.json": ("stale", "of other weights than weights.npz"),
        "weights-confusion.csv": ("stale", "of other weights than weights.npz"),
        "compare.json": ("stale", "weights.npz has changed since"),
    }
    assert file_of(report, "weights.npz").accuracies == {}
    assert report.next == NextStep("eval", folder / "weights.npz", folder / "data.npz")


@pytest.mark.parametrize("name", ["weights-eval.json", "anything.json"])
def test_figures_are_found_by_the_hash_of_their_weights_not_by_name(folder: Path, name: str) -> None:
    (folder / "weights-eval.json").rename(folder / name)
    shutil.copy(folder / "weights.npz", folder / "copy.npz")
    report = status(folder)
    assert list(file_of(report, "weights.npz").accuracies) == ["test"]
    assert file_of(report, name).state == "fresh"
    assert report.leader is not None
    assert (report.leader.path, report.leader.weights) == (folder / name, (folder / "weights.npz",))


def test_the_accuracy_is_the_one_of_the_evaluation(folder: Path) -> None:
    found = evaluate(
        folder / "weights.npz", folder / "data.npz", folder / "weights-validation-eval.json", split="validation"
    )
    report = status(folder)
    assert file_of(report, "weights.npz").accuracies["validation"] == found.accuracy
    assert report.leader is not None
    assert report.leader.split == "test", "the figures on the test images, which were written earlier"


def test_figures_of_an_ensemble_are_of_no_single_network(folder: Path) -> None:
    train(folder / "data.npz", folder / "other.npz", replace(RUN, seed=1))
    members = [folder / "weights.npz", folder / "other.npz"]
    vote = evaluate(members, folder / "data.npz", folder / "vote.json")
    report = status(folder)
    file = file_of(report, "vote.json")
    assert (file.state, file.belongs_to, file.accuracies) == ("fresh", None, {"test": vote.accuracy})
    assert report.leader is not None
    assert report.leader.weights == (folder / "weights.npz",)
    assert file_of(report, "other.npz").accuracies == {}
    (folder / "other.npz").unlink()
    assert states(status(folder))["vote.json"][0] == "stale"


def test_figures_that_do_not_add_up_are_not_fresh(folder: Path) -> None:
    text = (folder / "weights-eval.json").read_text()
    (folder / "weights-eval.json").write_bytes(
        metadata.with_checksum(text.replace('"total": 256', '"total": 255', 1).encode())
    )
    report = status(folder)
    assert states(report) == {"weights-eval.json": ("unreadable", "has other figures than nn writes")}
    assert report.leader is not None
    assert report.leader.what == "average darkness"  # the only figures that are left
    assert report.next == NextStep("eval", folder / "weights.npz", folder / "data.npz")


@pytest.mark.parametrize("name", ["weights-eval.json", "weights-confusion.csv", "history.csv"])
def test_a_flipped_bit_in_figures_is_seen(folder: Path, name: str) -> None:
    blob = bytearray((folder / name).read_bytes())
    blob[-3 if name.endswith(".csv") else 40] ^= 1
    (folder / name).write_bytes(blob)
    file = file_of(status(folder), name)
    assert (file.state, "checksum" in file.why) == ("unreadable", True)


def test_a_history_of_another_run_is_stale(folder: Path) -> None:
    train(folder / "data.npz", folder / "other.npz", replace(RUN, eta=1.0))
    shutil.copy(folder / "other-history.csv", folder / "history.csv")
    assert states(status(folder))["history.csv"] == ("stale", "of another run than weights.npz")


class Stopped(Exception):
    """The run ends after its first epoch."""


def test_pages_and_exported_networks_are_fresh_until_what_they_show_changes(folder: Path) -> None:
    draw([folder / "weights.npz"], folder / "draw.html", data=folder / "data.npz")
    write_report(folder, folder / "data.npz", folder / "report.html")
    export([folder / "weights.npz"], folder / "network.safetensors")
    (folder / "mine.html").write_text("<!doctype html>my own page")
    assert states(status(folder)) == {}
    assert {"draw.html", "report.html", "network.safetensors"} <= {one.path.name for one in status(folder).states}
    assert show(folder / "draw.html").inputs[1].path == folder / "weights.npz"
    assert show(folder / "network.safetensors").layers == show(folder / "weights.npz").layers
    train(folder / "data.npz", folder / "weights.npz", replace(RUN, seed=1))
    changed = states(status(folder))
    assert {name for name in changed if name.endswith((".html", ".safetensors"))} == {
        "draw.html", "report.html", "network.safetensors",
    }  # fmt: skip


def test_an_interrupted_run_goes_on_with_its_own_parameters(folder: Path) -> None:
    longer = replace(RUN, epochs=4, hidden=(8, 6), l2=0.5)

    def stop(report: object) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        train(folder / "data.npz", folder / "weights.npz", longer, on_epoch=stop)
    report = status(folder)
    assert states(report) == {"checkpoint.npz": ("unfinished", "1 of 4 epochs done")}
    changed = {"hidden": [8, 6], "epochs": 4, "l2": 0.5}
    assert report.next == NextStep("resume", folder / "weights.npz", folder / "data.npz", changed)
    train(folder / "data.npz", folder / "weights.npz", longer, resume=True)
    assert "checkpoint.npz" not in states(status(folder))


def test_a_checkpoint_is_fresh_only_if_its_best_weights_were_written(folder: Path) -> None:
    made = artifacts.load(folder / "weights.npz")
    changed = {name: array.copy() for name, array in made.arrays.items()}
    changed["biases_1"][0] += 1
    artifacts.save(folder / "weights.npz", made.meta, changed)
    assert states(status(folder))["checkpoint.npz"] == ("stale", "finished; weights.npz is of another run")
    (folder / "weights.npz").unlink()
    assert states(status(folder))["checkpoint.npz"] == ("unfinished", "all epochs done, its weights are missing")


def test_a_comparison_without_a_network_of_the_folder_is_stale(folder: Path) -> None:
    train(folder / "data.npz", folder / "other.npz", replace(RUN, seed=1))
    report = status(folder)
    assert states(report) == {"compare.json": ("stale", "other.npz is not in it")}
    assert report.next == NextStep("compare", data=folder / "data.npz")
    (folder / "other.npz").unlink()
    (folder / "darkness.npz").unlink()
    assert states(status(folder))["compare.json"] == ("stale", "darkness.npz is no longer here")


@pytest.mark.parametrize("name", ["data.npz", "weights.npz", "darkness.npz"])
def test_a_damaged_file_is_never_fresh(folder: Path, name: str) -> None:
    """One bit of the last array, far from the metadata that is read first."""
    damaged = bytearray((folder / name).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (folder / name).write_bytes(damaged)
    report = status(folder)
    assert file_of(report, name).state == "unreadable"
    assert "damaged" in file_of(report, name).why
    assert report.next.step == ("fetch" if name == "data.npz" else "resume" if name == "weights.npz" else "show")


def test_files_of_others_are_left_out_and_those_named_like_ours_are_said_to_be_unreadable(folder: Path) -> None:
    (folder / "notes.csv").write_text("a,b\n")
    (folder / "notes.json").write_text("{}")
    (folder / "my-eval.json").write_text("{}")
    (folder / "mine.npz").write_bytes(b"PK")
    os.mkfifo(folder / "pipe.npz")
    (folder / "folder.npz").mkdir()
    report = status(folder)
    assert set(states(report)) == {"my-eval.json", "mine.npz", "pipe.npz", "folder.npz"}
    assert {state for state, _ in states(report).values()} == {"unreadable"}


def test_a_folder_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file, where a folder is expected"):
        status(tmp_path / "file")


@pytest.mark.parametrize("kind", SMALL)
def test_metadata_is_read_without_the_arrays(kind: str, tmp_path: Path) -> None:
    meta, arrays = SMALL[kind]()
    path = tmp_path / "a.npz"
    artifacts.save(path, meta, arrays)
    assert metadata.load_metadata(path) == meta
    whole = path.read_bytes()
    length = whole.index(b"PK\x03\x04", 4) if len(arrays) else whole.index(b"PK\x01\x02")
    path.write_bytes(whole[:length])  # the first member alone
    assert metadata.load_metadata(path) == meta
    for place in range(0, length, 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(InputError):
            metadata.load_metadata(path)


def test_metadata_behind_the_first_bytes_is_refused(tmp_path: Path) -> None:
    meta, arrays = SMALL["random"]()
    longer = {**meta, "parameters": {**meta["parameters"], "note": ["x" * 9_000] * 8}}
    artifacts.save(tmp_path / "a.npz", longer, arrays)
    with pytest.raises(InputError, match="is cut off"):
        metadata.load_metadata(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", a=np.zeros(3))
    with pytest.raises(InputError, match="another program"):
        metadata.load_metadata(tmp_path / "b.npz")
