"""A disk that fails, or too many open files: one line and exit 1, the old file whole, and never a file left out."""

import errno
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nndigits.stages.classifiers.simple_baselines import darkness
from nndigits.stages.compare import compare
from nndigits.stages.evaluate import evaluate
from nndigits.stages.exchange.export import export
from nndigits.stages.pages.report import report
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import files
from nndigits.stages.store.errors import WorldError
from nndigits.stages.system import atomic
from nndigits.stages.training.train import train

PARAMETERS = Parameters(hidden=(3,), epochs=1)


@pytest.fixture(scope="module")
def made(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data, a network with its figures, and a baseline."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copy(digits, folder / "data.npz")
    train(folder / "data.npz", folder / "weights.npz", PARAMETERS)
    evaluate(folder / "weights.npz", folder / "data.npz", folder / "weights-eval.json")
    darkness(folder / "data.npz", folder / "darkness.npz")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(made, tmp_path / "folder"))


STAGES: dict[str, Callable[[Path], object]] = {
    "train": lambda folder: train(folder / "data.npz", folder / "weights.npz", PARAMETERS, resume=False),
    "eval": lambda folder: evaluate(folder / "weights.npz", folder / "data.npz", folder / "weights-eval.json"),
    "export": lambda folder: export([folder / "weights.npz"], folder / "network.safetensors"),
    "compare": lambda folder: compare(folder, folder / "data.npz", folder / "compare.json"),
    "report": lambda folder: report(folder, folder / "data.npz", folder / "report.html"),
}


@pytest.mark.parametrize("module", [files, atomic], ids=["read", "written"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("stage", STAGES)
def test_a_file_that_fails_at_its_close_is_one_line(
    stage: str, number: int, module: object, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(descriptor: int, mode: str) -> object:
        kind = io.BufferedReader if mode == "rb" else io.BufferedWriter

        class Failing(kind):  # type: ignore[misc, valid-type]
            def close(self) -> None:
                if not self.closed:
                    super().close()
                    raise OSError(number, os.strerror(number))

        return Failing(io.FileIO(descriptor, mode))

    before = {path: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(module, "open", failing, raising=False)
    with pytest.raises(WorldError, match=f"cannot be (read|written) .{os.strerror(number).lower()}"):
        STAGES[stage](folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("number", [errno.EIO, errno.EMFILE])
@pytest.mark.parametrize("name", ["darkness.npz", "weights-eval.json", "weights.npz"])
@pytest.mark.parametrize("stage", ["compare", "report"])
def test_a_file_that_is_there_and_cannot_be_opened_is_no_absent_file(
    stage: str, name: str, number: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def fail(path: Path, *arguments: object, **named: object) -> int:
        if Path(path).name == name:
            raise OSError(number, os.strerror(number))
        return real(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(files.os, "open", fail)
    with pytest.raises(WorldError, match=f"{name}: cannot be opened .{os.strerror(number).lower()}"):
        STAGES[stage](folder)
    assert not (folder / "compare.json").exists()


def test_a_folder_that_cannot_be_listed_is_no_empty_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> list[str]:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(files.os, "listdir", fail)
    for stage in ("compare", "report"):
        with pytest.raises(WorldError, match=r"cannot be read \(too many open files"):
            STAGES[stage](folder)
