"""A network that has learned its digits: from ``weights.npz`` where that fits them, else trained briefly."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from nn.models.architecture import build, line_of
from nn.models.costs import QUADRATIC
from nn.models.dense import Dense
from nn.models.network import Network, random_network
from nn.stages import networks, store
from nn.stages.demos.data import CLASSES, Digits
from nn.stages.demos.demo import Progress
from nn.stages.demos.training import fit
from nn.stages.errors import InputError

WEIGHTS = Path("artifacts/weights.npz")
"""Where ``nn train`` leaves its weights. A file of another name must exist and fit; this one may do neither."""

HIDDEN, ETA = 30, 3.0
FEW, EPOCHS, EPOCHS_OF_FEW = 5_000, 6, 30
"""Fewer images than this are learned more often: they are quickly done, and one epoch of them is few steps."""


def all_dense(network: Network) -> bool:
    """Whether a network has dense layers alone, as the chapter's do."""
    return all(type(layer) is Dense for layer in network.layers)


def trained_network(
    weights: Path,
    digits: Digits,
    *,
    seed: int,
    progress: Progress,
    accepts: Callable[[Network], bool] = all_dense,
) -> tuple[Network, str]:
    """Give a network in double precision, and a sentence that says where it comes from.

    ``accepts`` says of which layers it may be. Raises InputError for weights that were named but do not fit the digits.
    """
    why = f"there is no {WEIGHTS.as_posix()}"
    if weights != WEIGHTS or weights.exists():
        network = networks.from_artifact(store.load(weights, "weights"))
        unfit = _unfit(network, digits, accepts)
        if not unfit:
            return _in_double(network, digits), f"Network: {network}, from {weights}."
        if weights != WEIGHTS:
            raise InputError(f"{weights}: {unfit}; train with that data, or leave --weights out")
        why = f"{weights.as_posix()} {unfit}"
    rng = np.random.default_rng(seed)
    network = random_network([digits.pixels, HIDDEN, CLASSES], rng)
    epochs = EPOCHS_OF_FEW if len(digits.train_images) < FEW else EPOCHS
    fit(network, digits, str, epochs=epochs, eta=ETA, rng=rng, progress=progress)
    return _in_double(network, digits), f"Network: {network}, trained here for {epochs} epochs at eta {ETA:g} ({why})."


def _unfit(network: Network, digits: Digits, accepts: Callable[[Network], bool]) -> str:
    """Why a network cannot be shown these digits, or nothing."""
    if not accepts(network):
        return "has other layers than the chapter's"
    pixels, outputs = network.inputs, network.last.outputs
    if pixels != digits.pixels or outputs != CLASSES:
        return f"takes {pixels} pixels and gives {outputs} outputs, the digits have {digits.pixels} pixels"
    return ""


def _in_double(network: Network, digits: Digits) -> Network:
    """The same network in double precision, by the chapter's quadratic cost: small changes are to be seen in it."""
    kept = iter([(layer.w.astype(float), layer.b.astype(float)) for layer in network.learners])
    layers = build(line_of(network.layers), digits.shape, lambda neurons, inputs: next(kept))
    return Network(layers, QUADRATIC)
