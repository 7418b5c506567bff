"""A network with a reject class: read from a file, or trained on digits and on crops that are not digits."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from nndigits.models.negatives.hard_negatives import labelled_crops
from nndigits.models.network.network import Network
from nndigits.stages.demos.shared import training
from nndigits.stages.demos.shared.data import CLASSES, Digits
from nndigits.stages.demos.shared.demo import Progress
from nndigits.stages.demos.shared.texts import Say
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.new_network import new_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.environment import artifacts_folder
from nndigits.stages.store.errors import InputError

say = Say("segmentation")

READER = artifacts_folder() / "reader.npz"
"""Written by ``nn train --recipe reader -o artifacts/reader.npz``. Only this file may be missing."""

MOST_TRAIN, STRIPS, HIDDEN, EPOCHS, ETA = 5_000, 300, 60, 20, 1.0
"""Images, composed strips, hidden neurons, epochs and learning rate of a network that is trained here."""


def reject_network(weights: Path, digits: Digits, rng: np.random.Generator, progress: Progress) -> tuple[Network, str]:
    """Return a network with a reject class, and a sentence that says where it comes from.

    Raises InputError if ``weights`` is another file than ``READER`` and does not fit the digits.
    """
    if weights != READER or weights.exists():
        network = network_artifacts.from_artifact(artifacts.load(weights, "weights"))
        if network.has_reject_class and network.classes == CLASSES and network.inputs == digits.pixels:
            return network, say("network-from", network=network, file=weights)
        if weights != READER:
            raise InputError(say("no-reject", file=weights))
    few = replace(digits, train_images=digits.train_images[:MOST_TRAIN], train_labels=digits.train_labels[:MOST_TRAIN])
    network = _train(few, rng, progress)
    made = {"images": len(few.train_images), "strips": STRIPS, "file": READER.as_posix()}
    return network, say("network-trained-here-on-images", network=network, **made)


def _train(digits: Digits, rng: np.random.Generator, progress: Progress) -> Network:
    """Train a small network on the images, and on digits and negatives cropped from composed strips."""
    images, labels = digits.train_images, digits.train_labels
    crops, of_crops = labelled_crops(
        images, labels, CLASSES, STRIPS, rng, lambda done: progress(say("cutting"), done, STRIPS)
    )
    images, labels = np.concatenate([images, crops]), np.concatenate([labels, of_crops])
    samples = replace(digits, train_images=images, train_labels=labels)
    parameters = Parameters(hidden=(HIDDEN,), init="N(0,1/n)", rejects=1.0)
    network = new_network(parameters, digits.shape, CLASSES, rng)
    encoding = np.eye(CLASSES + 1)
    training.fit(network, samples, str, epochs=EPOCHS, eta=ETA, rng=rng, encoding=encoding, progress=progress)
    return network
