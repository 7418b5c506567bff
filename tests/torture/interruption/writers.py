"""Kill writers at random moments, and run several at once with a reader: no file is ever incomplete."""

import random
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
from small import SMALL

from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError
from torture.harness.results import Result, Size, all_of
from torture.harness.run import nn

SECTION = "B"
KILLS = {"gate": 50, "long": 1_000}
SECONDS = {"gate": 2.0, "long": 10.0}
READS_A_SECOND = 200
LONGEST = 0.08
"""The latest moment to kill a writer, in seconds; several saves fit into it."""


def results(size: Size) -> Iterator[Result]:
    """Random kills, then two writers and a reader."""
    with tempfile.TemporaryDirectory() as name:
        yield from killed(Path(name), KILLS[size])
    with tempfile.TemporaryDirectory() as name:
        yield from read_while_written(Path(name), SECONDS[size])


def killed(folder: Path, kills: int) -> Iterator[Result]:
    """Kill a process that saves one version after the other; one complete version is always there."""
    path = folder / "w.npz"
    save(path, 0)
    rng, whole = random.Random(0), 0
    for number in range(kills):
        arguments = (str(path), str(number))
        nn(
            *arguments,
            folder=folder,
            call="torture.interruption.writers:save_for_ever",
            kill_after=rng.uniform(0, LONGEST),
        )
        whole += is_whole(path)
    save(path, 0)
    files = sorted(path.name for path in folder.iterdir())
    what = "a writer killed at random moments: the file is complete"
    yield all_of(SECTION, what, whole, kills)
    what = "temporary files of killed writers after one more save"
    yield Result(SECTION, what, f"{len(files) - 1} left", "none", files == ["w.npz"])


def save_for_ever(path: str, start: str) -> None:
    """Save until a file named stop exists."""
    number = int(start)
    while not Path(path).with_name("stop").exists():
        number += 1
        save(Path(path), number)


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
    with ThreadPoolExecutor(2) as pool:
        writers = [
            pool.submit(nn, path, str(start), folder=folder, call="torture.interruption.writers:save_for_ever")
            for start in (0, 500)
        ]
        end = time.monotonic() + seconds
        while not bad and (time.monotonic() < end or good < reads):
            if is_whole(path):
                good += 1
            else:
                bad += 1
        (folder / "stop").touch()
        codes = [writer.result().code for writer in writers]
    met = not bad and codes == [0, 0]
    what = f"two writers and a reader, {seconds:g} s or more"
    yield Result(SECTION, what, f"{bad} bad of {good + bad:,} reads", f"0 of {reads:,} or more", met)
