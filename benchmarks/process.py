"""Measure whole processes: start-up, each stage, and `make run` after installation; wall time, CPU time, peak memory.

MNIST's four files are written from the data artifact, gzipped, so that `nn fetch` and make have a folder to read.

    python benchmarks/process.py artifacts/data.npz
"""

import argparse
import gzip
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from machine import machine, print_table

from nndigits.stages.datasets import idx
from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.store import artifacts

REPOSITORY = Path(__file__).resolve().parents[1]
NN = Path(sys.executable).with_name("nn")


def main(arguments: list[str] | None = None) -> None:
    """Run every process and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        source = write_idx_files(options.data, Path(folder) / "mnist")
        data, weights = Path(folder) / "data.npz", Path(folder) / "weights.npz"
        train = ("train", "--data", data, "--epochs", str(options.epochs), "-o", weights)
        make = ("make", "-B", "run", f"A={folder}/made", f"FROM={source}", f"EPOCHS={options.epochs}")
        installed = ("-o", NN, f"VENV={NN.parents[1]}", f"NN={NN}")
        processes = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "nn --version": (NN, "--version"),
            "nn --help": (NN, "--help"),
            "nn fetch --from FOLDER": (NN, "fetch", "--from", source, "-o", data),
            f"nn train --epochs {options.epochs}": (NN, *train),
            "nn eval": (NN, "eval", "--data", data, "--weights", weights, "-o", Path(folder) / "eval.json"),
            "make run": (*make, *installed),
        }
        rows = []
        for name, command in processes.items():
            runs = [run(command) for _ in range(options.rounds)]
            wall, cpu, peak = (statistics.median(figures) for figures in zip(*runs, strict=True))
            rows.append([name, f"{wall:.3f}", f"{cpu:.3f}", f"{peak:.0f}"])
        stored = data.stat().st_size / 1e6
    print(f"{machine()}; the data as stored has {stored:.0f} MB; medians of {options.rounds}")
    print_table(["", "wall, s", "CPU, s", "peak, MB"], rows)


def run(command: tuple[str | Path, ...]) -> list[float]:
    """Run a process; return its wall seconds, CPU seconds and peak memory in MB, including its children."""
    launch = [sys.executable, "-S", Path(__file__).with_name("launch.py")]
    done = subprocess.run([*launch, *command], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed: {done.stderr}")
    return [float(figure) for figure in done.stdout.split()]


def write_idx_files(data: Path, folder: Path) -> Path:
    """Write the four IDX files of a data artifact, gzipped; return the folder."""
    arrays = artifacts.load(data, "dataset").arrays
    folder.mkdir()
    for part, name in MNIST.file_names.items():
        array = arrays[part]
        if part.startswith("train"):
            array = np.concatenate([array, arrays[part.replace("train", "validation")]])
        content = idx.header(array.shape) + array.tobytes()
        (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
    return folder


if __name__ == "__main__":
    main()
