"""What whole processes cost: start-up, each stage, and `make run` after installation; wall, CPU, peak memory.

MNIST's four files are written anew from the data artifact, gzipped, so that `nn fetch` and make have a folder to read.

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

from nn.stages.datasets import idx
from nn.stages.datasets.known_sets import MNIST
from nn.stages.store import artifacts

REPOSITORY = Path(__file__).resolve().parents[1]
NN = Path(sys.executable).with_name("nn")


def main(arguments: list[str] | None = None) -> None:
    """Run every process and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        source = write_idx_files(asked.data, Path(folder) / "mnist")
        data, weights = Path(folder) / "data.npz", Path(folder) / "weights.npz"
        train = ("train", "--data", data, "--epochs", str(asked.epochs), "-o", weights)
        make = ("make", "-B", "run", f"A={folder}/made", f"FROM={source}", f"EPOCHS={asked.epochs}")
        installed = ("-o", NN, f"VENV={NN.parents[1]}", f"NN={NN}")
        processes = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "nn --version": (NN, "--version"),
            "nn --help": (NN, "--help"),
            "nn fetch --from FOLDER": (NN, "fetch", "--from", source, "-o", data),
            f"nn train --epochs {asked.epochs}": (NN, *train),
            "nn eval": (NN, "eval", "--data", data, "--weights", weights, "-o", Path(folder) / "eval.json"),
            "make run": (*make, *installed),
        }
        rows = []
        for name, command in processes.items():
            found = [run(command) for _ in range(asked.rounds)]
            wall, cpu, peak = (statistics.median(figures) for figures in zip(*found, strict=True))
            rows.append([name, f"{wall:.3f}", f"{cpu:.3f}", f"{peak:.0f}"])
        stored = data.stat().st_size / 1e6
    print(f"{machine()}; the data as stored has {stored:.0f} MB; medians of {asked.rounds}")
    print_table(["", "wall, s", "CPU, s", "peak, MB"], rows)


def run(command: tuple[str | Path, ...]) -> list[float]:
    """Run a process; give its wall and CPU seconds and its peak memory in MB, its children's included."""
    launch = [sys.executable, "-S", Path(__file__).with_name("launch.py")]
    done = subprocess.run([*launch, *command], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed: {done.stderr}")
    return [float(figure) for figure in done.stdout.split()]


def write_idx_files(data: Path, folder: Path) -> Path:
    """Write the four files that a data artifact came from, gzipped; give the folder."""
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
