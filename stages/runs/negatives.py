"""What `--rejects` adds to the training images: pieces of strips, the digits among them and what is no digit."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from nn.models.strings.synthesis import negatives
from nn.stages.runs.parameters import Parameters
from nn.stages.store.artifacts import Artifact

STREAM = 1
"""Random numbers of their own, so that the same seed gives the same first weights with and without rejects."""


def with_negatives(data: Artifact, parameters: Parameters, progress: Callable[[int, int], None] | None) -> Artifact:
    """A data set with pieces behind its training images, as many as the parameters ask for: it may be none.

    What is no digit has the label behind the last digit's.

    ``progress`` is called with how many strips have been cut, and how many there will be.
    """
    if not parameters.rejects:
        return data
    images, labels = data.arrays["train_images"], data.arrays["train_labels"]
    strips = max(1, round(len(images) * parameters.rejects / negatives.MAX_NEGATIVES_PER_STRIP))
    rng = np.random.default_rng([parameters.seed, STREAM])
    told = None if progress is None else lambda done: progress(done, strips)
    with threadpool_limits(1, "blas"):  # many small products: threads would wait for each other
        pieces, answers = negatives.labelled_crops(images, labels, data.meta["dataset"]["classes"], strips, rng, told)
    longer = {"train_images": np.concatenate([images, pieces]), "train_labels": np.concatenate([labels, answers])}
    return replace(data, arrays={**data.arrays, **longer})
