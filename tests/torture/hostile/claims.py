"""A data artifact with the hashes of MNIST in its metadata and other images: no command takes it for MNIST."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from small import small_dataset

from nndigits.stages.datasets.registry import MNIST
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.train import train
from torture.harness.folders import files_in
from torture.harness.nn_command import nn_forked
from torture.harness.parallel import map_in_threads
from torture.harness.results import Result, Size, of

SECTION = "A"

CLAIM = {"name": "mnist", "verified": True, "classes": 10, "source": MNIST.sha256}
DATA = ("--data", "forged.npz")
COMMANDS = (
    ("show", "forged.npz"),
    ("show", "forged.npz", "--index", "0"),
    ("train", *DATA, "-o", "new.npz"),
    ("train", *DATA, "--find-eta"),
    ("eval", "weights.npz", *DATA, "-o", "e.json"),
    ("predict", "--weights", "weights.npz", *DATA, "--index", "0"),
    ("compare", ".", *DATA, "-o", "c.json"),
    ("baseline", "random", *DATA, "-o", "r.npz"),
    ("baseline", "darkness", *DATA, "-o", "d.npz"),
    ("baseline", "svm", *DATA, "-o", "s.npz"),
    ("baseline", "svm", "--search", *DATA, "-o", "s.npz"),
    ("demo", "bits", *DATA),
    ("report", ".", *DATA, "-o", "r.html"),
    ("draw", "--weights", "weights.npz", *DATA, "-o", "p.html"),
    ("chapter", *DATA, "-o", "c.html"),
)


def results(_: Size) -> Iterator[Result]:
    """One result over all commands that read a data set."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        before = files_in(folder)
        ends = map_in_threads(lambda command: nn_forked(*command, folder=folder), COMMANDS)
        line = ("nn: forged.npz: says that it holds MNIST, ", "`nn ")
        refused = [end.code == 3 and end.is_one_line(*line) for end in ends]
        for command, end, good in zip(COMMANDS, ends, refused, strict=True):
            if not good:
                print(f"     {command}: {end.code} {end.err[:100]}")
        what = "commands that refuse other images with the hashes of MNIST, and write nothing"
        met = all(refused) and files_in(folder) == before
        yield Result(SECTION, what, of(sum(refused), len(refused)), "all", met)


def write_files(folder: Path) -> None:
    """Write a forged data set, and weights for images of its size."""
    meta, arrays = small_dataset()
    artifacts.save(folder / "honest.npz", meta, arrays)
    train(folder / "honest.npz", folder / "weights.npz", Parameters(hidden=(3,), epochs=1, batch=2, threads=1))
    artifacts.save(folder / "forged.npz", {**meta, "dataset": CLAIM}, arrays)
