"""The finished pairs of a support vector machine that is being learned, kept in a file beside it.

A run that is interrupted loses no pair that was finished: the same run, started again, finds them and goes on. The
file is taken up only where it was made from the same data with the same parameters and versions, so that the result
has the same bytes as that of a run without a break.
"""

from contextlib import suppress
from pathlib import Path

import numpy as np

from nn.models.arrays.types import Bytes, Integers
from nn.models.baselines.binary_svm import BinarySVM
from nn.models.baselines.one_against_one import Digits
from nn.stages.baselines.svm_parameters import SvmParameters
from nn.stages.store import artifacts
from nn.stages.store.artifacts import Artifact
from nn.stages.store.errors import InputError


class Finished:
    """The pairs that are done, here and on disk."""

    def __init__(self, path: Path, parameters: SvmParameters, data: Artifact, labels: Bytes) -> None:
        self.path = path
        self._meta = artifacts.describe(
            "svm-pairs", parameters=parameters.as_json(), inputs={"data": data}, dataset=data.meta["dataset"]
        )
        self.pairs = self._load(np.bincount(labels))

    def add(self, digits: Digits, pair: BinarySVM) -> None:
        """Keep one more pair."""
        self.pairs[digits] = pair
        found = list(self.pairs.values())
        arrays = {
            "digits": np.array(list(self.pairs), "<i8"),
            "lengths": np.array([len(pair.support) for pair in found], "<i8"),
            "steps": np.array([pair.steps for pair in found], "<i8"),
            "intercepts": np.array([pair.intercept for pair in found], "<f8"),
            "support": np.concatenate([pair.support for pair in found]).astype("<i8"),
            "coefficients": np.concatenate([pair.coefficients for pair in found]),
        }
        artifacts.save(self.path, self._meta, arrays)

    def remove(self) -> None:
        """Remove the file: all is done, and written elsewhere, so that it does no harm where it cannot be removed."""
        with suppress(OSError):
            self.path.unlink()

    def _load(self, counts: Integers) -> dict[Digits, BinarySVM]:
        """The pairs that an earlier run left; none where there is no file, or it is of another run.

        There are ``counts`` training images of each digit.
        """
        try:
            saved = artifacts.load(self.path, "svm-pairs")
        except InputError:
            return {}
        arrays = saved.arrays
        digits, ends = arrays["digits"], np.cumsum(arrays["lengths"])
        if saved.meta != self._meta or not np.isin(digits, np.flatnonzero(counts)).all():
            return {}
        pairs = {}
        for number, (a, b) in enumerate(digits.tolist()):
            part = slice(int(ends[number] - arrays["lengths"][number]), int(ends[number]))
            support = arrays["support"][part]
            if not (a < b and np.isin(support, np.arange(counts[a] + counts[b])).all()):
                return {}
            steps, intercept = int(arrays["steps"][number]), float(arrays["intercepts"][number])
            pairs[a, b] = BinarySVM(support, arrays["coefficients"][part], intercept, steps)
        return pairs
