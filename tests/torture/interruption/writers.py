"""Write and read a file at once from several processes: no file is ever incomplete."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
from small import SMALL

from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError
from torture.harness.results import Result, Size
from torture.harness.run import Child

SECTION = "B"
SECONDS = {"gate": 2.0, "long": 10.0}
READS_A_SECOND = 200


def results(size: Size) -> Iterator[Result]:
    """Run two writers and a reader."""
    with tempfile.TemporaryDirectory() as name:
        yield from read_while_written(Path(name), SECONDS[size])


def save_for_ever(path: Path, number: int) -> None:
    """Save until a file named stop exists."""
    while not path.with_name("stop").exists():
        number += 1
        save(path, number)


def save(path: Path, number: int) -> None:
    """Save some hundred kilobytes of weights that all have one value."""
    meta, arrays = SMALL["weights"]()
    about = {**meta["about"], "image": [200, 100], "epoch": number % 1000}
    wide = {**arrays, "weights_1": np.full((3, 20_000), number % 1000, np.float32)}
    artifacts.save(path, {**meta, "about": about}, wide)


def is_whole(path: Path) -> bool:
    """Return whether a file is one of the saved versions, and complete."""
    with suppress(InputError):
        read = artifacts.load(path, "weights")
        return bool((read.arrays["weights_1"] == read.about["epoch"]).all())
    return False


def read_while_written(folder: Path, seconds: float) -> Iterator[Result]:
    """Run two writers and a reader of one file."""
    reads = round(READS_A_SECOND * seconds)
    path = folder / "w.npz"
    save(path, 0)
    good = bad = 0
    writers = [Child([], folder, main=partial(save_for_ever, path, start)) for start in (0, 500)]
    end = time.monotonic() + seconds
    while not bad and (time.monotonic() < end or good < reads):
        if is_whole(path):
            good += 1
        else:
            bad += 1
    (folder / "stop").touch()
    codes = [writer.wait().code for writer in writers]
    met = not bad and codes == [0, 0]
    what = f"two writers and a reader, {seconds:g} s or more"
    yield Result(SECTION, what, f"{bad} bad of {good + bad:,} reads", f"0 of {reads:,} or more", met)
