"""The baseline `random`: random guesses."""

from dataclasses import dataclass
from pathlib import Path

from nndigits.models.baselines.random_guess import RandomGuess
from nndigits.stages.classifiers.accuracy import AccuracyReport, measure_accuracy, require_images
from nndigits.stages.datasets import data_artifact
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.patterns import MOST_SEED


@dataclass(frozen=True)
class GuessReport:
    """The file that was written, and its accuracy."""

    out: Path
    seed: int
    verdict: AccuracyReport


def guess(data: Path, out: Path, *, seed: int = 0) -> GuessReport:
    """Write a random classifier to ``out``, and measure its accuracy on the test images."""
    if not 0 <= seed <= MOST_SEED:
        raise UsageError("expected 0 to 2^128 - 1", "seed", seed)
    artifacts.check_output(out, "random", data, example="random.npz")
    source = data_artifact.load(data)
    require_images(source, "test")
    meta = artifacts.describe(
        "random", parameters={"seed": seed}, inputs={"data": source}, dataset=source.meta["dataset"]
    )
    artifacts.save(out, meta, {})
    return GuessReport(out, seed, measure_accuracy(RandomGuess(source.meta["dataset"]["classes"], seed), source))
