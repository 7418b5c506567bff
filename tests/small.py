"""One small artifact of each kind: as meta and arrays for `store.save`, or as a file of figures."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from nndigits.stages.store import artifacts
from nndigits.stages.store.result_files import HISTORY_COLUMNS

DATASET = {"name": "made-up", "verified": False, "classes": 10, "source": {}}
NETWORK = {"layers": ["dense 3 sigmoid", "dense 10 sigmoid"], "cost": "quadratic", "image": [5, 6]}

Small = tuple[artifacts.Meta, dict[str, np.ndarray]]


def small_dataset() -> Small:
    meta = artifacts.describe("dataset", parameters={"validation": 2}, dataset=DATASET)
    arrays = {}
    for part, count in (("train", 4), ("validation", 2), ("test", 3)):
        arrays[f"{part}_images"] = np.zeros((count, 5, 6), np.uint8)
        arrays[f"{part}_labels"] = np.arange(count, dtype=np.uint8)
    return meta, arrays


def network_arrays(prefix: str = "") -> dict[str, np.ndarray]:
    return {
        f"{prefix}weights_1": np.zeros((3, 30), np.float32),
        f"{prefix}biases_1": np.zeros(3, np.float32),
        f"{prefix}weights_2": np.zeros((10, 3), np.float32),
        f"{prefix}biases_2": np.zeros(10, np.float32),
    }


def small_weights() -> Small:
    calibration = {"temperature": 1.5, "images": 2, "error_before": 0.25, "error_after": 0.125}
    about = {**NETWORK, "epoch": 0, "validation_correct": 1, "validation_total": 2, "calibration": calibration}
    return artifacts.describe("weights", parameters={}, dataset=DATASET, about=about), network_arrays()


def small_checkpoint() -> Small:
    state = np.random.PCG64(0).state
    about = {**NETWORK, "random_state": state, "best_epoch": 0, "memory": ["velocity"]}
    figures = {"cost": np.array([0.5]), "validation_correct": np.array([1]), "validation_cost": np.array([0.6])}
    figures |= {"training_correct": np.array([1]), "eta": np.array([3.0])}
    arrays = {**network_arrays(), **network_arrays("best_"), **network_arrays("velocity_"), **figures}
    return artifacts.describe("checkpoint", parameters={"epochs": 1}, dataset=DATASET, about=about), arrays


def small_random() -> Small:
    return artifacts.describe("random", parameters={"seed": 0}, dataset=DATASET), {}


def small_darkness() -> Small:
    meta = artifacts.describe("darkness", parameters={}, dataset=DATASET, about={"image": [5, 6], "train": 20})
    return meta, {"means": np.linspace(1, 10, 10), "counts": np.full(10, 2)}


def small_svm() -> Small:
    about = {"image": [5, 6], "train": 20, "c": 1.0, "gamma": 0.5, "chosen": "given", "steps": 7}
    arrays = {
        "support": np.zeros((10, 5, 6), np.uint8),
        "indices": np.arange(10),
        "counts": np.ones(10, np.int64),
        "coefficients": np.ones((9, 10)),
        "intercepts": np.zeros(45),
    }
    return artifacts.describe("svm", parameters={}, dataset=DATASET, about=about), arrays


def small_svm_pairs() -> Small:
    arrays = {
        "digits": np.array([[0, 1], [0, 2]]),
        "lengths": np.array([2, 1]),
        "steps": np.array([3, 4]),
        "intercepts": np.array([0.5, -0.5]),
        "support": np.arange(3),
        "coefficients": np.ones(3),
    }
    return artifacts.describe("svm-pairs", parameters={}, dataset=DATASET), arrays


SMALL: dict[str, Callable[[], Small]] = {
    "dataset": small_dataset,
    "weights": small_weights,
    "checkpoint": small_checkpoint,
    "random": small_random,
    "darkness": small_darkness,
    "svm": small_svm,
    "svm-pairs": small_svm_pairs,
}


def _described(kind: str, **about: object) -> artifacts.Meta:
    return artifacts.describe(kind, parameters={"epochs": 2}, dataset=DATASET, about=about)


def small_history(path: Path) -> None:
    meta = _described("history", **NETWORK, epoch=1, validation_correct=2, validation_total=2)
    artifacts.save_csv(path, meta, HISTORY_COLUMNS, [(0, 0.5, 1, 2, 0.6, 1, 2, 3.0), (1, 0.25, 2, 2, 0.3, 2, 2, 3.0)])


def small_confusion(path: Path) -> None:
    artifacts.save_csv(path, _described("confusion"), ["digit", 0, 1], [(0, 186, 3), (1, 0, 7)])


def small_search(path: Path) -> None:
    header = ["train", "c", "gamma", "correct", "total", "support_vectors"]
    artifacts.save_csv(path, _described("search"), header, [(20, 1.0, 0.5, 186, 196, 7)])


def small_eval(path: Path) -> None:
    figures = {"what": "30-3-2", "correct": 193, "total": 196, "accuracy": 193 / 196, "confusion": [[186, 3], [0, 7]]}
    artifacts.save_json(path, _described("eval"), figures)


def small_compare(path: Path) -> None:
    entry = {"name": "30-3-2", "files": ["weights.npz"], "accuracy": 0.5, "book": None}
    artifacts.save_json(path, _described("compare"), {"dataset": "made-up", "verified": False, "entries": [entry]})


def small_sweep(path: Path) -> None:
    trial = {
        "finished_epochs": 2,
        "name": "eta-1",
        "values": {"eta": "1"},
        "seed": 0,
        "state": "done",
        "validation_correct": 186,
    }
    artifacts.save_json(path, _described("sweep"), {"validation_total": 196, "trials": [trial]})


SMALL_FIGURES: dict[str, Callable[[Path], None]] = {
    "history.csv": small_history,
    "confusion.csv": small_confusion,
    "search.csv": small_search,
    "eval.json": small_eval,
    "compare.json": small_compare,
    "sweep.json": small_sweep,
}
"""What writes a small file of figures, by the name of the file."""
