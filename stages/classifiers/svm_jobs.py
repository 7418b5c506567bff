"""What a worker does for a support vector machine: train a pair of digits, or count what a machine gets right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.baselines import binary_svm
from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.models.baselines.svm import Digits, assemble
from nndigits.models.network.metrics import count_correct
from nndigits.stages.classifiers import svm_pairs
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.baseline_kinds import PAIRS, pairs_rule
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.patterns import COUNT, Items, SchemaError, check_pattern
from nndigits.stages.store.schema import check_arrays
from nndigits.stages.workers.jobs import Job


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
        return svm_pairs.arrays_of({self.digits: value})

    def from_arrays(self, arrays: Mapping[str, AnyArray]) -> BinarySVM:
        """Return the classifier; raises SchemaError for other arrays."""
        check_arrays(arrays, PAIRS, "svm-pairs")
        pairs_rule({}, arrays)
        pairs = svm_pairs.pairs_of(arrays)
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
