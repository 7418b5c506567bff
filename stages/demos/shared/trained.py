"""A network that has learned its digits: from ``weights.npz`` where that fits them, else trained briefly."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from nn.models.layers.convolution import Convolution
from nn.models.layers.dense import Dense
from nn.models.network.architecture import build, line_of
from nn.models.network.costs import QUADRATIC
from nn.models.network.network import Network, random_network
from nn.stages.demos.shared.data import CLASSES, Digits
from nn.stages.demos.shared.demo import Progress
from nn.stages.demos.shared.training import fit
from nn.stages.runs import network_artifacts
from nn.stages.store import artifacts
from nn.stages.store.errors import InputError

WEIGHTS = Path("artifacts/weights.npz")
"""Where ``nn train`` leaves its weights. A file of another name must exist and fit; this one may do neither."""

HIDDEN, ETA = 30, 3.0
FEW, EPOCHS, EPOCHS_OF_FEW = 5_000, 6, 30
"""Fewer images than this are learned more often: they are quickly done, and one epoch of them is few steps."""


def other_layers(network: Network) -> str:
    """Why a network is not one of dense layers alone, as the chapter's are; nothing if it is."""
    return "" if all(type(layer) is Dense for layer in network.layers) else "has other layers than the chapter's"


def no_pictures(network: Network) -> str:
    """Why the weights of the first layer are no pictures, neither of whole images nor filters."""
    first = network.layers[0]
    return "" if isinstance(first, Dense | Convolution) else f"begins with {first!r}, which has no weights to show"


def trained_network(
    weights: Path,
    digits: Digits,
    *,
    seed: int,
    progress: Progress,
    complaint: Callable[[Network], str] = other_layers,
) -> tuple[Network, str]:
    """Give a network in double precision, and a sentence that says where it comes from.

    ``complaint`` says of a network why it cannot be shown. Raises InputError for weights that were named but do not
    fit the digits.
    """
    why = f"there is no {WEIGHTS.as_posix()}"
    if weights != WEIGHTS or weights.exists():
        network = network_artifacts.from_artifact(artifacts.load(weights, "weights"))
        unfit = complaint(network) or _unfit(network, digits)
        if not unfit:
            return _in_double(network, digits), f"Network: {network}, from {weights}."
        if weights != WEIGHTS:
            raise InputError(f"{weights}: {unfit}; train with that data, or name no weights")
        why = f"{weights.as_posix()} {unfit}"
    rng = np.random.default_rng(seed)
    network = random_network([digits.pixels, HIDDEN, CLASSES], rng)
    epochs = EPOCHS_OF_FEW if len(digits.train_images) < FEW else EPOCHS
    fit(network, digits, str, epochs=epochs, eta=ETA, rng=rng, progress=progress)
    return _in_double(network, digits), f"Network: {network}, trained here for {epochs} epochs at eta {ETA:g} ({why})."


def _unfit(network: Network, digits: Digits) -> str:
    """Why a network cannot be shown these digits, or nothing."""
    pixels, outputs = network.inputs, network.last.outputs
    if pixels != digits.pixels or outputs != CLASSES:
        return f"takes {pixels} pixels and gives {outputs} outputs, the digits have {digits.pixels} pixels"
    return ""


def _in_double(network: Network, digits: Digits) -> Network:
    """The same network in double precision, by the chapter's quadratic cost: small changes are to be seen in it."""
    kept = iter([(layer.w.astype(float), layer.b.astype(float)) for layer in network.trainable_layers])
    layers = build(line_of(network.layers), digits.shape, lambda _neurons, _inputs, _start=None: next(kept))
    return Network(layers, QUADRATIC)
