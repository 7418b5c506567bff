"""Estimators: wrong parameters given in two ways, and labels of every type saved and loaded."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.sklearn import NetworkClassifier
from nndigits.sklearn.parameters import NAMES
from torture.harness.results import Result, Size, of

SECTION = "A"

X, Y = np.arange(120, dtype=np.uint8).reshape(20, 6), np.arange(20) % 3
NUMBERS = np.arange(3)

ABSURD: tuple[Any, ...] = (
    None, True, -1, 0, 2.5, 10**400, 10**5000, float("nan"), float("inf"), "", "x", "\x1b[31m\n", "3" * 20_000, b"x",
    [], [None], (1, -1), {}, {1}, object(), np.float64("nan"), np.int8(-1), np.zeros((3, 3)), NUMBERS, lambda: 3, int,
)  # fmt: skip

LABELS = {
    "int8": NUMBERS.astype(np.int8),
    "uint64": NUMBERS.astype(np.uint64) + 2**63,
    "numbers with gaps": 7 * NUMBERS - 9,
    "bool": NUMBERS > 1,
    "float16": NUMBERS.astype(np.float16),
    "float32": NUMBERS.astype(np.float32),
    "float64": NUMBERS.astype(float),
    "longdouble": NUMBERS.astype(np.longdouble),
    "digits": NUMBERS,
    "digits as text": NUMBERS.astype(str),
    "padded numbers": np.array(["00", "01", "1"]),
    "text": np.array(["a", "b", "\xe9\U0001f600"]),
    "objects": np.array(["a", "b", "c"], object),
    "dates": NUMBERS.astype("datetime64[D]"),
    "spans of time": NUMBERS.astype("timedelta64[s]"),
    "empty": np.array(["", "a", "b"]),
    "blank": np.array([" ", "a", "b"]),
    "line breaks": np.array(["a\nb", "c", "d"]),
    "escape codes": np.array(["\x1b[2J", "a", "b"]),
    "reversed": np.array(["\u202ea", "b", "c"]),
    "not UTF-8": np.array(["\udcff", "a", "b"]),
    "long": np.array(["a" * 41, "b", "c"]),
}


def results(size: Size) -> Iterator[Result]:
    """Give every parameter every absurd value, and save and load labels of every type."""
    yield _parameters()
    with tempfile.TemporaryDirectory() as folder:
        yield _labels(Path(folder) / "estimator.npz")


def _parameters() -> Result:
    """A wrong value is one line, the same from ``fit`` as with a recipe; or else it is wrong for neither."""
    same = 0
    cases = [(name, value) for name in NAMES for value in ABSURD]
    for name, value in cases:
        said = [_outcome(by, **{"epochs": 1, name: value}) for by in (_by_fit, _by_recipe)]
        kind, text = said[0]
        is_line = kind == "ValueError" and text.isprintable() and (text.startswith(name) or "layers" in text)
        is_right = said[0] == said[1] and (is_line or not kind)
        same += is_right
        if not is_right:
            print(f"     {name}, {type(value).__name__}: {said}"[:300])
    what = "absurd parameters of an estimator: one line, the same with a recipe"
    return Result(SECTION, what, of(same, len(cases)), "all", met=same == len(cases))


def _by_fit(**given: Any) -> None:
    NetworkClassifier(**given).fit(X, Y)


def _by_recipe(**given: Any) -> None:
    NetworkClassifier.from_recipe("book-30", **given).fit(X, Y)


def _outcome(call: Callable[..., None], *arguments: Any, **given: Any) -> tuple[str, str]:
    """Return the name of the exception's class and its text; both are empty without one."""
    try:
        call(*arguments, **given)
    except Exception as error:
        return type(error).__name__, str(error)
    return "", ""


def _labels(path: Path) -> Result:
    """Labels come back as they were, with their type, or ``save`` refuses them in one line and writes nothing."""
    good = kept = 0
    for name, labels in LABELS.items():
        path.unlink(missing_ok=True)
        network = NetworkClassifier(epochs=1).fit(X, labels[Y])
        refused, text = _outcome(network.save, path)
        if refused:
            is_right = refused == "ValueError" and "cannot be saved" in text and not path.exists()
        else:
            found, kept = NetworkClassifier.load(path).classes_, kept + 1
            is_right = found.dtype == network.classes_.dtype and found.tolist() == network.classes_.tolist()
        good += is_right
        if not is_right:
            print(f"     labels, {name}: {refused or 'changed'} {text}"[:200])
    what = "labels of an estimator: saved and loaded with their type, or refused"
    found = f"{of(good, len(LABELS))}, {kept} kept"
    return Result(SECTION, what, found, "all", met=good == len(LABELS))
