"""Resume a checkpoint with other parameters, which is refused, and let training diverge, which leaves no weights."""

import tempfile
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError
from nndigits.stages.train import train
from torture.fuzzing import uses
from torture.harness.child import run
from torture.harness.folders import contents, digits
from torture.harness.nn_command import nn_forked
from torture.harness.results import Result, Size, of

SECTION = "C"

BASE = Parameters(hidden=(6,), epochs=2, optimizer="momentum", momentum=0.5, patience=5)
OTHER: dict[str, Any] = {
    "hidden": (7,), "epochs": 3, "batch": 11, "eta": 2.0, "seed": 1, "dtype": "float64", "keep": "last", "threads": 2,
    "layers": "dense 6 sigmoid, dense 10 sigmoid", "activation": "tanh", "cost": "cross-entropy", "init": "he",
    "optimizer": "nesterov", "momentum": 0.6, "schedule": "cosine", "warm_up": 0.1, "patience": 6, "average": 0.9,
    "l2": 0.1, "l1": 0.1, "max_norm": 3.0, "distort": "rotate 5", "rejects": 0.5, "drawn": 0.5,
}  # fmt: skip
"""Another value for each parameter."""

NEEDED = {"layers": {"hidden": ()}, "drawn": {"rejects": 0.5}}
"""What goes with it."""


def results(size: Size) -> Iterator[Result]:
    """Resume with each parameter changed, then diverge with each optimizer."""
    with tempfile.TemporaryDirectory() as place:
        folder = digits(Path(place))
        train(folder / "data.npz", folder / "weights.npz", BASE)
        names = [field.name for field in fields(Parameters)]
        refused = sum(_is_refused(folder, name) for name in names)
        what = "resumed with one parameter changed: exit 3 that names it"
        yield Result(SECTION, what, of(refused, len(names)), "all", met=refused == len(names))
        good = sum(_diverges(folder, optimizer) for optimizer in OPTIMIZERS)
        what = "divergence with each optimizer: exit 5, no weights, a finite checkpoint"
        yield Result(SECTION, what, of(good, len(OPTIMIZERS)), "all", met=good == len(OPTIMIZERS))
    yield damaged(size)


UNFINISHED = {
    "checkpoint.npz": uses.MADE_BY[0][:-1],
    "part-pairs.npz": ("baseline", "svm", "--data", "data.npz", "-o", "part.npz"),
    "tuned-search.csv": ("baseline", "svm", "--data", "data.npz", "-o", "tuned.npz", "--search"),
}
"""Files of unfinished work, and the commands that continue it unless they are told otherwise."""


def damaged(size: Size) -> Result:
    """Flip a bit of unfinished work, or cut it: the command that would continue it says so and leaves it as it is."""
    places, kept, total = 200 if size == "long" else 8, 0, 0
    with tempfile.TemporaryDirectory() as name, uses.sandbox(Path(name)) as files:
        for file, words in UNFINISHED.items():
            content = files[file]
            for at in range(0, len(content), len(content) // places + 1):
                for wrong in (content[: at + 1], content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]):
                    (Path(name) / file).write_bytes(wrong)
                    done = nn_forked(*words, folder=Path(name))
                    is_said = done.code in (2, 3) and done.is_one_line("nn: ") and file in done.err
                    kept, total = kept + (is_said and (Path(name) / file).read_bytes() == wrong), total + 1
    what = "unfinished work that is damaged: exit 3 (or 2, if not nn's), kept"
    return Result(SECTION, what, of(kept, total), "all", kept == total)


def _is_refused(folder: Path, name: str) -> bool:
    other = {name: OTHER[name], **NEEDED.get(name, {})}
    before = contents(folder)
    try:
        train(folder / "data.npz", folder / "weights.npz", replace(BASE, **other), resume=True)
    except InputError as error:
        return any(f"was made with {named} " in str(error) for named in other) and contents(folder) == before
    return False


def _diverges(folder: Path, optimizer: str) -> bool:
    out = folder / optimizer / "weights.npz"
    flags = [
        "--optimizer",
        optimizer,
        "--eta",
        "1e300",
        "--hidden",
        "20,20",
        "--activation",
        "relu",
        "--dtype",
        "float64",
    ]
    outcome = run(["train", "--data", folder / "data.npz", *flags, "-o", out], folder)
    checkpoint = out.parent / "checkpoint.npz"
    finite = not checkpoint.exists() or all(
        np.isfinite(array).all() for array in artifacts.load(checkpoint, "checkpoint").arrays.values()
    )
    return outcome.code == 5 and finite and not out.exists() and "Traceback" not in outcome.err
