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
from nndigits.models.training.data_parallel import DataParallel
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.models.training.penalties import Penalties
from nndigits.models.training.schedules import SCHEDULES
from nndigits.models.training.trainer import Trainer, TrainingConfig
from nndigits.stages.runs import network_artifacts, setup
from nndigits.stages.runs.new_network import new_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import Diverged
from nndigits.stages.store.kinds import MOST_COST
from nndigits.stages.store.npz import AnyArray
from nndigits.stages.store.result_files import EpochRow

SAMPLED, MOST_SAMPLED = 20, 1000
"""One of so many training images is classified after each epoch, and at most so many: about 2 % of the epoch."""

USUAL_MOMENTUM = 0.9

Samples = tuple[Images, Integers]
"""Images, ``(n, height, width)``, and their labels, ``(n,)``."""


@dataclass
class Run:
    """The state of a training run: network, trainer, random generator, best weights so far, and a row of each epoch."""

    parameters: Parameters
    network: Network
    trainer: Trainer
    rng: np.random.Generator
    best: dict[str, AnyArray] = field(default_factory=dict)
    best_epoch: int = -1
    rows: list[EpochRow] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    """The versions that the checkpoint of a resumed run was made with."""
    weights: "Array | None" = None
    """The weights of the training samples, ``(n,)``; None where all count the same."""

    @property
    def correct(self) -> list[int]:
        """The correct validation samples after each epoch."""
        return [row.validation_correct for row in self.rows]


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
    return Run(parameters, network, make_trainer(parameters, network, samples), rng)


def run_on(data: Artifact, parameters: Parameters) -> Run:
    """Return a run on a data artifact before its first epoch, with a network of random weights."""
    images = data.arrays["train_images"]
    return new_run(setup.resolved(parameters, data), images.shape[1:], data.meta["dataset"]["classes"], len(images))


def make_trainer(parameters: Parameters, network: Network, images: int) -> Trainer:
    """Return the trainer that the parameters describe, for a number of training images."""
    config = TrainingConfig(
        eta=parameters.eta,
        optimizer=OPTIMIZERS[parameters.optimizer],
        momentum=USUAL_MOMENTUM if parameters.momentum is None else parameters.momentum,
        schedule=SCHEDULES[parameters.schedule],
        warm_up=parameters.warm_up,
        penalties=Penalties(parameters.l2, parameters.l1, parameters.max_norm),
        average=parameters.average,
    )
    shards = parameters.threads or 1
    parallel = DataParallel(network, shards) if shards > 1 else network
    return Trainer(parallel, config, n=images, steps=parameters.epochs * setup.steps_in_epoch(parameters, images))


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
    chosen = training_sample(run.network, training[1])
    sample, sample_labels = training[0][chosen], training[1][chosen]
    for epoch in range(len(run.rows), run.parameters.epochs):
        if setup.is_finished(run.parameters, run.correct):
            return
        run.trainer.halvings = setup.halved(run.parameters, run.correct)
        started = time.perf_counter()
        cost = _learn(run, training, on_images)
        with run.trainer.averaged(), _finite_outputs(run, epoch):
            outputs = run.trainer.network.outputs(images)
            correct = count_correct(outputs, labels)
            seen = count_correct(run.trainer.network.outputs(sample), sample_labels)
            if run.parameters.keep == "last" or not len(images) or correct > max(run.correct, default=-1):
                run.best, run.best_epoch = network_artifacts.to_arrays(run.network), epoch
        validation_cost = _mean_cost(run.network, outputs, labels)
        row = EpochRow(epoch, cost, correct, len(images), validation_cost, seen, len(sample), run.trainer.eta)
        run.rows.append(row)
        yield EpochReport(**row._asdict(), seconds=time.perf_counter() - started)


def training_sample(network: Network, labels: Integers) -> Integers:
    """Return the indices of the training images that are classified after each epoch, without those of no class."""
    sample = np.arange(0, len(labels), max(SAMPLED, -(-len(labels) // MOST_SAMPLED)))
    return sample[labels[sample] < network.classes]


def _mean_cost(network: Network, outputs: Array, labels: Integers) -> float:
    """Return the mean cost of outputs, ``(n, classes)``; 0 without any."""
    if not len(labels):
        return 0.0
    targets = np.eye(network.classes, dtype=outputs.dtype)[labels]
    cost = network.cost.evaluate(outputs, targets, np.empty_like(outputs)) / len(labels)
    return min(cost, MOST_COST)


def learn(run: Run, training: Samples) -> None:
    """Train for one epoch, as ``epochs`` does, and evaluate nothing."""
    cost = _learn(run, training)
    run.rows.append(EpochRow(len(run.rows), cost, 0, 0, 0.0, 0, 0, run.trainer.eta))


def _learn(run: Run, training: Samples, on_images: Callable[[int, int, int], None] | None = None) -> float:
    """Train for one epoch, and return the mean cost of a sample; raises Diverged if it or a weight is not finite."""
    images, labels = training
    epoch = len(run.rows)
    batches = setup.epoch_batches(run.parameters, run.trainer, images, labels, run.rng, run.weights)
    progress = None if on_images is None else partial(on_images, epoch, len(images))
    cost = train_epoch(run.trainer, batches, len(images), progress)
    weights = [layer.parameters for layer in run.network.trainable_layers]
    arrays = [*weights, *(array for arrays in run.trainer.state().values() for array in arrays)]
    if not abs(cost) <= MOST_COST or not all(np.isfinite(array).all() for array in arrays):
        raise _diverged(run, epoch, "weights or cost")
    return cost


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
