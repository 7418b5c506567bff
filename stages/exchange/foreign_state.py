"""The state of a network of PyTorch or Keras, as the weights and biases of the layers of nn.

The layers are given as text. Each takes the first tensors, in the order of their names, whose shapes fit:

=========  ============================================  ==============================================
           PyTorch                                       Keras
=========  ============================================  ==============================================
dense      weight (out, in), bias                        kernel (in, out), bias
conv       weight (filters, channels, k, k), bias        kernel (k, k, channels, filters), bias
norm       weight, bias, running_mean, running_var       gamma, beta, moving_mean, moving_variance
flattened  by channel, row, column                       by row, column, channel
=========  ============================================  ==============================================

In nn, a convolution has its weights by row, column and channel, and flattened maps are ordered by row, channel and
column.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np

from nndigits.models.layers.base import Layer, TrainableLayer
from nndigits.models.layers.convolution import Convolution
from nndigits.models.layers.dense import Dense
from nndigits.models.layers.flatten import Flatten
from nndigits.models.layers.normalization import EPSILON, BatchNormalization
from nndigits.stages.store.npz import AnyArray, FormatError

Framework = Literal["pytorch", "keras"]

KERAS_EPSILON = 1e-3
"""What Keras adds to a variance; nn and PyTorch add 1e-5."""

ROLES = {
    "weight": "weight", "kernel": "weight", "gamma": "weight", "bias": "bias", "beta": "bias",
    "running_mean": "mean", "moving_mean": "mean", "running_var": "variance", "moving_variance": "variance",
}  # fmt: skip
"""What a tensor is, by the last part of its name."""

IGNORED = ("num_batches_tracked", "seed_generator_state")
"""What a state also holds, and a trained network does not use."""


class Group(NamedTuple):
    """The tensors of one layer: the beginning of their names, and each by its role."""

    name: str
    tensors: dict[str, AnyArray]


def framework_of(names: Sequence[str]) -> Framework:
    """Return whose state has tensors of these names."""
    return "keras" if any(_parts(name)[1] in ("kernel", "gamma") for name in names) else "pytorch"


def to_arrays(
    tensors: Mapping[str, AnyArray], layers: Sequence[Layer], framework: Framework
) -> tuple[dict[str, AnyArray], tuple[str, ...]]:
    """Return the weights, ``(out, in)``, and biases, ``(out,)``, of each trainable layer, and the name of its tensors.

    The arrays are numbered from 1.

    Raises
    ------
    FormatError
        No tensors fit a layer, or some are left.
    """
    groups = _groups(tensors)
    maps: tuple[int, ...] | None = None
    arrays: dict[str, AnyArray] = {}
    taken: list[str] = []
    for layer in layers:
        if isinstance(layer, Flatten):
            maps = layer.input_shape
        if not isinstance(layer, TrainableLayer):
            continue
        number = len(taken) + 1
        group = next((one for one in groups if _fits(one, layer, framework)), None)
        if group is None:
            left = ", ".join(f"{one.name} {one.tensors['weight'].shape}" for one in groups[:6]) or "none"
            raise FormatError(
                f"has no tensors for layer {number}, {layer!r} with {layer.w.shape[1]} weights each; left are: {left}"
            )
        groups.remove(group)
        taken.append(group.name)
        w, b = _converted(group, layer, framework, maps if isinstance(layer, Dense) else None)
        if isinstance(layer, Dense):
            maps = None
        arrays[f"weights_{number}"], arrays[f"biases_{number}"] = w, b
    if groups:
        raise FormatError(f"has tensors that no layer takes: {', '.join(one.name for one in groups[:6])}")
    return arrays, tuple(taken)


def _groups(tensors: Mapping[str, AnyArray]) -> list[Group]:
    """Return the tensors by layer, in the order of their names, in which layer 10 follows layer 9."""
    groups: dict[str, Group] = {}
    for name in sorted(tensors, key=_natural):
        layer, last = _parts(name)
        if last in IGNORED:
            continue
        if last not in ROLES:
            raise FormatError(f"has {name}, which no layer of nn has; known are {', '.join(ROLES)}")
        own = groups.setdefault(layer, Group(layer or last, {})).tensors
        if ROLES[last] in own:
            raise FormatError(f"has two tensors for the {ROLES[last]} of {layer or last}")
        own[ROLES[last]] = tensors[name]
    if without := [group.name for group in groups.values() if "weight" not in group.tensors]:
        raise FormatError(f"has no weights for {', '.join(without[:6])}")
    return list(groups.values())


def _parts(name: str) -> tuple[str, str]:
    """Return the name of the layer and the last part: ``features.0`` and ``weight``."""
    found = re.fullmatch(r"(?:(.*)[./])?([^./]+?)(?::0)?", name)
    return (found[1] or "", found[2]) if found else (name, "")


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d{1,9})", name)]


def _fits(group: Group, layer: TrainableLayer, framework: Framework) -> bool:
    """Return whether the tensors of a group have the shapes of a layer's weights."""
    shape, is_keras = group.tensors["weight"].shape, framework == "keras"
    match layer:
        case Dense():
            return shape == ((layer.inputs, layer.outputs) if is_keras else (layer.outputs, layer.inputs))
        case Convolution():
            channels, k = layer.input_shape[2], layer.k
            return shape == ((k, k, channels, layer.filters) if is_keras else (layer.filters, channels, k, k))
        case BatchNormalization():
            return shape == (len(layer.b),) and {"mean", "variance"} <= set(group.tensors)
    return False


