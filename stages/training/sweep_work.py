"""The work of a sweep: which trials need more epochs, rung by rung, and what is known of each."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.training import halving, sweep_results
from nndigits.stages.training import sweep_folder as place
from nndigits.stages.training.job import TrainingJob, write
from nndigits.stages.training.sweep_folder import FIGURES, RESULTS
from nndigits.stages.training.sweep_results import State, TrialResult
from nndigits.stages.training.trials import Plan, Trial
from nndigits.stages.words.values import typed
from nndigits.stages.workers.job_loop import Engine, run
from nndigits.stages.workers.jobs import Result

BETWEEN_SAVES = 5.0
"""Seconds between two writes of the table. The files of the trials are written at once, and say the same."""

OnTrial = Callable[[TrialResult, int, int], None]
"""Called with a trial that ended or was stopped, the number of these, and the number of all trials."""


class Work:
    """The trials of a sweep, in its folder; reads how far each is.

    Attributes
    ----------
    failed
        Why each trial failed that did in this call, by name.
    trained
        The names of the trials that this call trained, all or in part.
    """

    def __init__(self, folder: Path, data: Artifact, plan: Plan, on_trial: OnTrial) -> None:
        self.folder, self.data, self.on_trial = folder, data, on_trial
        self.trials = plan.trials()
        self.total = len(data.arrays["validation_images"])
        self.failed: dict[str, str] = {}
        self.trained: set[str] = set()
        self._meta = artifacts.describe(
            "sweep", parameters=plan.as_json(), inputs={"data": data}, dataset=data.meta["dataset"]
        )
        self._progress = {trial.name: place.progress(folder, trial, data) for trial in self.trials}
        self._known = self._earlier()
        self._diverged = {one.name: one.why for one in self._known.values() if one.state == "diverged"}
        self._stopped: set[str] = set()
        self._saved = time.monotonic()
        self._groups: dict[int, list[Trial]] = {}
        numbers: dict[tuple[Any, ...], int] = {}
        for trial in self.trials:
            number = numbers.setdefault(tuple(trial.values.items()), len(numbers))
            self._groups.setdefault(number, []).append(trial)
            if not self._has_ended(trial):
                place.check_writable(folder, trial, data.path)
        epochs = max(trial.parameters.epochs for trial in self.trials)
        self._rungs = halving.rungs(epochs, len(self._groups)) if plan.halving else [epochs]

    def train(self, engine: Callable[[], Engine], on_wait: Callable[[], None]) -> None:
        """Train every trial to its end, or until it is stopped; ``engine`` starts the workers when they are needed."""
        started: Engine | None = None
        groups = list(self._groups)
        for trial in self.trials:
            if self._progress[trial.name].is_done:
                place.remove_checkpoint(self.folder, trial)  # a call that was killed may have left it
        if all(map(self._has_ended, self.trials)):
            self.save()
        try:
            for rung in self._rungs:
                jobs = deque(
                    self._job(one, rung) for group in groups for one in self._groups[group] if self._needs(one, rung)
                )
                if jobs:
                    started = started or engine()
                    self.failed |= run(started, jobs, on_result=partial(self._add, jobs), on_wait=on_wait)
                if rung != self._rungs[-1]:
                    groups = self._survivors(groups, rung)
        finally:
            if started is not None:
                try:
                    self.save()
                finally:
                    started.close()

    def save(self) -> None:
        """Write ``sweep.json``, and ``results.csv`` for other programs."""
        trials = self.results()
        figures = {"validation_total": self.total, "trials": [one.as_json() for one in trials]}
        artifacts.save_json(self.folder / FIGURES, self._meta, figures)
        columns, rows = sweep_results.table(trials, self.total)
        artifacts.save_csv(self.folder / RESULTS, {**self._meta, "kind": "results"}, columns, rows)
        self._saved = time.monotonic()

    def results(self) -> tuple[TrialResult, ...]:
        """Return what is known of each trial, the best first."""
        found = [self._result(trial) for trial in self.trials]
        return tuple(sorted(found, key=sweep_results.rank))

    def _earlier(self) -> dict[str, TrialResult]:
        """Return what earlier calls wrote, by name: of another plan, only the trials whose weights a hash can tell."""
        path = self.folder / FIGURES
        if not files.has_content(path):
            return {}
        meta, _, found = sweep_results.load(path)
        is_same = artifacts.is_same_work(meta, self._meta)
        return {one.name: one for one in found if is_same or one.sha256}

    def _job(self, trial: Trial, until: int) -> TrainingJob:
        return TrainingJob(trial.name, trial.parameters, place.weights_of(self.folder, trial), until)

    def _has_ended(self, trial: Trial) -> bool:
        return self._progress[trial.name].is_done or trial.name in self._diverged

    def _needs(self, trial: Trial, rung: int) -> bool:
        epochs = len(self._progress[trial.name].correct)
        is_last = rung >= trial.parameters.epochs
        return not self._has_ended(trial) and trial.name not in self.failed and (epochs < rung or is_last)

    def _add(self, jobs: deque[TrainingJob], job: TrainingJob, result: Result) -> None:
        """Take in a job that ended or paused: its files say how far its trial is."""
        write(job, result.value)
        if result.value.is_unfinished:
            jobs.appendleft(job)
        trial = next(one for one in self.trials if one.name == job.name)
        self._progress[trial.name] = place.progress(self.folder, trial, self.data)
        self.trained.add(trial.name)
        before = self._known.get(trial.name)
        seconds = result.seconds + ((before.seconds or 0.0) if before else 0.0)
        known = TrialResult(trial.name, {}, trial.seed, "waiting", seconds=round(seconds, 3), where=result.where)
        self._known[trial.name] = known
        if result.value.diverged:
            self._diverged[trial.name] = result.value.diverged
        if self._has_ended(trial):
            place.remove_checkpoint(self.folder, trial)
            self._tell(trial)
        if time.monotonic() - self._saved > BETWEEN_SAVES:
            self.save()

    def _survivors(self, groups: Sequence[int], rung: int) -> list[int]:
        """Stop the worst combinations after a rung."""
        kept = halving.survivors({group: [self._score(one, rung) for one in self._groups[group]] for group in groups})
        for group in groups:
            if group not in kept:
                for trial in self._groups[group]:
                    if not self._has_ended(trial) and trial.name not in self.failed:
                        self._stopped.add(trial.name)
                        if trial.name in self.trained:
                            self._tell(trial)
        return kept

    def _score(self, trial: Trial, rung: int) -> int:
        found = self._progress[trial.name]
        if trial.name in self._diverged:
            return -1
        return halving.score(found.correct[:rung], trial.parameters.keep)

    def _tell(self, trial: Trial) -> None:
        ended = sum(self._has_ended(one) or one.name in (*self._stopped, *self.failed) for one in self.trials)
        self.on_trial(self._result(trial), ended, len(self.trials))

    def _result(self, trial: Trial) -> TrialResult:
        found, known = self._progress[trial.name], self._known.get(trial.name)
        best = max(found.correct, default=None)
        unfinished = best if trial.parameters.keep == "best" or not found.correct else found.correct[-1]
        is_known = known is not None and known.sha256 in (None, found.sha256)
        return TrialResult(
            name=trial.name,
            values={name: typed(value) for name, value in trial.values.items()},
            seed=trial.seed,
            state=self._state(trial),
            validation_correct=found.validation_correct if found.is_done else unfinished,
            kept_epoch=found.kept_epoch,
            finished_epochs=len(found.correct),
            seconds=known.seconds if known and is_known else None,
            sha256=found.sha256,
            where=known.where if known and is_known else "",
            why=self._diverged.get(trial.name) or self.failed.get(trial.name, ""),
            other_versions=found.changed,
        )

    def _state(self, trial: Trial) -> State:
        if trial.name in self._diverged:
            return "diverged"
        if self._progress[trial.name].is_done:
            return "done"
        if trial.name in self.failed:
            return "failed"
        return "stopped" if trial.name in self._stopped else "waiting"
