"""The baseline `random`: a guess, and how many it gets right."""

from dataclasses import dataclass
from pathlib import Path

from nn.models.baselines.random_guess import RandomGuess
from nn.stages.classifiers.accuracy import AccuracyReport, measure_accuracy
from nn.stages.store import artifacts, files
from nn.stages.store.errors import UsageError


@dataclass(frozen=True)
class GuessReport:
    """What was written, and how it does."""

    out: Path
    seed: int
    verdict: AccuracyReport


def guess(data: Path, out: Path, *, seed: int = 0) -> GuessReport:
    """Write a guess to ``out``, and let it guess the test images of a data artifact."""
    if seed < 0:
        raise UsageError(f"--seed {seed}: expected 0 or more")
    files.check_output(out, data)
    source = artifacts.load(data, "dataset")
    meta = artifacts.describe(
        "random", parameters={"seed": seed}, inputs={"data": source}, dataset=source.meta["dataset"]
    )
    artifacts.save(out, meta, {})
    return GuessReport(out, seed, measure_accuracy(RandomGuess(source.meta["dataset"]["classes"], seed), source))
