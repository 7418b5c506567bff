"""The baseline `svm`: a support vector machine for each pair of digits, several trained in parallel."""

import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from nndigits.models.baselines.svm import assemble, screening_axes
from nndigits.stages.classifiers import svm_memory
from nndigits.stages.classifiers.baseline_accuracy import AccuracyReport, measure_accuracy
from nndigits.stages.classifiers.svm_memory import Limits
from nndigits.stages.classifiers.svm_pairs import FinishedPairs, PairJob
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.classifiers.svm_search import SearchReport
from nndigits.stages.datasets import data_artifact
from nndigits.stages.datasets.data_artifact import require_images
from nndigits.stages.datasets.known_sets import class_names
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.result_files import record_time
from nndigits.stages.system.machine import processors
from nndigits.stages.workers.job_loop import check, run, start_threads
from nndigits.stages.workers.jobs import Result, nothing


@dataclass(frozen=True)
class SvmReport:
    """The trained machine; ``resumed`` counts the pairs that an interrupted run had finished."""

    out: Path
    parameters: SvmParameters
    gamma: float
    train: int
    pairs: int
    resumed: int
    steps: int
    support_vectors: int
    threads: int
    seconds: float
    verdict: AccuracyReport
    search: SearchReport | None = None


OnPair = Callable[[tuple[str, str], int, int], None]


def svm(
    data: Path,
    out: Path,
    parameters: SvmParameters | None = None,
    *,
    limits: Limits | None = None,
    address: str | None = None,
    on_pair: OnPair = lambda names, done, total: None,
    on_wait: Callable[[], None] = nothing,
) -> SvmReport:
    """Train on a data artifact's training images; write the machine to ``out``, and measure its accuracy.

    The finished pairs are kept beside ``out`` until all are done. An interrupted run resumes with them.

    Parameters
    ----------
    address
        A Dask scheduler, whose workers train, each within the limit of memory. Default: threads of this process.
    on_pair
        Called with the names of the classes of a finished pair, the number of finished pairs, and their total.
    on_wait
        Called several times a second. An exception from it ends the training. Finished pairs are kept.

    Raises
    ------
    InputError
        The data is missing, unusable, or has only one digit.
    WorldError
        The memory allowed is too little for these images, a cluster does not answer, or another run writes the same
        files. Finished pairs are kept.
    """
    parameters, limits = parameters or SvmParameters(), limits or Limits()
    pairs_path = check_outputs(data, out)
    with files.locked(out, pairs_path):
        source = data_artifact.load(data)
        require_images(source, "test")
        images, labels = parameters.training(source)
        gamma = parameters.gamma_for(images)
        plan = svm_memory.plan(limits.on(address), images, labels, data.stat().st_size)
        wanted = list(combinations(sorted(set(labels.tolist())), 2))
        if not wanted:
            raise InputError(f"{data}: the {len(images):,} training images are all of one class; take more of them")

        names = class_names(source.meta["dataset"])
        finished = FinishedPairs(pairs_path, parameters, source, labels)
        resumed = len(finished.pairs)
        started = time.perf_counter()
        axes = screening_axes(images)
        jobs = deque(
            PairJob(digits, parameters, gamma, axes, plan.pair_bytes)
            for digits in wanted
            if digits not in finished.pairs
        )

        def on_result(job: PairJob, result: Result) -> None:
            finished.add(job.digits, result.value)
            first, second = job.digits
            on_pair((names[first], names[second]), len(finished.pairs), len(wanted))

        if jobs:
            with (
                svm_memory.reporting_memory(limits),
                closing(start_threads(source, plan.threads, address, on_wait)) as engine,
            ):
                failed = run(engine, jobs, on_result=on_result, on_wait=on_wait)
            check(failed, "The finished pairs are kept")
        machine, indices = assemble(
            finished.pairs, images, labels, source.meta["dataset"]["classes"], c=parameters.c, gamma=gamma
        )
        seconds = time.perf_counter() - started
        threads = plan.threads if address is None else processors()
        steps = sum(pair.steps for pair in finished.pairs.values())
        meta = _describe(parameters, source, len(images), gamma, steps)
        arrays = {name: getattr(machine, name) for name in ("support", "counts", "coefficients", "intercepts")}
        sha256 = artifacts.save(out, meta, {**arrays, "indices": indices})
        if not resumed and address is None:
            record_time(out.parent, sha256, "train", seconds)
        finished.remove()
        return SvmReport(
            out=out,
            parameters=parameters,
            gamma=gamma,
            train=len(images),
            pairs=len(wanted),
            resumed=resumed,
            steps=steps,
            support_vectors=len(indices),
            threads=threads,
            seconds=seconds,
            verdict=measure_accuracy(replace(machine, threads=threads), source),
        )


def check_outputs(data: Path, out: Path) -> Path:
    """Check that the machine and its finished pairs can be written; return the path of the pairs."""
    pairs_path = artifacts.companion_path(out, "pairs.npz", usual="")
    artifacts.check_output(out, "svm", data, example="svm.npz")
    artifacts.check_output(pairs_path, "svm-pairs", data)
    return pairs_path


def _describe(parameters: SvmParameters, data: Artifact, size: int, gamma: float, steps: int) -> artifacts.Meta:
    return artifacts.describe(
        "svm",
        parameters=parameters.as_json(),
        inputs={"data": data},
        dataset=data.meta["dataset"],
        about={
            "image": list(data.arrays["train_images"].shape[1:]),
            "train": size,
            "c": parameters.c,
            "gamma": gamma,
            "chosen": parameters.chosen,
            "steps": steps,
        },
    )
