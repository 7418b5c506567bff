"""A checkpoint of the finished pairs while a support vector machine is trained.

An interrupted run loses no finished pair: the same command resumes with them. The file is used only if its data,
parameters and versions are the same, so the result has the same bytes as that of an uninterrupted run.
"""

from contextlib import suppress
from pathlib import Path

import numpy as np

from nndigits.models.arrays.types import Bytes, Integers
from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.models.baselines.one_against_one import Digits
from nndigits.stages.baselines.svm_parameters import SvmParameters
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError

AGAIN = "Delete it to start again"


class FinishedPairs:
    """The finished pairs, in memory and on disk."""

    def __init__(self, path: Path, parameters: SvmParameters, data: Artifact, labels: Bytes) -> None:
        self.path = path
        self._meta = artifacts.describe(
            "svm-pairs", parameters=parameters.as_json(), inputs={"data": data}, dataset=data.meta["dataset"]
        )
        self.pairs = self._load(np.bincount(labels))

    def add(self, digits: Digits, pair: BinarySVM) -> None:
        """Add a pair and save all."""
        self.pairs[digits] = pair
        pairs = list(self.pairs.values())
        arrays = {
            "digits": np.array(list(self.pairs), "<i8"),
            "lengths": np.array([len(pair.support) for pair in pairs], "<i8"),
            "steps": np.array([pair.steps for pair in pairs], "<i8"),
            "intercepts": np.array([pair.intercept for pair in pairs], "<f8"),
            "support": np.concatenate([pair.support for pair in pairs]).astype("<i8"),
            "coefficients": np.concatenate([pair.coefficients for pair in pairs]),
        }
        artifacts.save(self.path, self._meta, arrays)

    def remove(self) -> None:
        """Delete the file. A failure is ignored: the machine has been written."""
        with suppress(OSError):
            self.path.unlink()

    def _load(self, counts: Integers) -> dict[Digits, BinarySVM]:
        """Load the pairs of an interrupted run; none if there is no file, or it is from another run.

        ``counts`` has the number of training images of each digit. Raises InputError if the file is damaged, or has
        pairs that these images cannot have.
        """
        if not files.has_content(self.path):
            return {}
        saved = artifacts.load(self.path, "svm-pairs", hint=AGAIN)
        arrays = saved.arrays
        digits, ends = arrays["digits"], np.cumsum(arrays["lengths"])
        if not artifacts.is_same_work(saved.meta, self._meta):
            return {}
        if not np.isin(digits, np.flatnonzero(counts)).all():
            raise self._unusable()
        pairs = {}
        for number, (a, b) in enumerate(digits.tolist()):
            part = slice(int(ends[number] - arrays["lengths"][number]), int(ends[number]))
            support = arrays["support"][part]
            if not (
                a < b and np.isin(support, np.arange(counts[a] + counts[b])).all() and (np.diff(support) > 0).all()
            ):
                raise self._unusable()
            steps, intercept = int(arrays["steps"][number]), float(arrays["intercepts"][number])
            pairs[a, b] = BinarySVM(support, arrays["coefficients"][part], intercept, steps)
        return pairs

    def _unusable(self) -> InputError:
        return InputError(f"{self.path}: holds pairs that these training images cannot have. {AGAIN}")