def _converted(
    group: Group, layer: TrainableLayer, framework: Framework, maps: tuple[int, ...] | None
) -> tuple[AnyArray, AnyArray]:
    """Return weights and biases in the order of nn; ``maps`` is the shape that was flattened before the layer."""
    w = group.tensors["weight"]
    b = group.tensors.get("bias", np.zeros(len(layer.b), w.dtype))
    _check(group, layer, b)
    if isinstance(layer, BatchNormalization):
        extra = KERAS_EPSILON - EPSILON if framework == "keras" else 0
        w = np.column_stack([w, group.tensors["mean"], group.tensors["variance"] + w.dtype.type(extra)])
    elif isinstance(layer, Convolution):
        w = (w.transpose(3, 0, 1, 2) if framework == "keras" else w.transpose(0, 2, 3, 1)).reshape(layer.w.shape)
    else:
        w = w.T if framework == "keras" else w
        if maps is not None:
            height, width, channels = maps
            if framework == "keras":
                w = w.reshape(-1, height, width, channels).transpose(0, 1, 3, 2)
            else:
                w = w.reshape(-1, channels, height, width).transpose(0, 2, 1, 3)
            w = w.reshape(layer.w.shape)
    return _stored(w), _stored(b)


def _check(group: Group, layer: TrainableLayer, b: AnyArray) -> None:
    """Raise FormatError unless all tensors of a group are real numbers, and one for each neuron where that is due."""
    rest = [array for role, array in group.tensors.items() if role != "weight"]
    if any(array.shape != (len(layer.b),) for array in [*rest, b]):
        raise FormatError(f"has {group.name} with biases that do not fit {layer!r}")
    if any(array.dtype.kind != "f" for array in group.tensors.values()):
        raise FormatError(f"has {group.name} of a type that is not real")


def _stored(array: AnyArray) -> AnyArray:
    """Return an array as an artifact stores it; half precision becomes single."""
    return np.ascontiguousarray(array, np.float32 if array.dtype.itemsize < 4 else array.dtype)


def shift_inputs(arrays: dict[str, AnyArray], mean: float, deviation: float) -> bool:
    """Change the first layer for inputs from 0 to 1, where it was trained on ``(input - mean) / deviation``.

    Return False if finite weights and biases became infinite.

    The layer computes ``w (x - mean) / deviation + b``, which is ``(w / deviation) x + (b - mean sum(w) / deviation)``.
    """
    w, b = arrays["weights_1"], arrays["biases_1"]
    were_finite = _are_finite(w, b)
    with np.errstate(all="ignore"):
        scaled = w.astype(np.float64) / deviation
        arrays["biases_1"] = (b - mean * scaled.sum(axis=1)).astype(b.dtype)
        arrays["weights_1"] = scaled.astype(w.dtype)
    return not were_finite or _are_finite(arrays["weights_1"], arrays["biases_1"])


def _are_finite(*arrays: AnyArray) -> bool:
    return all(bool(np.isfinite(array).all()) for array in arrays)
