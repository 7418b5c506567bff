"""The vote of several networks, and of shifted images: the ensemble of their files, and its outputs as jobs.

There is a job for each network and each shift of the images, for threads here or workers of a cluster.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice, product

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.augmentation.shifts import all_shifts
from nndigits.models.network.ensemble import Ensemble, normalized
from nndigits.models.network.needs import samples_at_once
from nndigits.models.network.network import PIECE, Network
from nndigits.stages.classifiers.classifier import make_classifier_for
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import UsageError
from nndigits.stages.store.kinds import KINDS, Split
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.schema import REAL, check_arrays, check_range
from nndigits.stages.system.machine import processors
from nndigits.stages.workers.job_loop import check as check_failed
from nndigits.stages.workers.job_loop import run, start_threads
from nndigits.stages.workers.jobs import Job, Result, nothing

PIECES = 20
"""Pieces that a network predicts between two looks at whether it should stop."""

OnPart = Callable[[int, int], None]
"""Called with the number of jobs that are done, and of all."""


@dataclass(frozen=True)
class OutputsJob(Job):
    """The normalized outputs, ``(n, classes)``, of a network for one shifted version of the images of a split."""

    trained: Artifact = field(repr=False)
    split: Split
    shifts: int
    version: int

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.trained.path)

    def run(self, data: Artifact, check: Callable[[], None]) -> Array:
        """Classify, some pieces at a time; they are those of ``Network.outputs`` for all images, to the last bit."""
        network = network_artifacts.from_artifact(self.trained)
        images = next(islice(all_shifts(data.arrays[f"{self.split}_images"], self.shifts), self.version, None))
        step = PIECES * samples_at_once(network.layers, network.dtype, PIECE)
        outputs = []
        for start in range(0, len(images), step):
            check()
            outputs.append(network.outputs(images[start : start + step]))
        return normalized(np.concatenate(outputs))

    def to_arrays(self, value: Array) -> Mapping[str, AnyArray]:
        """Return the outputs."""
        return {"outputs": value}

    def from_arrays(self, arrays: Mapping[str, AnyArray]) -> Array:
        """Return the outputs; raises SchemaError for others."""
        check_arrays(arrays, {"outputs": (REAL, ("images", "classes"))}, "result")
        check_range("outputs", arrays["outputs"], 0, 1)
        return arrays["outputs"]


def make_ensemble(trained: Sequence[Artifact], data: Artifact, shifts: int) -> Ensemble:
    """Return the ensemble of networks for the images of ``data``, each moved by up to ``shifts`` pixels.

    Raises InputError if they do not fit, and UsageError for a classifier that is no network.
    """
    networks = []
    for one in trained:
        network = make_classifier_for(one, data)
        if not isinstance(network, Network):
            raise UsageError(
                f"{one.path}: is {KINDS[one.kind].title}; only networks, made by `nn train`, vote or read shifts"
            )
        networks.append(network)
    return Ensemble(networks, shifts)


def outputs(
    ensemble: Ensemble,
    trained: Sequence[Artifact],
    data: Artifact,
    split: Split,
    address: str | None = None,
    on_part: OnPart = lambda done, total: None,
) -> Array:
    """Return the mean outputs, ``(n, classes)``, of an ensemble for the images of a split.

    ``trained`` are the artifacts of its networks. ``address`` is a Dask scheduler, whose workers classify; by default,
    threads of this process. Raises WorldError if a job fails, or the cluster does not answer.
    """
    parts = [
        OutputsJob(one, split, ensemble.shifts, version) for version, one in product(range(ensemble.versions), trained)
    ]
    order = {id(job): number for number, job in enumerate(parts)}
    found: dict[int, Array] = {}

    def on_result(job: OutputsJob, result: Result) -> None:
        found[order[id(job)]] = result.value
        on_part(len(found), len(parts))

    with closing(start_threads(data, min(processors(), len(parts)), address, nothing)) as engine:
        failed = run(engine, deque(parts), on_result=on_result)
    check_failed(failed, "No figures were written")
    return ensemble.mean(found[number] for number in range(len(parts)))
