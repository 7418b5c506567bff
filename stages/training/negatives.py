"""What the parameters ``rejects`` and ``drawn`` add to the training images: digits, and images that show none."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from nndigits.models.negatives.shapes import DIGITS
from nndigits.stages.datasets.known_sets import class_names
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import UsageError

STREAM, DRAWN_STREAM = 1, 2
"""The random streams of the crops and of the drawings: the same seed gives the same first weights without them."""

MOST_NAMES = 100
"""The characters of class names in a message."""


def with_negatives(data: Artifact, parameters: Parameters, progress: Callable[[int, int], None] | None) -> Artifact:
    """Return the data with crops of strips and drawings appended to its training images, if the parameters ask so.

    The label of an image that shows no digit is the number of classes. ``progress`` is called with the number of strips
    and drawings made so far, and of all. Raises UsageError if there are to be drawings and the classes are no digits.
    """
    if not parameters.rejects:
        return data
    from nndigits.models.negatives import drawings, hard_negatives  # they import scipy.ndimage, a tenth of a second

    images, labels = data.arrays["train_images"], data.arrays["train_labels"]
    dataset = data.meta["dataset"]
    reject_label = dataset["classes"]
    strips = max(1, round(len(images) * parameters.rejects / hard_negatives.MAX_NEGATIVES_PER_STRIP))
    drawn = round(len(images) * parameters.drawn)
    names = class_names(dataset)
    if drawn and names != tuple(DIGITS):
        found = ", ".join(names)[:MOST_NAMES]
        raise UsageError(f"the drawings are of digits, and the data has the classes {found}; give 0", "drawn")

    def done_after(before: int) -> Callable[[int], None] | None:
        return None if progress is None else lambda done: progress(before + done, strips + drawn)

    rngs = [np.random.default_rng([parameters.seed, stream]) for stream in (STREAM, DRAWN_STREAM)]
    with threadpool_limits(1, "blas"):  # many small products: threads would wait for each other
        added = (
            hard_negatives.labelled_crops(
                images, labels, reject_label, strips, rngs[0], done_after(0), with_drawn=drawn > 0
            ),
            drawings.labelled_drawings(images, labels, reject_label, drawn, rngs[1], done_after(strips)),
        )
    extended = {
        "train_images": np.concatenate([images, *(more for more, _ in added)]),
        "train_labels": np.concatenate([labels, *(more for _, more in added)]),
    }
    return replace(data, arrays={**data.arrays, **extended})
