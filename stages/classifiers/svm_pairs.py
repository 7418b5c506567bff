"""The pairs of a support vector machine: trained by workers, and those that are finished kept in a file.

An interrupted run loses no finished pair: the same command resumes with them. The file is used only if its data,
parameters and versions are the same, so the result has the same bytes as that of an uninterrupted run.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nndigits.models.arrays.types import Array, Bytes
from nndigits.models.baselines import binary_svm
from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.models.baselines.svm import Digits, assemble
from nndigits.models.network.metrics import count_correct
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.baseline_kinds import PAIRS, pairs_rule
from nndigits.stages.store.errors import InputError, WorldError
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.patterns import COUNT, Items, SchemaError, check_pattern
from nndigits.stages.store.schema import check_arrays
from nndigits.stages.workers.jobs import Job

AGAIN = "Delete it to start again"


class FinishedPairs:
    """The finished pairs, in memory and on disk."""

    def __init__(self, path: Path, parameters: SvmParameters, data: Artifact, labels: Bytes) -> None:
        self.path = path
        self._meta = artifacts.describe(
            "svm-pairs", parameters=parameters.as_json(), inputs={"data": data}, dataset=data.meta["dataset"]
        )
        self._counts = np.bincount(labels)
        self.pairs = self._load()

    def add(self, digits: Digits, pair: BinarySVM) -> None:
        """Add a pair and save all. Raises WorldError if these images cannot have it, as from a lying worker."""
        if not self._is_possible(digits, pair):
            raise WorldError(f"a worker returned support vectors that {digits[0]} and {digits[1]} cannot have")
        self.pairs[digits] = pair
        artifacts.save(self.path, self._meta, arrays_of(self.pairs))

    def remove(self) -> None:
        """Delete the file. A failure is ignored: the machine has been written."""
        with suppress(OSError):
            self.path.unlink()

    def _load(self) -> dict[Digits, BinarySVM]:
        """Load the pairs of an interrupted run; none if there is no file, or it is from another run.

        Raises InputError if the file is damaged, or has pairs that these images cannot have.
        """
        if not files.has_content(self.path):
            return {}
        saved = artifacts.load(self.path, "svm-pairs", hint=AGAIN)
        if not artifacts.is_same_work(saved.meta, self._meta):
            return {}
        pairs = pairs_of(saved.arrays)
        if not all(self._is_possible(*item) for item in pairs.items()):
            raise InputError(f"{self.path}: holds pairs that these training images cannot have. {AGAIN}")
        return pairs

    def _is_possible(self, digits: Digits, pair: BinarySVM) -> bool:
        """Return whether the images of these digits can have these support vectors."""
        a, b = digits
        if not (a < b < len(self._counts) and self._counts[a] and self._counts[b]):
            return False
        support = pair.support
        return bool(
            np.isin(support, np.arange(self._counts[a] + self._counts[b])).all() and (np.diff(support) > 0).all()
        )


def arrays_of(pairs: Mapping[Digits, BinarySVM]) -> dict[str, AnyArray]:
    """Return pairs as the members of an artifact."""
    found = list(pairs.values())
    return {
        "digits": np.array(list(pairs), "<i8"),
        "lengths": np.array([len(pair.support) for pair in found], "<i8"),
        "steps": np.array([pair.steps for pair in found], "<i8"),
        "intercepts": np.array([pair.intercept for pair in found], "<f8"),
        "support": np.concatenate([pair.support for pair in found]).astype("<i8"),
        "coefficients": np.concatenate([pair.coefficients for pair in found]),
    }


def pairs_of(arrays: Mapping[str, AnyArray]) -> dict[Digits, BinarySVM]:
    """Return the pairs in the members of an artifact, which have been checked."""
    ends = np.cumsum(arrays["lengths"]).tolist()
    pairs = {}
    for (a, b), start, end, steps, intercept in zip(
        arrays["digits"].tolist(),
        [0, *ends],
        ends,
        arrays["steps"].tolist(),
        arrays["intercepts"].tolist(),
        strict=False,
    ):
        pairs[a, b] = BinarySVM(arrays["support"][start:end], arrays["coefficients"][start:end], intercept, steps)
    return pairs


@dataclass(frozen=True)
class PairJob(Job):
    """Train the classifier of two digits. Its value is a BinarySVM.

    Attributes
    ----------
    axes
        ``screening_axes`` of the training images.
    memory
        The most bytes that the kernel may take.
    """

    digits: Digits
    parameters: SvmParameters
    gamma: float
    axes: Array = field(repr=False)
    memory: float

    @property
    def name(self) -> str:
        """What messages call it."""
        return "the pair {} and {}".format(*self.digits)

    def run(self, data: Artifact, check: Callable[[], None]) -> BinarySVM:
        """Train."""
        check()
        first, second = (self.parameters.images_of(digit, data) for digit in self.digits)
        return binary_svm.fit(first, second, c=self.parameters.c, gamma=self.gamma, axes=self.axes, memory=self.memory)

    def to_arrays(self, value: BinarySVM) -> Mapping[str, AnyArray]:
        """Return the classifier as the members of an unfinished machine of one pair."""
        return arrays_of({self.digits: value})

    def from_arrays(self, arrays: Mapping[str, AnyArray]) -> BinarySVM:
        """Return the classifier; raises SchemaError for other arrays."""
        check_arrays(arrays, PAIRS, "svm-pairs")
        pairs_rule({}, arrays)
        pairs = pairs_of(arrays)
        if list(pairs) != [self.digits]:
            raise SchemaError("has another pair")
        return pairs[self.digits]


@dataclass(frozen=True)
class ScoreJob(Job):
    """Count the validation images that a machine classifies correctly. Its value is that, and the support vectors."""

    parameters: SvmParameters
    gamma: float
    pairs: Mapping[Digits, BinarySVM] = field(repr=False)

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"C = {self.parameters.c:g} and gamma = {self.gamma:g}"

    def run(self, data: Artifact, check: Callable[[], None]) -> tuple[int, int]:
        """Assemble the machine and classify."""
        check()
        images, labels = self.parameters.training(data)
        machine, support = assemble(
            self.pairs, images, labels, data.meta["dataset"]["classes"], c=self.parameters.c, gamma=self.gamma
        )
        outputs = machine.outputs(data.arrays["validation_images"])
        return count_correct(outputs, data.arrays["validation_labels"]), len(support)

    def to_arrays(self, value: tuple[int, int]) -> Mapping[str, AnyArray]:
        """Return both numbers in an array."""
        return {"counts": np.array(value, np.int64)}

    def from_arrays(self, arrays: Mapping[str, AnyArray]) -> tuple[int, int]:
        """Return both numbers; raises SchemaError for other arrays."""
        check_arrays(arrays, {"counts": ("<i8", ("two",))}, "result")
        check_pattern(arrays["counts"].tolist(), Items(COUNT, 2, 2), "counts")
        correct, vectors = arrays["counts"].tolist()
        return correct, vectors
