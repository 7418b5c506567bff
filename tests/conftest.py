"""What the tests share: data to run on, and the installed command."""

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as nn does: threads of several processes wait for each other

import numpy as np
import pytest
import quick_nn as quick
from support import Run, command, write_idx

from nndigits.stages.datasets import loaders
from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.demos.shared import data
from nndigits.stages.fetch import fetch

PLAIN = {"_TYPER_FORCE_DISABLE_TERMINAL": "1", "NO_COLOR": "1", "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}
OURS = ("NN_ARTIFACTS", "NN_DEBUG", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS")
READ_AT_START = ("PYTHON", "OPENBLAS")
"""Beginnings of the variables that only a new Python reads: with them, ``nn`` runs the installed program."""

MEMORY, ENOUGH = Path("/dev/shm"), 4 * 2**30
"""A file system in memory, and the bytes that must be free there."""


def pytest_configure(config: pytest.Config) -> None:
    """Choose what makes the tests fast, and changes nothing that they check; forget the user's artifacts folder."""
    os.environ.pop("NN_ARTIFACTS", None)  # read once, when nn is imported
    # Each of some hundred processes would compile nn again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    # nn waits for the disk with every file that it writes; in memory there is nothing to wait for.
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    # With `-n 2`, neighbouring tests share a process and so their fixtures; an idle process takes tests of the other.
    if getattr(config.option, "dist", "no") == "load":
        config.option.dist = "worksteal"


def pytest_collection_finish() -> None:
    """Keep modules and tests, which last as long as the process, from being searched for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No colours, no settings of the person who runs the tests, an empty cache, a folder of one's own."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    for name, value in PLAIN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MNIST as a data artifact."""
    out = tmp_path_factory.mktemp("mnist") / "data.npz"
    fetch(out)
    return out


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """scikit-learn's digits as a data artifact."""
    out = tmp_path_factory.mktemp("digits") / "data.npz"
    fetch(out, dataset="digits")
    return out


@pytest.fixture(scope="module")
def few_digits() -> Iterator[None]:
    """Demonstrations take scikit-learn's 8 x 8 digits in the place of MNIST, which takes longer."""
    whole = loaders.from_scikit_learn()
    few = replace(whole, train_images=whole.train_images[:1285], train_labels=whole.train_labels[:1285])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "loaders", SimpleNamespace(mnist=lambda: few))
        yield


@pytest.fixture
def idx_folder(tmp_path: Path) -> Path:
    """A small set that is not MNIST: 60 + 20 images of 5 x 4 pixels, three kinds of digit."""
    folder = tmp_path / "my-digits"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for part, count in (("train", 60), ("test", 20)):
        write_idx(folder / MNIST.file_names[f"{part}_images"], rng.integers(0, 256, (count, 5, 4)))
        write_idx(folder / MNIST.file_names[f"{part}_labels"], np.arange(count) % 3)
    return folder


@pytest.fixture(scope="session")
def quick_nn() -> Iterator[Path]:
    """A program that does what the installed nn does, and starts in hundredths of a second."""
    with quick.quick_nn() as program:
        yield program


@pytest.fixture
def nn(quick_nn: Path, tmp_path: Path) -> Run:
    """Run nn in the test's own folder: ``nn("train", "--epochs", 1, NN_ARTIFACTS="runs")``."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        program = command() if any(name.startswith(READ_AT_START) for name in environment) else quick_nn
        return subprocess.run(
            [program, *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
