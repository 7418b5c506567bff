"""Test images for the page, to start a drawing from."""

import base64
from typing import Any

import numpy as np

from nndigits.stages.store.artifacts import Artifact

OF_EACH_CLASS, MOST_SAMPLES = 3, 60


def choose(data: Artifact) -> list[dict[str, Any]]:
    """Return a few test images of each class, taken evenly from all of that class, with their labels and indices."""
    images, labels = data.arrays["test_images"], data.arrays["test_labels"]
    samples = []
    for label in np.unique(labels).tolist():
        places = np.flatnonzero(labels == label)
        count = min(OF_EACH_CLASS, len(places))
        for index in places[np.arange(count) * len(places) // count].tolist():
            pixels = base64.b64encode(images[index].tobytes()).decode()
            samples.append({"label": label, "index": index, "image": pixels})
    return samples[:MOST_SAMPLES]
