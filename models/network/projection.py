"""Images as points in two dimensions: the last hidden activations, projected on their first principal components."""

import numpy as np

from nndigits.models.arrays.types import Array, Images
from nndigits.models.network.inputs import as_inputs
from nndigits.models.network.network import PIECE, Network


def last_hidden(network: Network, images: Images) -> Array:
    """Return the inputs of the last layer, ``(n, inputs)``: the hidden activations, or the pixels without any."""
    pieces = []
    for start in range(0, len(images), PIECE):
        a = as_inputs(images[start : start + PIECE], network.dtype)
        for layer in network.layers[:-1]:
            a = layer.forward(a, False)
        pieces.append(a.reshape(len(a), -1).astype(np.float64))
    return np.concatenate(pieces)


def principal_plane(points: Array, others: Array) -> Array:
    """Return ``others``, ``(m, d)``, in the plane of the largest variance of ``points``, ``(n, d)``: ``(m, 2)``.

    The sign of an axis is arbitrary: its largest component is positive.
    """
    mean = points.mean(axis=0)
    _, _, axes = np.linalg.svd(points - mean, full_matrices=False)
    plane = np.zeros((2, points.shape[1]))
    plane[: len(axes)] = axes[:2]
    signs = np.sign(np.take_along_axis(plane, np.abs(plane).argmax(axis=1)[:, None], axis=1))
    projected: Array = (others - mean) @ (plane * np.where(signs == 0, 1, signs)).T
    return projected
