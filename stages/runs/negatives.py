"""The crops of strips that the parameter ``rejects`` adds to the training images: digits, and crops that are none."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from nn.models.strings.synthesis import negatives
from nn.stages.runs.parameters import Parameters
from nn.stages.store.artifacts import Artifact

STREAM = 1
"""The random stream of the crops: the same seed gives the same first weights with and without rejects."""


def with_negatives(data: Artifact, parameters: Parameters, progress: Callable[[int, int], None] | None) -> Artifact:
    """Return the data with labelled crops appended to its training images, if the parameters ask for them.

    The label of a crop that is no digit is the number of classes. ``progress`` is called with the number of strips cut
    so far, and of all strips.
    """
    if not parameters.rejects:
        return data
    images, labels = data.arrays["train_images"], data.arrays["train_labels"]
    strips = max(1, round(len(images) * parameters.rejects / negatives.MAX_NEGATIVES_PER_STRIP))
    rng = np.random.default_rng([parameters.seed, STREAM])
    on_strip = None if progress is None else lambda done: progress(done, strips)
    with threadpool_limits(1, "blas"):  # many small products: threads would wait for each other
        crops, crop_labels = negatives.labelled_crops(
            images, labels, data.meta["dataset"]["classes"], strips, rng, on_strip
        )
    extended = {"train_images": np.concatenate([images, crops]), "train_labels": np.concatenate([labels, crop_labels])}
    return replace(data, arrays={**data.arrays, **extended})
