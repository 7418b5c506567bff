"""The parameter `drawn`: letters, signs and scribbles that a network learns as no digits."""

from dataclasses import replace
from pathlib import Path

import pytest

from nndigits.stages.fetch import fetch
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.recipe import recipe_of
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training import negatives
from nndigits.stages.training.train import train

SHORT = Parameters(hidden=(6,), epochs=2)


@pytest.mark.slow
def test_drawings_are_learned_with_rejects_and_stored(digits: Path, tmp_path: Path) -> None:
    some = replace(SHORT, rejects=0.01, drawn=0.05)

    def stop(report) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(digits, tmp_path / "a.npz", some, on_epoch=stop)
    with pytest.raises(InputError, match=r"was made with drawn 0\.05, this run has 0"):
        train(digits, tmp_path / "a.npz", replace(some, drawn=0.0), resume=True)
    train(digits, tmp_path / "a.npz", some, resume=True)
    train(digits, tmp_path / "b.npz", some)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert artifacts.load(tmp_path / "a.npz").meta["parameters"]["drawn"] == 0.05
    assert "drawn = 0.05" in recipe_of(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"drawn": 0.5}, "drawn 0.5: needs rejects"),
        ({"drawn": 5, "rejects": 1}, "drawn 5: expected 0 for none, or at most 4"),
        ({"drawn": float("nan"), "rejects": 1}, "drawn nan: expected"),
    ],
)
def test_drawings_that_cannot_be_are_refused(change, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        replace(SHORT, **change)


def test_nothing_is_drawn_for_classes_that_are_no_digits(idx_folder: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "data.npz", source=idx_folder)
    data = artifacts.load(tmp_path / "data.npz")
    clothes = replace(data, meta={**data.meta, "dataset": {**data.meta["dataset"], "classes": 12}})
    with pytest.raises(
        UsageError, match=r"the drawings are of digits, and the data has the classes 0, 1, 2, .*; give 0"
    ):
        negatives.with_negatives(clothes, replace(SHORT, rejects=0.1, drawn=0.5), None)
