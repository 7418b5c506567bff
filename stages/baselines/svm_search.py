"""Grid search for C and gamma by validation accuracy.

A grid is first tried on 10,000 training images, which is fast. The best few are then trained on all images, and the
best of these is chosen. The test images are not used.
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
from nn.stages.classifiers.accuracy import require_images
from nn.stages.datasets import data_artifact
from nn.stages.store import artifacts, files, result_files
from nn.stages.store.artifacts import Artifact

CS = (1.0, 2.0, 5.0, 10.0)
SCALES = (0.75, 1.0, 1.5, 2.0, 2.5, 3.0)
"""Gammas to try, as multiples of scikit-learn's "scale", which adapts to the images."""

COARSE = 10_000
FINALISTS = 4

HEADER = ("train", "c", "gamma", "validation_correct", "validation_total", "support_vectors")


@dataclass(frozen=True)
class Trial:
    """One choice of C and gamma, trained on ``train`` images, and its validation accuracy."""

    train: int
    c: float
    gamma: float
    correct: int
    total: int
    support_vectors: int


@dataclass(frozen=True)
class SearchReport:
    """All trials in order, the best one, and its ``parameters`` for the stage ``svm``."""

    out: Path
    tried: tuple[Trial, ...]
    best: Trial
    parameters: SvmParameters


def search(
    data: Path,
    out: Path,
    *,
    train_size: int | None = None,
    limits: Limits | None = None,
    on_tried: Callable[[Trial, int, int], None] = lambda trial, done, total: None,
    on_wait: Callable[[], None] = lambda: None,
) -> SearchReport:
    """Search on a data artifact; write the trials to ``out``, a CSV, after each trial.

    Trials of an interrupted search are not repeated. ``on_tried`` is called after each trial with the trial, the number
    done, and their total.
    """
    files.check_output(out, data)
    with files.locked(out):
        source = data_artifact.load(data)
        require_images(source, "validation")
        size = SvmParameters(train_size=train_size).training_size(len(source.arrays["train_labels"]))
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
        known = _load_trials(out, meta, len(source.arrays["validation_labels"]))
        trials: list[Trial] = []

        def run_trials(choices: list[tuple[float, float]], images: int) -> list[Trial]:
            first = len(trials)
            for c, gamma in choices:
                with svm_memory.reporting_memory(limits, c, gamma):
                    trials.append(known.get((images, c, gamma)) or _run_trial(source, images, c, gamma, plan, on_wait))
                artifacts.save_csv(out, meta, HEADER, [astuple(one) for one in trials])
                on_tried(trials[-1], len(trials), total)
            return sorted(trials[first:], key=lambda one: (-one.correct, one.c, one.gamma))

        best = run_trials(grid, min(size, COARSE))
        if size > COARSE:
            best = run_trials([(one.c, one.gamma) for one in best[:FINALISTS]], size)
        chosen = SvmParameters(best[0].c, best[0].gamma, train_size, True, "search")
        return SearchReport(out, tuple(trials), best[0], chosen)


def _load_trials(out: Path, meta: artifacts.Meta, validation: int) -> dict[tuple[int, float, float], Trial]:
    """Load the trials of an earlier search with equal metadata, by training images, C and gamma.

    ``validation`` is the number of validation images. A row that no search writes is ignored.
    """
    trials = {}
    for row in result_files.read_rows(out, meta, HEADER):
        with suppress(ValueError):
            train, c, gamma, correct, total, vectors = row
            trial = Trial(int(train), float(c), float(gamma), int(correct), int(total), int(vectors))
            if 0 <= trial.correct <= trial.total == validation and 0 <= trial.support_vectors <= trial.train:
                trials[trial.train, trial.c, trial.gamma] = trial
    return trials


def _run_trial(
    data: Artifact, size: int, c: float, gamma: float, plan: svm_memory.Plan, on_wait: Callable[[], None]
) -> Trial:
    images, labels = data.arrays["train_images"][:size], data.arrays["train_labels"][:size]
    with threadpool_limits(1, "blas"):
        training = one_against_one.fit_pairs(
            images,
            labels,
            combinations(np.unique(labels).tolist(), 2),
            c=c,
            gamma=gamma,
            threads=plan.threads,
            memory=plan.pair_bytes,
            on_wait=on_wait,
        )
        pairs = dict(training)
        classes = data.meta["dataset"]["classes"]
        machine, _ = one_against_one.assemble(pairs, images, labels, classes, c=c, gamma=gamma)
        outputs = replace(machine, threads=plan.threads).outputs(data.arrays["validation_images"])
    expected = data.arrays["validation_labels"]
    return Trial(size, c, gamma, count_correct(outputs, expected), len(expected), len(machine.support))
