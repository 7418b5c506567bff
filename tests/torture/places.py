"""Folders that attacks run in: a small data set, the pipeline's files, and a copy of them for each case."""

import importlib
import os
import pkgutil
import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from support import write_idx
from typer.testing import CliRunner

import nn.stages
from nn.cli.main import app
from nn.stages.datasets.known_sets import MNIST
from nn.stages.fetch import fetch
from torture.children import run

LATE = ("matplotlib.figure", "rich.console", "rich.progress", "rich.table", "scipy.linalg.blas", "sklearn.datasets")
IMAGES = {"train": 60, "test": 20}


@cache
def warm() -> None:
    """Import now what commands import when they run, so that children of this process have it already."""
    for module in pkgutil.walk_packages(nn.stages.__path__, "nn.stages."):
        importlib.import_module(module.name)
    for name in LATE:
        importlib.import_module(name)
    CliRunner().invoke(app, ["train", "--epochs", "0"])


def digits(folder: Path) -> Path:
    """scikit-learn's digits as a data artifact in a new folder, which is returned."""
    warm()
    fetch(folder / "data.npz", dataset="digits")
    return folder


def tiny_files(folder: Path) -> Path:
    """Four IDX files of 60 + 20 images of 5 x 4 pixels, of three kinds of digit."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(1)
    for part, count in IMAGES.items():
        write_idx(folder / MNIST.file_names[f"{part}_images"], rng.integers(0, 256, (count, 5, 4)))
        write_idx(folder / MNIST.file_names[f"{part}_labels"], np.arange(count) % 3)
    return folder


def tiny_pipeline(folder: Path) -> Path:
    """A folder where `nn fetch`, `nn train` and `nn eval` have been, on the tiny set."""
    warm()
    tiny_files(folder / "mine")
    for arguments in (["fetch", "--from", "mine"], ["train", "--epochs", "2"], ["eval"]):
        done = run([*arguments, "--quiet"], folder)
        if done.code:
            raise RuntimeError(f"nn {' '.join(arguments)}: {done.code}, {done.err}")
    return folder


def linked(folder: Path, to: Path) -> Path:
    """A copy of a folder whose files are links to the same ones: who writes in place would be found out."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to, copy_function=os.link, symlinks=True)
    return to


def contents(folder: Path) -> dict[str, str]:
    """The sha256 of every file in a folder, by its name."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def artifacts(folder: Path) -> dict[str, str]:
    """The same, without what tells how long things took: the log of times, and the table for people."""
    return {name: digest for name, digest in contents(folder).items() if not name.endswith(("timings.csv", ".md"))}


def leftovers(folder: Path) -> list[str]:
    """Temporary files in a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.tmp"))
