"""Resume a checkpoint with other parameters, which is refused, and let training diverge, which leaves no weights."""

import tempfile
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from nn.models.training.optimizers import OPTIMIZERS
from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts
from nn.stages.store.errors import InputError
from nn.stages.train import train
from torture.harness.child import run
from torture.harness.folders import contents, digits
from torture.harness.results import Result, Size, of

SECTION = "C"

BASE = Parameters(hidden=(6,), epochs=2, optimizer="momentum", momentum=0.5, patience=5)
OTHER: dict[str, Any] = {
    "hidden": (7,), "epochs": 3, "batch": 11, "eta": 2.0, "seed": 1, "dtype": "float64", "keep": "last", "threads": 2,
    "layers": "dense 6 sigmoid, dense 10 sigmoid", "activation": "tanh", "cost": "cross-entropy", "init": "he",
    "optimizer": "nesterov", "momentum": 0.6, "schedule": "cosine", "warm_up": 0.1, "patience": 6, "average": 0.9,
    "l2": 0.1, "l1": 0.1, "max_norm": 3.0, "distort": "rotate 5", "rejects": 0.5,
}  # fmt: skip
"""Another value for each parameter."""


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


def _is_refused(folder: Path, name: str) -> bool:
    other = {name: OTHER[name]} if name != "layers" else {name: OTHER[name], "hidden": ()}
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
