"""A training run: its state, and the epochs in which it learns (chapter 1, "Learning with gradient descent").

`nn train` and the estimators for scikit-learn run the same epochs. ``setup.py`` has what the parameters mean.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from nndigits.models.arrays.types import Array, Images, Integers
from nndigits.models.network.metrics import count_correct
from nndigits.models.network.network import Network
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.trainer import Trainer
from nndigits.stages.runs import network_artifacts, setup
from nndigits.stages.runs.new_network import new_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.errors import Diverged
from nndigits.stages.store.kinds import MOST_COST
from nndigits.stages.store.npz import AnyArray

SAMPLED, MOST_SAMPLED = 20, 1000
"""One of so many training images is classified after each epoch, and at most so many: about 2 % of the epoch."""

Samples = tuple[Images, Integers]
"""Images, ``(n, height, width)``, and their labels, ``(n,)``."""


@dataclass
class Run:
    """The state of a training run: network, trainer, random generator, best weights so far, and results per epoch."""

    parameters: Parameters
    network: Network
    trainer: Trainer
    rng: np.random.Generator
    best: dict[str, AnyArray] = field(default_factory=dict)
    best_epoch: int = -1
    costs: list[float] = field(default_factory=list)
    correct: list[int] = field(default_factory=list)
    validation_costs: list[float] = field(default_factory=list)
    training_correct: list[int] = field(default_factory=list)
    etas: list[float] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    """The versions that the checkpoint of a resumed run was made with."""
    weights: "Array | None" = None
    """The weights of the training samples, ``(n,)``; None where all count the same."""


@dataclass(frozen=True)
class EpochReport:
    """The result of an epoch; ``cost`` is the mean over the training samples, each before its mini-batch's update.

    ``training_correct`` counts a sample of the training images. ``validation_cost`` is without penalties, and 0 without
    validation images. ``eta`` is the learning rate at the end of the epoch.
    """

    epoch: int
    validation_correct: int
    validation_total: int
    cost: float
    seconds: float
    validation_cost: float
    training_correct: int
    training_total: int
    eta: float


def new_run(
    parameters: Parameters, image: tuple[int, int], classes: int, samples: int, network: Network | None = None
) -> Run:
    """Return a run before its first epoch, for a number of training samples.

    ``network`` is the one to continue with; None for a new one with random weights. Raises UsageError for layers that
    do not fit together, the images or the number of classes.
    """
    rng = np.random.default_rng(parameters.seed)
    network = network or new_network(parameters, image, classes, rng)
    parameters = setup.with_threads(parameters, network, samples)
    return Run(parameters, network, setup.make_trainer(parameters, network, samples), rng)


def epochs(
    run: Run, training: Samples, validation: Samples, on_images: Callable[[int, int, int], None] | None = None
) -> Iterator[EpochReport]:
    """Train for the remaining epochs; after each, evaluate on the validation samples, and yield a report.

    To be used inside ``setup.training_context``. ``validation`` may be empty.

    Parameters
    ----------
    on_images
        Called about a hundred times an epoch with the epoch, its number of images, and the number done.

    Raises
    ------
    Diverged
        Weights, cost or outputs are no longer finite.
    """
    images, labels = validation
    sample, sample_labels = training_sample(run.network, training)
    for epoch in range(len(run.costs), run.parameters.epochs):
        if setup.is_finished(run.parameters, run.correct):
            return
        run.trainer.halvings = setup.halved(run.parameters, run.correct)
        started = time.perf_counter()
        learn(run, training, on_images)
        with run.trainer.averaged(), _finite_outputs(run, epoch):
            outputs = run.trainer.network.outputs(images)
            correct = count_correct(outputs, labels)
            seen = count_correct(run.trainer.network.outputs(sample), sample_labels)
            if run.parameters.keep == "last" or not len(images) or correct > max(run.correct, default=-1):
                run.best, run.best_epoch = network_artifacts.to_arrays(run.network), epoch
        run.correct.append(correct)
        run.validation_costs.append(_mean_cost(run.network, outputs, labels))
        run.training_correct.append(seen)
        run.etas.append(run.trainer.eta)
        yield EpochReport(
            epoch,
            correct,
            len(images),
            run.costs[-1],
            time.perf_counter() - started,
            run.validation_costs[-1],
            seen,
            len(sample),
            run.etas[-1],
        )


def training_sample(network: Network, training: Samples) -> Samples:
    """Return the training images that are classified after each epoch, without those of no class."""
    step = max(SAMPLED, -(-len(training[1]) // MOST_SAMPLED))
    images, labels = training[0][::step], training[1][::step]
    chosen = labels < network.classes
    return images[chosen], labels[chosen]


def _mean_cost(network: Network, outputs: Array, labels: Integers) -> float:
    """Return the mean cost of outputs, ``(n, classes)``; 0 without any."""
    if not len(labels):
        return 0.0
    targets = np.eye(network.classes, dtype=outputs.dtype)[labels]
    cost = network.cost.evaluate(outputs, targets, np.empty_like(outputs)) / len(labels)
    return min(cost, MOST_COST)


def learn(run: Run, training: Samples, on_images: Callable[[int, int, int], None] | None = None) -> None:
    """Train for one epoch, as ``epochs`` does, and evaluate nothing."""
    images, labels = training
    epoch = len(run.costs)
    batches = setup.epoch_batches(run.parameters, run.trainer, images, labels, run.rng, run.weights)
    progress = None if on_images is None else partial(on_images, epoch, len(images))
    cost = train_epoch(run.trainer, batches, len(images), progress)
    weights = [layer.parameters for layer in run.network.trainable_layers]
    arrays = [*weights, *(array for arrays in run.trainer.state().values() for array in arrays)]
    if not abs(cost) <= MOST_COST or not all(np.isfinite(array).all() for array in arrays):
        raise _diverged(run, epoch, "weights or cost")
    run.costs.append(cost)


def take_best(run: Run, images: Images) -> Array:
    """Give the network the best weights of a run, and return its outputs for images, ``(n, classes)``."""
    network_artifacts.set_parameters(run.network, run.best)
    with setup.training_context():
        return run.network.outputs(images)


@contextmanager
def _finite_outputs(run: Run, epoch: int) -> Iterator[None]:
    """Turn the FloatingPointError of a network whose weights are too large to compute with into Diverged."""
    try:
        yield
    except FloatingPointError:
        raise _diverged(run, epoch, "outputs for the validation images") from None


def _diverged(run: Run, epoch: int, what: str) -> Diverged:
    eta, usual = run.parameters.eta, Parameters.eta
    return Diverged(
        f"training diverged in epoch {epoch}: {what} are no longer finite numbers. "
        f"Try a smaller eta than {eta:g}" + (f"; the chapter takes {usual}" if eta > usual else "")
    )
