"""The baseline `random`: a guess, and how many it gets right."""

from dataclasses import dataclass
from pathlib import Path

from nn.stages import classifiers, files, store
from nn.stages.errors import UsageError
from nn.stages.verdict import Verdict, judge


@dataclass(frozen=True)
class GuessReport:
    """What was written, and how it does."""

    out: Path
    seed: int
    verdict: Verdict


def guess(data: Path, out: Path, *, seed: int = 0) -> GuessReport:
    """Write a guess to ``out``, and let it guess the test images of a data artifact."""
    if seed < 0:
        raise UsageError(f"--seed {seed}: expected 0 or more")
    files.check_output(out, data)
    source = store.load(data, "dataset")
    meta = store.describe("random", parameters={"seed": seed}, inputs={"data": source}, dataset=source.meta["dataset"])
    store.save(out, meta, {})
    made = store.load(out, "random")
    return GuessReport(out, seed, judge(classifiers.from_artifact(made, source), source))
