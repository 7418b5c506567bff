"""Artifacts: checked against their kind, saying what made them, written whole or not at all."""

import os
from pathlib import Path

import numpy as np
import pytest
from small import DATASET, SMALL, small_weights

from nndigits.stages.store import artifacts, environment, files
from nndigits.stages.store.errors import InputError, UsageError, WorldError
from nndigits.stages.store.kinds import KINDS, SchemaError, check


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("dataset", {"nn"}),
        ("random", {"nn"}),
        ("darkness", {"nn", "numpy"}),
        ("svm", {"nn", "numpy", "simd", "blas", "kernel"}),
        ("eval", {"nn", "numpy", "simd", "blas", "kernel"}),
        ("weights", {"nn", "numpy", "simd", "scipy", "blas", "kernel"}),
        ("a kind of yours", {"nn", "numpy", "simd", "scipy", "blas", "kernel"}),
    ],
)
def test_an_artifact_names_the_versions_that_its_bytes_depend_on(kind: str, names: set[str]) -> None:
    meta = artifacts.describe(kind, parameters={}, dataset=DATASET)
    assert set(meta["versions"]) == names
    assert all(meta["versions"].values())


@pytest.mark.parametrize(
    ("versions", "same"),
    [
        ({}, True),
        ({"scipy": "0.1"}, True),  # an evaluation does not depend on it
        ({"numpy": "0.1"}, False),
        ({"kernel": "another"}, False),
    ],
    ids=str,
)
def test_work_is_the_same_if_the_versions_that_matter_are(versions: dict[str, str], same: bool) -> None:
    meta = artifacts.describe("eval", parameters={"split": "test"}, dataset=DATASET)
    old = {name: value for name, value in meta["versions"].items() if name != "simd"}
    assert artifacts.is_same_work({**meta, "versions": {**old, **versions}}, meta) == same
    assert not artifacts.is_same_work({**meta, "parameters": {"split": "train"}}, meta)
    assert not artifacts.is_same_work({**meta, "kind": "confusion"}, meta)


@pytest.mark.parametrize(("temperature", "fits"), [(0.0099, False), (0.01, True), (100.0, True), (100.1, False)])
def test_a_temperature_is_one_that_could_be_of_use(temperature: float, fits: bool) -> None:
    meta, arrays = small_weights()
    meta["about"]["calibration"]["temperature"] = temperature
    if fits:
        check(meta, arrays)
    else:
        with pytest.raises(SchemaError, match=r"temperature is [0-9.]+, expected 0\.01 to 100"):
            check(meta, arrays)


@pytest.mark.parametrize(
    ("kind", "about", "arrays", "reason"),
    [
        ("darkness", {"image": [1, 10]}, {}, None),
        ("darkness", {"image": [1, 9]}, {}, "means holds numbers from 1 to 10, expected 0 to 9"),
        ("darkness", {"train": 21}, {}, "counts that do not add up"),
        ("darkness", {}, {"means": np.ones(9), "counts": np.full(9, 2)}, "counts of 9 digits, the data set has 10"),
        ("weights", {"validation_correct": 2}, {}, None),
        ("weights", {"validation_correct": 3}, {}, "has 3 validation images correct, of 2"),
        ("weights", {"validation_correct": -1}, {}, "validation_correct is -1, expected 0 to"),
        ("weights", {"validation_total": 10**400}, {}, "validation_total is a huge number"),
        ("checkpoint", {"best_epoch": 1}, {}, "has epoch 1 as the best of 1"),
        ("checkpoint", {}, {"validation_correct": np.array([-5])}, "validation_correct holds numbers from -5"),
        ("svm", {"gamma": 1e9}, {}, None),
        ("svm", {"gamma": 1.1e9}, {}, r"gamma to 1e\+09"),
        ("svm", {"gamma": 0.0}, {}, r"gamma 0\.0"),
        ("svm", {"image": [6, 5]}, {}, r"support vectors of \(5, 6\) and images of \[6, 5\]"),
        ("svm", {}, {"counts": np.array([2, 0, *[1] * 8])}, None),
        ("svm", {}, {"counts": np.array([3, -1, *[1] * 8])}, "counts holds numbers from -1 to 3, expected 0 to 10"),
        ("svm", {}, {"coefficients": np.full((9, 10), -1e308)}, "coefficients holds numbers from -1e"),
        ("svm", {}, {"intercepts": np.full(45, 1e31)}, "intercepts holds numbers"),
        ("svm", {"c": 1.1e15}, {}, "C to 1e"),
        ("svm-pairs", {}, {"lengths": np.array([3, 0])}, None),
    ],
)
def test_what_a_file_may_say(kind: str, about: artifacts.Meta, arrays: dict[str, np.ndarray], reason) -> None:
    meta, usual = SMALL[kind]()
    meta["about"] |= about
    if reason is None:
        check(meta, {**usual, **arrays})
    else:
        with pytest.raises(SchemaError, match=reason):
            check(meta, {**usual, **arrays})


