"""A trained network for a demonstration: from ``weights.npz`` if it fits the digits, else trained briefly."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from nndigits.models.layers.convolution import Convolution
from nndigits.models.layers.dense import Dense
from nndigits.models.network.architecture import build, line_of
from nndigits.models.network.costs import QUADRATIC
from nndigits.models.network.network import Network, random_network
from nndigits.stages.demos.shared.data import CLASSES, Digits
from nndigits.stages.demos.shared.demo import Progress
from nndigits.stages.demos.shared.texts import Say, Text
from nndigits.stages.demos.shared.training import fit
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts
from nndigits.stages.store.environment import artifacts_folder
from nndigits.stages.store.errors import InputError

say = Say("shared")

WEIGHTS = artifacts_folder() / "weights.npz"
"""The output of ``nn train``. If it is missing or does not fit, a network is trained; any other path must fit."""

HIDDEN, EPOCHS, ETA = 30, 6, 3.0
MOST_WEIGHT = 1e6


def other_layers(network: Network) -> str:
    """Return a complaint about layers that are not dense, unlike the chapter's, or an empty text."""
    return "" if all(type(layer) is Dense for layer in network.layers) else say("other-layers")


def no_pictures(network: Network) -> str:
    """Return a complaint about a first layer without weights to draw as images or filters, or an empty text."""
    first = network.layers[0]
    return "" if isinstance(first, Dense | Convolution) else say("no-pictures", layer=repr(first))


def trained_network(
    weights: Path,
    digits: Digits,
    *,
    seed: int,
    progress: Progress,
    complaint: Callable[[Network], str] = other_layers,
) -> tuple[Network, Text]:
    """Return a network in double precision, and a sentence that says where it comes from.

    ``complaint`` returns why a network cannot be shown, or an empty text. Raises InputError if ``weights`` is not the
    default path and the network does not fit the digits or cannot be shown.
    """
    why = say("no-file", file=WEIGHTS.as_posix())
    if weights != WEIGHTS or weights.exists():
        network = network_artifacts.from_artifact(artifacts.load(weights, "weights"))
        problem = complaint(network) or _problem(network, digits)
        if not problem:
            return _in_double(network, digits), say("network-from", network=network, file=weights)
        if weights != WEIGHTS:
            raise InputError(say("unfit", file=weights, problem=problem))
        why = say("file-problem", file=weights.as_posix(), problem=problem)
    rng = np.random.default_rng(seed)
    network = random_network([digits.pixels, HIDDEN, CLASSES], rng)
    fit(network, digits, str, epochs=EPOCHS, eta=ETA, rng=rng, progress=progress)
    return _in_double(network, digits), say("network-trained", network=network, epochs=EPOCHS, eta=ETA, why=why)


def _problem(network: Network, digits: Digits) -> str:
    """Return why the network does not fit the digits or cannot be computed with, or an empty text."""
    pixels, outputs = network.inputs, network.last.outputs
    if pixels != digits.pixels or outputs != CLASSES:
        return say("mismatch", pixels=pixels, outputs=outputs, inputs=digits.pixels)
    greatest = max(float(np.abs(layer.parameters).max()) for layer in network.trainable_layers)
    return say("too-large", greatest=greatest) if greatest > MOST_WEIGHT else ""


def _in_double(network: Network, digits: Digits) -> Network:
    """Copy the network in double precision, so that small changes show, with the chapter's quadratic cost."""
    kept = iter([(layer.w.astype(float), layer.b.astype(float)) for layer in network.trainable_layers])
    layers = build(line_of(network.layers), digits.shape, lambda _neurons, _inputs, _start=None: next(kept))
    return Network(layers, QUADRATIC)
