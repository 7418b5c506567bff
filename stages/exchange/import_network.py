"""The stage `import`: a network of another program as a weights artifact."""

from dataclasses import dataclass
from functools import partial
from math import isfinite, isqrt
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.models.arrays.limits import check_image
from nndigits.models.layers.activations import LEAK, LEAKY_RELU
from nndigits.models.layers.base import Layer, TrainableLayer
from nndigits.models.layers.initializers import stand_ins
from nndigits.models.layers.normalization import BatchNormalization
from nndigits.models.network.architecture import build, line_of
from nndigits.models.network.costs import COSTS
from nndigits.stages.exchange import book_json, foreign_state
from nndigits.stages.exchange.export import SAFETENSORS
from nndigits.stages.exchange.foreign_state import Framework
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.parameters import is_imported
from nndigits.stages.store import artifacts, files, metadata, safetensors
from nndigits.stages.store.artifacts import Artifact, Meta
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.store.kinds import check
from nndigits.stages.store.npz import AnyArray, FormatError
from nndigits.stages.store.patterns import SchemaError
from nndigits.stages.store.safetensors import OWN

JSON, WEIGHTS = ".json", "weights"
HINT = "Expected a .safetensors file, or the .json of the book's network2.py"
MOST_BYTES = 2**30
COST_OF = {cost.activation: name for name, cost in COSTS.items()}
"""The cost that an imported network would be trained with, by its last activation."""


@dataclass(frozen=True)
class ImportReport:
    """The weights that were written.

    Attributes
    ----------
    exported
        Whether nn had exported them, and they are the same file again.
    taken
        The names of the tensors of another program that each layer with weights has taken.
    """

    out: Path
    path: Path
    what: str
    exported: bool
    taken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preparation:
    """What a file does not say about its network.

    Attributes
    ----------
    layers
        The layers as text, as for `nn train`.
    image
        Height and width of the images; None for square ones.
    mean, deviation
        The network was trained on ``(input - mean) / deviation``, with inputs from 0 to 1.
    framework
        Whose state it is; None to tell by the names of the tensors.
    """

    layers: str = ""
    image: tuple[int, int] | None = None
    mean: float = 0.0
    deviation: float = 1.0
    framework: Framework | None = None


def import_network(path: Path, out: Path, preparation: Preparation | None = None) -> ImportReport:
    """Write the network of a file as a weights artifact.

    A ``.safetensors`` file of `nn export` becomes the artifact that it was made from, byte by byte. Other ones hold the
    state of a network of PyTorch or Keras (``foreign_state.py``). A ``.json`` file is one of the book's chapter 2.

    Raises
    ------
    InputError
        The file is missing or damaged, or does not fit the layers.
    UsageError
        The layers are missing or wrong.
    """
    preparation = preparation or Preparation()
    artifacts.check_output(out, "weights", path, example="weights.npz")
    _check_preparation(preparation)
    blob = files.read(path, hint=HINT, limit=book_json.MOST_BYTES if path.suffix == JSON else MOST_BYTES)
    try:
        meta, arrays, taken = _decoded(path, blob, preparation)
        exported = taken is None
        check(meta, arrays)
        if meta["kind"] != WEIGHTS:
            raise SchemaError(f"holds a file of nn of the kind {meta['kind']}, expected {WEIGHTS}")
        network = network_artifacts.from_artifact(Artifact(path, meta, "", arrays))
        if exported:
            _refuse_given(preparation, ("layers", "image", "mean", "deviation", "framework"))
    except (FormatError, SchemaError) as error:
        raise InputError(f"{path}: {error}") from None
    earlier = metadata.existing(out)
    if earlier not in ({}, meta) and not is_imported(earlier["parameters"]):
        raise UsageError(f"{out}: holds another network, which was trained here. Move it, or name another output")
    artifacts.save(out, meta, arrays)
    return ImportReport(out, path, str(network), exported, taken or ())


def _check_preparation(preparation: Preparation) -> None:
    """Raise UsageError for an impossible size of images, mean or standard deviation."""
    if not isfinite(preparation.mean):
        raise UsageError("expected a number", "mean", preparation.mean)
    if not (isfinite(preparation.deviation) and preparation.deviation > 0):
        raise UsageError("expected a positive number", "std", preparation.deviation)
    if preparation.image is not None:
        try:
            check_image(preparation.image)
        except ValueError as error:
            raise UsageError(str(error), "image") from None


