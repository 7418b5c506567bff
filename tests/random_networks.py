"""Networks with random weights, of every kind of layer, saved as `nn train` saves them."""

from pathlib import Path

import numpy as np

from nndigits.models.layers.initializers import INITIALIZERS, random_initializer
from nndigits.models.layers.normalization import BatchNormalization
from nndigits.models.network.architecture import build
from nndigits.models.network.network import Network
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts

DATASET = {"name": "made-up", "verified": False, "classes": 10, "source": {}}


def save_random(
    path: Path, layers: str, *, rejects: bool = False, image: tuple[int, int] = (28, 28), temperature: float = 1.5
) -> Path:
    """Save a network with these layers; normalisations have averages as after training."""
    rng = np.random.default_rng(len(layers))
    network = Network(
        build(layers, image, random_initializer(INITIALIZERS["he"], rng, "float32")), has_reject_class=rejects
    )
    for layer in network.trainable_layers:
        if isinstance(layer, BatchNormalization):
            layer.parameters[:] = rng.uniform(0.2, 2, layer.parameters.shape)
        else:
            layer.b[:] = rng.normal(0, 0.3, layer.b.shape)
    about = {
        **network_artifacts.to_about(network, image),
        "epoch": 0,
        "validation_correct": 9,
        "validation_total": 10,
        "calibration": {"temperature": temperature, "images": 10, "error_before": 0.1, "error_after": 0.1},
    }
    meta = artifacts.describe("weights", parameters={"rejects": 1} if rejects else {}, dataset=DATASET, about=about)
    artifacts.save(path, meta, network_artifacts.to_arrays(network))
    return path
