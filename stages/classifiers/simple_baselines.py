"""The baselines `random` and `darkness`: random guesses, and the class whose mean darkness is nearest."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from nndigits.models.baselines import average_darkness as model
from nndigits.models.baselines.average_darkness import AverageDarkness
from nndigits.models.baselines.random_guess import RandomGuess
from nndigits.stages.classifiers.baseline_accuracy import AccuracyReport, measure_accuracy
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.data_artifact import require_images
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.patterns import MOST_SEED
from nndigits.stages.store.result_files import record_time
from nndigits.stages.store.texts import Picture, picture


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


EXAMPLES = (2, 1)
"""The digits of the chapter's example, and the classes shown of other sets."""


@dataclass(frozen=True)
class Example:
    """The training image of a digit whose darkness is closest to the mean."""

    index: int
    label: int
    darkness: float
    picture: Picture = field(repr=False)


@dataclass(frozen=True)
class DarknessReport:
    """The result; ``means`` has the mean darkness of each digit, in pixels of full ink."""

    out: Path
    train: int
    pixels: int
    means: tuple[float, ...]
    verdict: AccuracyReport
    examples: tuple[Example, ...]


def darkness(data: Path, out: Path) -> DarknessReport:
    """Compute the mean darkness of each digit over the training images; write them to ``out``."""
    artifacts.check_output(out, "darkness", data, example="darkness.npz")
    source = data_artifact.load(data)
    require_images(source, "test")
    images, labels = source.arrays["train_images"], source.arrays["train_labels"]
    started = time.perf_counter()
    learned = model.fit(images, labels, source.meta["dataset"]["classes"])
    seconds = time.perf_counter() - started
    meta = artifacts.describe(
        "darkness",
        parameters={},
        inputs={"data": source},
        dataset=source.meta["dataset"],
        about={"image": list(images.shape[1:]), "train": len(images)},
    )
    sha256 = artifacts.save(out, meta, {"means": learned.means, "counts": learned.counts})
    record_time(out.parent, sha256, "train", seconds)
    return DarknessReport(
        out=out,
        train=len(images),
        pixels=images[0].size,
        means=tuple(learned.means.tolist()),
        verdict=measure_accuracy(learned, source),
        examples=tuple(
            _example(learned, source, digit) for digit in EXAMPLES if learned.counts[digit : digit + 1].any()
        ),
    )


def _example(learned: AverageDarkness, data: Artifact, digit: int) -> Example:
    """Find the training image of a digit whose darkness is closest to the mean; the first of equal ones."""
    images, labels = data.arrays["train_images"], data.arrays["train_labels"]
    indices = (labels == digit).nonzero()[0]
    values = model.darkness(images[indices])
    nearest = int(abs(values - learned.means[digit]).argmin())
    index = int(indices[nearest])
    return Example(index, digit, float(values[nearest]), picture(images[index]))
