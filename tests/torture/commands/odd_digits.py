"""Data sets that are sound but odd, read by every demonstration of digits: a report, or one line that says why not."""

import inspect
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from nndigits.stages.demos.shared.index import BY_NAME, load
from nndigits.stages.fetch import fetch
from nndigits.stages.store import artifacts
from torture.harness.results import Result, Size, of
from torture.harness.run import map_in_threads, nn

SECTION = "A"
Arrays = dict[str, np.ndarray]

SHORT = {
    "sgd": "--sizes 1,10 --draws 2",
    "nine": "--epochs 1",
    "bits": "--epochs 1 --seeds 1",
    "online": "--epochs 1 --updates 10 --rates 3",
    "learning-rate": "--epochs 1",
}

MOST_TRAIN = 60
GATE = len(SHORT) + 2
"""In the gate, every n-th demonstration with an odd set."""


def cut(pixels: tuple[slice, ...] = (), **limits: int) -> Callable[[Arrays], Arrays]:
    """Return a function that keeps some images of each split, and some of their pixels."""

    def change(arrays: Arrays) -> Arrays:
        kept = {}
        for name, array in arrays.items():
            part = array[: limits.get(name.partition("_")[0], MOST_TRAIN)]
            kept[name] = part[(slice(None), *pixels)] if name.endswith("images") else part
        return kept

    return change


def filled(value: int) -> Callable[[Arrays], Arrays]:
    """Return a function that gives all pixels one value."""

    def change(arrays: Arrays) -> Arrays:
        few = cut()(arrays)
        return {name: np.full_like(few[name], value) if name.endswith("images") else few[name] for name in few}

    return change


def without(digit: int) -> Callable[[Arrays], Arrays]:
    """Return a function that leaves out all images of a digit."""

    def change(arrays: Arrays) -> Arrays:
        kept = {}
        for name, array in arrays.items():
            kept[name] = array[arrays[f"{name.partition('_')[0]}_labels"] != digit][:MOST_TRAIN]
        return kept

    return change


ODD = {
    "one test image": cut(test=1),
    "blank": filled(0),
    "black": filled(255),
    "tiny": cut((slice(2), slice(3))),
    "no 6": without(6),
    "no 9": without(9),
}


def results(size: Size) -> Iterator[Result]:
    """One result over all demonstrations of digits and all odd sets."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fetch(folder / "digits.npz", dataset="digits")
        whole = artifacts.load(folder / "digits.npz", "dataset")
        for number, change in enumerate(ODD.values()):
            arrays = {key: np.ascontiguousarray(array) for key, array in change(dict(whole.arrays)).items()}
            artifacts.save(folder / f"odd-{number}.npz", whole.meta, arrays)
        demos = [name for name in BY_NAME if "data" in inspect.signature(load(name)).parameters]
        everything = [(demo, number) for demo in demos for number in range(len(ODD))]
        cases = [one for at, one in enumerate(everything) if size == "long" or at % GATE == 0]

        def holds(case: tuple[str, int]) -> bool:
            demo, number = case
            words = ("demo", demo, *SHORT.get(demo, "").split(), "--data", f"odd-{number}.npz", "--quiet")
            end = nn(*words, folder=folder)
            good = end.code == 0 or (end.code in (2, 3) and end.is_one_line("nn: "))
            if not good:
                print(f"     {demo}, {list(ODD)[number]}: {end.code} {end.err[-200:]}")
            return good

        held = map_in_threads(holds, cases)
        what = "demonstrations of odd digits: a report, or one line"
        yield Result(SECTION, what, of(sum(held), len(held)), "all", all(held))
