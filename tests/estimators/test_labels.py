"""Labels of an estimator that is saved and loaded: they keep their type, or are refused."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from nndigits.sklearn import NetworkClassifier
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError

NUMBERS = np.arange(10)
KEPT = {
    "digits": NUMBERS,
    "whole numbers with gaps": 3 * NUMBERS - 9,
    "bytes": NUMBERS.astype(np.uint8),
    "beyond 2^63": NUMBERS.astype(np.uint64) + 2**63,
    "half precision": NUMBERS.astype(np.float16),
    "real numbers": NUMBERS.astype(float),
    "booleans": NUMBERS > 4,
    "digits as text": NUMBERS.astype(str),
    "numbers as text": np.array([f"{label:03}" for label in NUMBERS]),
    "objects": np.array([f"class {label}" for label in NUMBERS], object),
}
SHOWN_BY_THEIR_NAMES = ("digits", "numbers as text", "objects")


@pytest.fixture(scope="module")
def samples() -> tuple[np.ndarray, np.ndarray]:
    x, y = load_digits(return_X_y=True)
    return (x * 15).astype(np.uint8)[:200], y[:200]


@pytest.mark.parametrize("name", KEPT)
def test_labels_keep_their_type(name: str, tmp_path: Path, samples: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = samples[0], KEPT[name][samples[1]]
    network = NetworkClassifier(epochs=1).fit(x, y)
    network.save(tmp_path / "mine.npz")
    again = NetworkClassifier.load(tmp_path / "mine.npz")
    assert again.classes_.dtype == network.classes_.dtype
    assert again.classes_.tolist() == network.classes_.tolist()
    assert again.score(x, y) == network.score(x, y)
    assert again.partial_fit(x, y).predict(x).dtype == network.predict(x).dtype
    assert ("labels" in artifacts.load(tmp_path / "mine.npz").about) == (name not in SHOWN_BY_THEIR_NAMES)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (NUMBERS.astype("datetime64[D]"), "labels of type datetime64[D] cannot be saved: expected text"),
        (np.array([f"line\n{label}" for label in NUMBERS]), "cannot be saved: an entry of dataset.names has the char"),
        (np.array([f"{'x' * 40}{label}" for label in NUMBERS]), "has 41 characters, at most 40 are read"),
        (np.array(["", *"123456789"]), "without a name"),
    ],
)
def test_labels_that_no_artifact_holds_are_refused(
    labels: np.ndarray, words: str, tmp_path: Path, samples: tuple[np.ndarray, np.ndarray]
) -> None:
    network = NetworkClassifier(epochs=1).fit(samples[0], labels[samples[1]])
    with pytest.raises(ValueError, match=re.escape(words)) as error:
        network.save(tmp_path / "mine.npz")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "mine.npz").exists()


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("int8", ["many", *"123456789"]),
        ("int8", ["1000", *"123456789"]),
        ("int8", ["01", *"023456789"]),
        ("bool", ["no", *"123456789"]),
        ("float64", list("0123456789")),
        ("datetime64[D]", list("0123456789")),
    ],
)
def test_a_forged_type_of_labels_is_refused(
    kind: str, names: Sequence[str], tmp_path: Path, samples: tuple[np.ndarray, np.ndarray]
) -> None:
    NetworkClassifier(epochs=1).fit(*samples).save(tmp_path / "mine.npz")
    made = artifacts.load(tmp_path / "mine.npz")
    meta = {**made.meta, "about": {**made.about, "labels": kind}, "dataset": {**made.meta["dataset"], "names": names}}
    artifacts.save(tmp_path / "forged.npz", meta, made.arrays)
    with pytest.raises(InputError, match=r"forged\.npz: has labels of type"):
        NetworkClassifier.load(tmp_path / "forged.npz")