def test_the_kernels_are_those_of_blas(monkeypatch) -> None:
    found = [("blas", "Zen"), ("openmp", "none"), ("blas", "Haswell"), ("blas", "Zen")]
    libraries = [{"user_api": api, "architecture": kernel} for api, kernel in found]
    monkeypatch.setattr("threadpoolctl.threadpool_info", lambda: libraries)
    assert environment.versions.__wrapped__()["kernel"] == "Haswell Zen"


def test_another_kind_is_refused_with_the_command_that_makes_the_right_one(tmp_path: Path) -> None:
    artifacts.save(tmp_path / "w.npz", *small_weights())
    with pytest.raises(InputError, match=r"is a trained network, not a data set\. Make one with `nn fetch`"):
        artifacts.load(tmp_path / "w.npz", "dataset")
    with pytest.raises(InputError, match=r"no such file\. Make one with `nn train`"):
        artifacts.load(tmp_path / "none.npz", "weights")


def test_special_files_are_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for name, reason in (
        ("pipe", "not a regular file"),
        ("", "is a folder"),
        ("loop", "cannot be opened"),
        ("x" * 300, "cannot be opened"),
    ):
        with pytest.raises(InputError, match=reason):
            artifacts.load(tmp_path / name)
    with pytest.raises(InputError, match="not a regular file"):
        artifacts.load(Path("/dev/zero"))
    (tmp_path / "empty").touch()
    with pytest.raises(InputError, match="is empty"):
        artifacts.load(tmp_path / "empty")


@pytest.mark.parametrize("fault", ["open", "fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, monkeypatch, fault: str) -> None:
    path = tmp_path / "data.npz"
    path.write_bytes(b"old")

    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, fault, fail)
    with pytest.raises(WorldError, match="no space left on device"):
        files.write(path, [b"new"])
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["data.npz"]


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    path.write_bytes(b"old")

    def chunks():
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.write(path, chunks())
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["data.npz"]


def test_a_link_is_replaced_and_what_it_points_to_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (tmp_path / "data.npz").symlink_to("victim")
    files.write(tmp_path / "data.npz", [b"new"])
    assert (tmp_path / "victim").read_bytes() == b"mine"
    assert (tmp_path / "data.npz").read_bytes() == b"new"


def test_where_nothing_can_be_written_is_found_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        files.check_writable(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        for write in (files.check_writable, lambda path: files.write(path, [b"new"])):
            with pytest.raises(UsageError, match="is a device or a pipe"):
                write(tmp_path / name)
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file, and a folder has to be there"):
        files.check_writable(tmp_path / "file" / "data.npz")
    files.check_writable(tmp_path / "new" / "folder" / "data.npz")
    assert os.listdir(tmp_path / "new" / "folder") == []


def test_every_kind_is_described_in_the_artifacts_readme() -> None:
    from support import REPOSITORY

    text = (REPOSITORY / "artifacts" / "README.md").read_text()
    for name in KINDS:
        assert f"**{name}**" in text
