"""Folders that attacks run in: a small data set, the files of the pipeline, pictures, and copies for each case."""

import importlib
import os
import pkgutil
import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image
from support import write_idx

import nndigits.stages
from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.fetch import fetch
from nndigits.stages.store import artifacts
from torture.harness.run import run

LATE = ("matplotlib.figure", "rich.console", "rich.progress", "rich.table", "scipy.linalg.blas", "sklearn.datasets")
IMAGES = {"train": 60, "test": 20}


@cache
def warm() -> None:
    """Import now what commands import when they run, so that forked children need not import it."""
    from typer.testing import CliRunner

    from nndigits.cli.main import app

    for module in pkgutil.walk_packages(nndigits.stages.__path__, "nndigits.stages."):
        importlib.import_module(module.name)
    for name in LATE:
        importlib.import_module(name)
    CliRunner().invoke(app, ["train", "--epochs", "0"])


def ram_folder() -> str | None:
    """The parent of temporary folders whose files stay in memory, where the system has one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def digits(folder: Path) -> Path:
    """Write scikit-learn's digits as a data artifact in a new folder; return the folder."""
    warm()
    fetch(folder / "data.npz", dataset="digits")
    return folder


def tiny_files(folder: Path) -> Path:
    """Write four IDX files of 60 + 20 images of 5 x 4 pixels, of three classes; return the folder."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(1)
    for split, count in IMAGES.items():
        write_idx(folder / MNIST.file_names[f"{split}_images"], rng.integers(0, 256, (count, 5, 4)))
        write_idx(folder / MNIST.file_names[f"{split}_labels"], np.arange(count) % 3)
    return folder


def tiny_pipeline(folder: Path) -> Path:
    """Run `nn fetch`, `nn train` and `nn eval` on the tiny set in a folder; return the folder."""
    warm()
    tiny_files(folder / "mine")
    for arguments in (["fetch", "--from", "mine"], ["train", "--epochs", "2"], ["eval"]):
        done = run([*arguments, "--quiet"], folder)
        if done.code:
            raise RuntimeError(f"nn {' '.join(arguments)}: {done.code}, {done.err}")
    return folder


def draw_pictures(folder: Path) -> None:
    """Draw digits of ``../artifacts/data.npz`` large and dark on white, a row of four, and some damaged pictures."""
    folder.mkdir()
    images = artifacts.load(folder.parent / "artifacts" / "data.npz", "dataset").arrays["test_images"]
    for number in range(12):
        foreground = np.kron(images[number], np.ones((8, 8), np.uint8))
        Image.fromarray(255 - np.pad(foreground, 16)).save(folder / f"digit-{number}.png")
    row = np.hstack([np.pad(np.kron(image, np.ones((8, 8), np.uint8)), 16) for image in images[:4]])
    Image.fromarray(255 - row).save(folder.parent / "row.png")
    whole = (folder / "digit-0.png").read_bytes()
    (folder / "bad-cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "bad-text.png").write_text("This is no picture.")
    (folder / "bad-empty.png").touch()


def link_copy(folder: Path, to: Path) -> Path:
    """Copy a folder as hard links to the same files, so that writing in place changes the original and is noticed."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to, copy_function=os.link, symlinks=True)
    return to


def files_in(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and modification time of each file in a folder; they are the same if nothing was written."""
    paths = (path for path in folder.rglob("*") if not path.is_dir())
    return {str(path.relative_to(folder)): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in paths}


def contents(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file in a folder, by name."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def reproducible_files(folder: Path) -> dict[str, str]:
    """Return the same without files that contain measured times: the timing log, and the Markdown table."""
    return {name: digest for name, digest in contents(folder).items() if not name.endswith(("timings.csv", ".md"))}


def leftovers(folder: Path) -> list[str]:
    """Return the temporary files in a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.tmp"))
