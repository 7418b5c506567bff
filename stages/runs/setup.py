"""What a run's parameters mean for its data: layers and threads, the mini-batches of an epoch, and early stopping."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

import numpy as np
from threadpoolctl import threadpool_limits

from nndigits.models.arrays import blas
from nndigits.models.arrays.types import Array, Bytes, Images, Integers
from nndigits.models.augmentation.distort import Distorter
from nndigits.models.augmentation.specification import NOTHING, parse_distortion
from nndigits.models.network.network import Network
from nndigits.models.training.data_parallel import best_shard_count
from nndigits.models.training.mini_batches import mini_batches
from nndigits.models.training.schedules import MOST_HALVINGS, epochs_without_best, halvings
from nndigits.models.training.trainer import Trainer
from nndigits.stages.runs.constraints import distortion_of
from nndigits.stages.runs.new_network import layers_for
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.artifacts import Artifact, fetch_command
from nndigits.stages.store.errors import UsageError
from nndigits.stages.system.machine import processors
from nndigits.stages.words.numbers import percent

NONE = parse_distortion(NOTHING)


@contextmanager
def training_context() -> Iterator[None]:
    """Limit BLAS to one thread, and silence warnings of numbers that are not finite.

    The shards of a mini-batch have threads of their own. ``train`` checks for finite numbers after each epoch.
    """
    blas.load()  # SciPy has a BLAS of its own, which must be loaded to be limited
    with threadpool_limits(1, "blas"), np.errstate(over="ignore", invalid="ignore"):
        yield


def steps_in_epoch(parameters: Parameters, images: int) -> int:
    """Return the number of mini-batches in an epoch; the last may be short."""
    return -(-images // parameters.batch)


def epoch_batches(
    parameters: Parameters,
    trainer: Trainer,
    images: Images,
    labels: Integers,
    rng: np.random.Generator,
    weights: Array | None = None,
) -> Iterator[tuple[Array, Array]]:
    """Yield the mini-batches of an epoch; ``rng`` decides their order and distortions. Only bytes can be distorted.

    With ``weights``, ``(n,)``, systematic sampling draws each sample as often as its share of n draws, rounded down or up.
    """
    outputs, spread = trainer.network.last.outputs, parameters.label_smoothing
    encoding: Array = np.eye(outputs, dtype=trainer.network.dtype) * (1 - spread) + spread / outputs
    order = rng.permutation(len(images))
    if weights is not None:
        points = (order + rng.random()) / len(images)
        order = np.searchsorted(np.cumsum(weights / weights.sum())[:-1], points, side="right")
    trainer.network.begin_epoch(rng)
    distortion = distortion_of(parameters.distort, images.shape[1:])
    if distortion == NONE:
        return mini_batches(images, labels, encoding, parameters.batch, order)

    distorter = Distorter(cast("tuple[int, int]", images.shape[1:]), distortion, rng)

    def fill(chosen: Images, out: Array) -> None:
        distorter.fill(cast("Bytes", chosen), out)

    return mini_batches(images, labels, encoding, parameters.batch, order, fill)


def resolved(parameters: Parameters, data: Artifact) -> Parameters:
    """Return the parameters with what depends on the data in full: the distortion, and the number of outputs."""
    return replace(
        parameters,
        distort=str(distortion_of(parameters.distort, data.arrays["train_images"].shape[1:])),
        layers=layers_for(parameters, data.meta["dataset"]["classes"]),
    )


def with_threads(parameters: Parameters, network: Network, images: int) -> Parameters:
    """Return the parameters with the fastest number of threads, unless they give one."""
    if parameters.threads is not None:
        return parameters
    return replace(parameters, threads=best_shard_count(network, min(parameters.batch, images), processors()))


def check_data(parameters: Parameters, data: Artifact) -> None:
    """Raise UsageError for parameters that do not fit the number of training or validation images of a data set."""
    images, validation = len(data.arrays["train_images"]), len(data.arrays["validation_images"])
    if parameters.patience is not None and not validation:
        dataset = data.meta["dataset"]
        command = fetch_command(dataset["name"], dataset["verified"], data.path)
        raise UsageError(
            "waits for a new best on the validation images, and there are none; "
            f"fetch some with `{command}`, or leave it out",
            "patience",
            parameters.patience,
        )
    taken = parameters.eta * parameters.l2 / images
    if taken >= 1:
        raise UsageError(
            f"with eta {parameters.eta:g} and {images:,} images every step would take {percent(taken, 0)} of each "
            "weight; the book takes 5.0, with eta 0.1 and 50,000 images",
            "l2",
            parameters.l2,
        )


def halved(parameters: Parameters, correct: Sequence[int]) -> int:
    """Return how often eta has been halved, from the correct validation images after each epoch so far."""
    if parameters.schedule != "halve" or parameters.patience is None:
        return 0
    return halvings(correct, parameters.patience)


def is_finished(parameters: Parameters, correct: Sequence[int]) -> bool:
    """Return whether to stop early: without a new best for ``patience`` epochs, or after the last halving of eta."""
    if parameters.patience is None:
        return False
    if parameters.schedule == "halve":
        return halved(parameters, correct) >= MOST_HALVINGS
    return epochs_without_best(correct) >= parameters.patience
