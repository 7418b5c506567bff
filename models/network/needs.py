"""What a network needs of memory and work, computed from its layers before any of their arrays is made.

It is compared with the limits when a network is read from a file, and before it is trained.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nndigits.models.arrays.limits import MOST_BYTES, MOST_MULTIPLICATIONS
from nndigits.models.layers.base import Layer, TrainableLayer


@dataclass(frozen=True)
class Needs:
    """What a network needs.

    Attributes
    ----------
    parameters
        The bytes of all weights and biases.
    sample
        The bytes of the layers' outputs and buffers for each sample, in training; a bound, of which prediction uses
        about half.
    workspace
        The bytes of the buffers that do not depend on the number of samples.
    multiplications
        The number of multiplications in a forward pass of one sample.
    """

    parameters: int
    sample: int
    workspace: int
    multiplications: int


def needs(layers: Sequence[Layer], dtype: npt.DTypeLike) -> Needs:
    """Compute what a network of these layers needs, in the precision ``dtype``."""
    size = np.dtype(dtype).itemsize
    trainable = [layer for layer in layers if isinstance(layer, TrainableLayer)]
    return Needs(
        parameters=size * sum(layer.size for layer in trainable),
        sample=size * (2 * layers[0].inputs + sum(layer.buffers for layer in layers)),
        workspace=size * sum(layer.workspace for layer in layers),
        multiplications=sum(layer.multiplications for layer in trainable),
    )


def check_network(layers: Sequence[Layer], dtype: npt.DTypeLike) -> None:
    """Raise ValueError if a network of these layers needs more memory or work for one image than nn accepts."""
    found = needs(layers, dtype)
    if found.sample + found.workspace > MOST_BYTES:
        raise ValueError(
            f"the layers take {(found.sample + found.workspace) // 10**6:,} MB for one image, "
            f"at most {MOST_BYTES // 10**6:,} MB are accepted: use smaller images, or fewer filters or neurons"
        )
    if found.multiplications > MOST_MULTIPLICATIONS:
        raise ValueError(
            f"the layers take {found.multiplications:,} multiplications for one image, "
            f"at most {MOST_MULTIPLICATIONS:,} are accepted: use smaller images, or fewer filters or neurons"
        )


def samples_at_once(layers: Sequence[Layer], dtype: npt.DTypeLike, most: int) -> int:
    """Return the number of images for one forward pass: ``most``, or fewer if these would take MOST_BYTES."""
    found = needs(layers, dtype)
    return max(1, min(most, (MOST_BYTES - found.workspace) // found.sample))
