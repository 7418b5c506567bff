"""The map of images: their hidden activations in the plane of the first two principal components."""

import numpy as np
from sklearn.decomposition import PCA

from nndigits.models.network.network import random_network
from nndigits.models.network.projection import last_hidden, principal_plane


def test_it_is_that_of_scikit_learn_up_to_signs() -> None:
    rng = np.random.default_rng(0)
    points, others = rng.normal(size=(50, 7)) * np.arange(1, 8), rng.normal(size=(9, 7))
    ours, theirs = principal_plane(points, others), PCA(2).fit(points).transform(others)
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), rtol=1e-9)
    assert principal_plane(points[:1], others[:, :]).shape == (9, 2)


def test_the_hidden_activations_are_those_that_the_last_layer_takes() -> None:
    rng = np.random.default_rng(0)
    network = random_network([12, 5, 3], rng)
    images = rng.integers(0, 256, (120, 4, 3), dtype=np.uint8)
    hidden = last_hidden(network, images)[:, :5]
    last = network.last
    z = hidden @ last.w.T + last.b
    np.testing.assert_allclose(1 / (1 + np.exp(-z)), network.outputs(images), atol=1e-5)
