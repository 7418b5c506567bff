"""A checkpoint of the finished pairs while a support vector machine is trained.

An interrupted run loses no finished pair: the same command resumes with them. The file is used only if its data,
parameters and versions are the same, so the result has the same bytes as that of an uninterrupted run.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from nndigits.models.arrays.types import Bytes
from nndigits.models.baselines.binary_svm import BinarySVM
from nndigits.models.baselines.svm import Digits
from nndigits.stages.classifiers.svm_parameters import SvmParameters
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, WorldError
from nndigits.stages.store.npz import AnyArray

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
