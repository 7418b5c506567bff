"""Grid search for C and gamma by validation accuracy.

A grid is first tried on 10,000 training images, which is fast. The best few are then trained on all images, and the
best of these is chosen. The test images are not used.
"""

from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import astuple, dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np

from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.models.baselines.rbf_kernel import gamma_scale
from nndigits.models.baselines.svm import Digits, screening_axes
from nndigits.stages.classifiers import svm_memory
from nndigits.stages.classifiers.svm_memory import Limits
from nndigits.stages.classifiers.svm_pairs import PairJob, ScoreJob
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.data_artifact import require_images
from nndigits.stages.store import artifacts, files, result_files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.workers.job_loop import Engine, check, run, start_threads
from nndigits.stages.workers.jobs import Result, nothing

CS = (1.0, 2.0, 5.0, 10.0)
SCALES = (0.75, 1.0, 1.5, 2.0, 2.5, 3.0)
"""Gammas to try, as multiples of scikit-learn's "scale", which adapts to the images."""

COARSE = 10_000
FINALISTS = 4

HEADER = ("train", "c", "gamma", "validation_correct", "validation_total", "support_vectors")


Choice = tuple[int, float, float]
"""The number of training images, C, and gamma."""


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
    address: str | None = None,
    on_tried: Callable[[Trial, int, int], None] = lambda trial, done, total: None,
    on_wait: Callable[[], None] = nothing,
) -> SearchReport:
    """Search on a data artifact; write the trials to ``out``, a CSV, after each trial.

    Trials of an interrupted search are not repeated. ``on_tried`` is called after each trial with the trial, the number
    done, and their total. ``address`` is a Dask scheduler, whose workers train; by default, threads of this process.
    """
    artifacts.check_output(out, "search", data)
    with files.locked(out):
        source = data_artifact.load(data)
        require_images(source, "validation")
        arrays = source.arrays
        size = SvmParameters(train_size=train_size).training_size(len(arrays["train_labels"]))
        limits = limits or Limits()
        images, labels = arrays["train_images"][:size], arrays["train_labels"][:size]
        plan = svm_memory.plan(limits.on(address), images, labels, data.stat().st_size)
        scale = gamma_scale(images)
        grid = [(c, float(f"{scale * factor:.2g}")) for c in CS for factor in SCALES]
        total = len(grid) + (FINALISTS if size > COARSE else 0)
        meta = artifacts.describe(
            "search", parameters={"train_size": train_size}, inputs={"data": source}, dataset=source.meta["dataset"]
        )
        known = _load_trials(out, meta, len(arrays["validation_labels"]))
        order: list[Choice] = []
        tried: dict[Choice, Trial] = {}

        def add(choice: Choice, trial: Trial) -> None:
            tried[choice] = trial
            artifacts.save_csv(out, meta, HEADER, [astuple(tried[one]) for one in order if one in tried])
            on_tried(trial, len(tried), total)

        def try_all(choices: list[Choice]) -> list[Trial]:
            """Return the trials of choices, the best first."""
            order.extend(choices)
            for choice in choices:
                if choice in known:
                    add(choice, known[choice])
            missing = [choice for choice in choices if choice not in known]
            if missing:
                _try(engine(), source, missing, plan.pair_bytes, add, on_wait)
            return sorted((tried[one] for one in choices), key=lambda one: (-one.correct, one.c, one.gamma))

        with svm_memory.reporting_memory(limits), ExitStack() as opened:

            @cache
            def engine() -> Engine:
                """Return the workers of both rounds, which start when something is missing."""
                return opened.enter_context(closing(start_threads(source, plan.threads, address, on_wait)))

            best = try_all([(min(size, COARSE), c, gamma) for c, gamma in grid])
            if size > COARSE:
                best = try_all([(size, one.c, one.gamma) for one in best[:FINALISTS]])
        chosen = SvmParameters(best[0].c, best[0].gamma, train_size, True, "search")
        return SearchReport(out, tuple(tried[one] for one in order), best[0], chosen)


def _try(
    engine: Engine,
    data: Artifact,
    choices: list[Choice],
    memory: float,
    add: Callable[[Choice, Trial], None],
    on_wait: Callable[[], None],
) -> None:
    """Train the pairs of each choice, all of the same size, and count what its machine gets right."""
    images, labels = SvmParameters(train_size=choices[0][0]).training(data)
    axes = screening_axes(images)
    digits = list(combinations(np.unique(labels).tolist(), 2))
    choice_of = {SvmParameters(c, gamma, size): (size, c, gamma) for size, c, gamma in choices}
    pairs: dict[SvmParameters, dict[Digits, BinarySVM]] = {one: {} for one in choice_of}
    jobs: deque[PairJob | ScoreJob] = deque(
        PairJob(pair, one, choice[2], axes, memory) for one, choice in choice_of.items() for pair in digits
    )
    if not digits:  # one class alone
        jobs.extend(ScoreJob(one, choice[2], {}) for one, choice in choice_of.items())

    def on_result(job: PairJob | ScoreJob, result: Result) -> None:
        if isinstance(job, ScoreJob):
            correct, support_vectors = result.value
            trial = Trial(*choice_of[job.parameters], correct, len(data.arrays["validation_labels"]), support_vectors)
            add(choice_of[job.parameters], trial)
        else:
            finished = pairs[job.parameters]
            finished[job.digits] = result.value
            if len(finished) == len(digits):
                jobs.appendleft(ScoreJob(job.parameters, job.gamma, finished))

    failed = run(engine, jobs, on_result=on_result, on_wait=on_wait)
    check(failed, "The finished trials are kept")


def _load_trials(out: Path, meta: artifacts.Meta, validation: int) -> dict[Choice, Trial]:
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
