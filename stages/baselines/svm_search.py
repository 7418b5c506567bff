"""Which C and gamma? Try some, and take those with which most validation images are read right.

First a grid on the first 10,000 training images, which is quick and tells the good corner from the rest; then the
best few on all of them, which decides. The test images have no say in it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from nn.models.baselines import one_against_one
from nn.models.baselines.rbf_kernel import gamma_scale
from nn.models.network.metrics import count_correct
from nn.stages.baselines import svm_memory
from nn.stages.baselines.svm_memory import Limits
from nn.stages.baselines.svm_parameters import SvmParameters
from nn.stages.store import artifacts, files, result_files
from nn.stages.store.artifacts import Artifact
from nn.stages.store.errors import InputError

CS = (1.0, 2.0, 5.0, 10.0)
SCALES = (0.75, 1.0, 1.5, 2.0, 2.5, 3.0)
"""Gammas to try, as multiples of scikit-learn's "scale", which suits itself to the images."""

COARSE = 10_000
FINALISTS = 4

HEADER = ("train", "c", "gamma", "validation_correct", "validation_total", "support_vectors")


@dataclass(frozen=True)
class Tried:
    """One choice of C and gamma, learned from so many training images, and how it read the validation images."""

    train: int
    c: float
    gamma: float
    correct: int
    total: int
    support_vectors: int


@dataclass(frozen=True)
class SearchReport:
    """All that was tried, in that order, and what was chosen: ``parameters`` are for the stage ``svm``."""

    out: Path
    tried: tuple[Tried, ...]
    best: Tried
    parameters: SvmParameters


def search(
    data: Path,
    out: Path,
    *,
    train_size: int | None = None,
    limits: Limits | None = None,
    on_tried: Callable[[Tried, int, int], None] = lambda tried, done, total: None,
    on_wait: Callable[[], None] = lambda: None,
) -> SearchReport:
    """Search on a data artifact; write what was tried to ``out``, a CSV, after each try.

    What an earlier search that was interrupted has tried is not tried again. ``on_tried`` is called after each try
    with how many are done, and how many there will be.
    """
    files.check_output(out, data)
    source = artifacts.load(data, "dataset")
    if not len(source.arrays["validation_labels"]):
        raise InputError(f"{data}: has no validation images to choose by. Fetch again with --validation")
    size = SvmParameters(train_size=train_size).images_of(len(source.arrays["train_labels"]))
    limits = limits or Limits()
    plan = svm_memory.plan(
        limits,
        source.arrays["train_images"][:size],
        source.arrays["train_labels"][:size],
        data.stat().st_size,
    )
    scale = gamma_scale(source.arrays["train_images"][:size])
    grid = [(c, float(f"{scale * factor:.2g}")) for c in CS for factor in SCALES]
    total = len(grid) + (FINALISTS if size > COARSE else 0)
    meta = artifacts.describe(
        "search", parameters={"train_size": train_size}, inputs={"data": source}, dataset=source.meta["dataset"]
    )
    known = _known(out, meta)
    tried: list[Tried] = []

    def attempt(choices: list[tuple[float, float]], images: int) -> list[Tried]:
        begun = len(tried)
        for c, gamma in choices:
            with svm_memory.within(limits, c, gamma):
                tried.append(known.get((images, c, gamma)) or _try(source, images, c, gamma, plan, on_wait))
            artifacts.save_csv(out, meta, HEADER, [astuple(one) for one in tried])
            on_tried(tried[-1], len(tried), total)
        return sorted(tried[begun:], key=lambda one: (-one.correct, one.c, one.gamma))

    best = attempt(grid, min(size, COARSE))
    if size > COARSE:
        best = attempt([(one.c, one.gamma) for one in best[:FINALISTS]], size)
    chosen = SvmParameters(best[0].c, best[0].gamma, train_size, True, "search")
    return SearchReport(out, tuple(tried), best[0], chosen)


def _known(out: Path, meta: artifacts.Meta) -> dict[tuple[int, float, float], Tried]:
    """What an earlier search of the same kind has tried, by training images, C and gamma."""
    found = {}
    for row in result_files.read_rows(out, meta, HEADER):
        with suppress(ValueError):
            train, c, gamma, correct, total, vectors = row
            tried = Tried(int(train), float(c), float(gamma), int(correct), int(total), int(vectors))
            found[tried.train, tried.c, tried.gamma] = tried
    return found


def _try(
    data: Artifact, size: int, c: float, gamma: float, plan: svm_memory.Plan, on_wait: Callable[[], None]
) -> Tried:
    images, labels = data.arrays["train_images"][:size], data.arrays["train_labels"][:size]
    with threadpool_limits(1, "blas"):
        learning = one_against_one.fit_pairs(
            images,
            labels,
            combinations(np.unique(labels).tolist(), 2),
            c=c,
            gamma=gamma,
            threads=plan.threads,
            memory=plan.pair_bytes,
            on_wait=on_wait,
        )
        pairs = dict(learning)
        classes = data.meta["dataset"]["classes"]
        machine, _ = one_against_one.assemble(pairs, images, labels, classes, c=c, gamma=gamma)
        outputs = replace(machine, threads=plan.threads).outputs(data.arrays["validation_images"])
    answers = data.arrays["validation_labels"]
    return Tried(size, c, gamma, count_correct(outputs, answers), len(answers), len(machine.support))
