"""Artifacts that ask for more than nn accepts are refused by their metadata and shapes, before anything is computed."""

import numpy as np
import pytest
from small import small_darkness, small_dataset, small_svm

from nndigits.models.arrays import limits
from nndigits.stages.store import baseline_kinds, kinds
from nndigits.stages.store.schema import SchemaError


def test_images_beyond_the_limit_are_refused_whatever_the_kind() -> None:
    meta, arrays = small_darkness()
    meta["about"]["image"] = [513, 512]
    with pytest.raises(SchemaError, match="images of 513 x 512 pixels, expected at most 262,144 in all"):
        kinds.check(meta, arrays)
    meta, arrays = small_dataset()
    large = np.broadcast_to(np.uint8(0), (4, 1, limits.MOST_SIDE + 1))
    changed = {name: large[: len(array)] if name.endswith("images") else array for name, array in arrays.items()}
    with pytest.raises(SchemaError, match="4,096 on a side"):
        kinds.check(meta, changed)


def test_a_support_vector_machine_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    meta, arrays = small_svm()
    kinds.check(meta, arrays)
    monkeypatch.setattr(baseline_kinds, "MOST_SVM_BYTES", 10)
    with pytest.raises(SchemaError, match="MB to predict with, expected at most"):
        kinds.check(meta, arrays)


def test_a_support_vector_machine_has_each_training_image_once() -> None:
    meta, arrays = small_svm()
    with pytest.raises(SchemaError, match="a training image twice among its support vectors"):
        kinds.check(meta, {**arrays, "indices": np.zeros_like(arrays["indices"])})