def _decoded(
    source: Path, blob: bytes, preparation: Preparation
) -> tuple[Meta, dict[str, AnyArray], tuple[str, ...] | None]:
    """Return the description and the arrays of an artifact, and the tensors that each layer took; None if nn's own."""
    if source.suffix == JSON:
        sizes, cost, arrays = book_json.decode(blob)
        _refuse_given(preparation, ("layers", "framework"))
        image = preparation.image or _square(sizes[0])
        try:
            check_image(image)
            line = ", ".join(f"dense {size} sigmoid" for size in sizes[1:])
            layers = build(line, image, partial(stand_ins, arrays["weights_1"].dtype))
        except ValueError as error:
            raise FormatError(str(error)) from None
        _shift(arrays, layers, preparation)
        return _description(layers, image, cost, str(arrays["weights_1"].dtype)), arrays, ()
    if source.suffix != SAFETENSORS:
        own = "is an .npz file; `nn show` says whether nn can read it as it is"
        raise InputError(f"{source}: {own if source.suffix == '.npz' else 'is of an unknown format'}. {HINT}")
    tensors, texts = safetensors.decode(blob)
    if OWN in texts:
        return metadata.from_json(np.frombuffer(texts[OWN].encode(), np.uint8)), tensors, None
    if not tensors:
        raise FormatError("has no tensors")
    if not preparation.layers:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in list(tensors.items())[:8])
        raise UsageError(f"is needed for the tensors {shapes}: such as 'dense 30 sigmoid, dense 10 sigmoid'", "layers")
    image = preparation.image or (28, 28)
    layers = _layers(preparation.layers, image, np.float32)
    framework = preparation.framework or foreign_state.framework_of(list(tensors))
    if any(getattr(layer, "activation", None) is LEAKY_RELU for layer in layers):
        raise UsageError(
            f"a leaky ReLU has the slope {LEAK:.4f} here, 0.01 in PyTorch and 0.3 in Keras: "
            "the network would be another one",
            "layers",
        )
    arrays, taken = foreign_state.to_arrays(tensors, layers, framework)
    if not arrays:
        raise UsageError("have no weights", "layers", preparation.layers)
    _shift(arrays, layers, preparation)
    cost = COST_OF.get(str(getattr(layers[-1], "activation", "")), "quadratic")
    return _description(layers, image, cost, str(arrays["weights_1"].dtype)), arrays, taken


def _refuse_given(preparation: Preparation, names: tuple[str, ...]) -> None:
    """Raise UsageError if one of these is given for a file that describes it itself."""
    for name in names:
        if getattr(preparation, name) != getattr(Preparation(), name):
            option = "std" if name == "deviation" else name
            raise UsageError("is for tensors of other programs; this file describes its network itself", option)


def _shift(arrays: dict[str, AnyArray], layers: list[Layer], preparation: Preparation) -> None:
    """Change the first layer for inputs from 0 to 1; raises UsageError if that is impossible."""
    if (preparation.mean, preparation.deviation) == (0.0, 1.0):
        return
    if isinstance(next(layer for layer in layers if isinstance(layer, TrainableLayer)), BatchNormalization):
        raise UsageError("cannot be taken into a first layer that normalizes", "mean", preparation.mean)
    if not foreign_state.shift_inputs(arrays, preparation.mean, preparation.deviation):
        given = f"mean {preparation.mean:g} and std {preparation.deviation:g}"
        raise UsageError(f"{given} make weights of the first layer that are not finite", "std")


def _layers(line: str, image: tuple[int, int], dtype: Any) -> list[Layer]:
    """Return the layers that a text describes, with stand-ins for their parameters."""
    try:
        return build(line, image, partial(stand_ins, dtype))
    except ValueError as error:
        raise UsageError(str(error), "layers") from None


def _square(pixels: int) -> tuple[int, int]:
    side = isqrt(pixels)
    return (side, side) if side * side == pixels else (1, pixels)


def _description(layers: list[Layer], image: tuple[int, int], cost: str, dtype: str) -> Meta:
    """Return the description of imported weights. How they were trained is unknown."""
    about = {"layers": [repr(layer) for layer in layers], "cost": cost, "image": list(image)}
    return artifacts.describe(
        WEIGHTS,
        parameters={"hidden": [], "layers": line_of(layers), "cost": cost, "dtype": dtype},
        dataset={"name": "unknown", "verified": False, "classes": layers[-1].outputs, "source": {}},
        about={**about, "epoch": 0, "validation_correct": 0, "validation_total": 0},
    )
