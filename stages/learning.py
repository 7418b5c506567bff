"""From what a run was told to what learns: the trainer, the mini-batches of an epoch, and when enough is enough."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nn.models.arrays import Array, Bytes, Integers
from nn.models.batches import mini_batches
from nn.models.distort import distort
from nn.models.distortion import NOTHING, read_distortion
from nn.models.network import Network
from nn.models.penalties import Penalties
from nn.models.rules import RULES
from nn.models.schedules import MOST_HALVINGS, SCHEDULES, epochs_without_best, halvings
from nn.models.side_by_side import SideBySide
from nn.models.trainer import Method, Trainer
from nn.stages import distortions
from nn.stages.errors import UsageError
from nn.stages.parameters import Parameters

USUAL_MOMENTUM = 0.9
NONE = read_distortion(NOTHING)


def make_trainer(parameters: Parameters, network: Network, images: int) -> Trainer:
    """What learns as the parameters say, from so many training images."""
    method = Method(
        eta=parameters.eta,
        rule=RULES[parameters.rule],
        mu=USUAL_MOMENTUM if parameters.momentum is None else parameters.momentum,
        schedule=SCHEDULES[parameters.schedule],
        warm_up=parameters.warm_up,
        penalties=Penalties(parameters.l2, parameters.l1, parameters.max_norm),
        average=parameters.average,
    )
    learner = network if parameters.threads == 1 else SideBySide(network, parameters.threads)
    return Trainer(learner, method, n=images, steps=parameters.epochs * steps_in_epoch(parameters, images))


def steps_in_epoch(parameters: Parameters, images: int) -> int:
    """How many mini-batches an epoch has; the last may be short."""
    return -(-images // parameters.batch)


def epoch(
    parameters: Parameters, trainer: Trainer, code: Array, images: Bytes, labels: Integers, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """The mini-batches of an epoch, in an order and with distortions that ``rng`` decides.

    ``code`` has the wanted outputs of each digit, ``(classes, outputs)``, in the network's precision.
    """
    order = rng.permutation(len(images))
    trainer.begin_epoch(rng)
    distortion = distortions.read(parameters.distort, images.shape[1:])
    if distortion == NONE:
        return mini_batches(images, labels, code, parameters.batch, order)

    def fill(chosen: Bytes, out: Array) -> None:
        distort(chosen, distortion, rng, out)

    return mini_batches(images, labels, code, parameters.batch, order, fill)


def one_output_a_digit(network: Network) -> Array:
    """The chapter's code: 1 in the place of the digit."""
    code: Array = np.eye(network.last.outputs, dtype=network.dtype)
    return code


def settled(parameters: Parameters, images: Bytes) -> Parameters:
    """The parameters, with a distortion that depends on the images' size written out."""
    return replace(parameters, distort=str(distortions.read(parameters.distort, images.shape[1:])))


def check_sensible(parameters: Parameters, images: int, validation: int) -> None:
    """Raise UsageError for what makes no sense with so many training and validation images."""
    if parameters.patience is not None and not validation:
        raise UsageError(
            f"--patience {parameters.patience}: waits for a new best on the validation images, and there are none; "
            "fetch with --validation, or leave it out"
        )
    share = parameters.eta * parameters.l2 / images
    if share >= 1:
        raise UsageError(
            f"--l2 {parameters.l2:g}: with --eta {parameters.eta:g} and {images:,} images every step would take "
            f"{share:.0%} of each weight; the book takes 5.0, with eta 0.1 and 50,000 images"
        )


def halved(parameters: Parameters, correct: Sequence[int]) -> int:
    """How often eta has been halved, by the right answers on validation after each epoch so far."""
    if parameters.schedule != "halve" or parameters.patience is None:
        return 0
    return halvings(correct, parameters.patience)


def is_enough(parameters: Parameters, correct: Sequence[int]) -> bool:
    """Whether to stop before the last epoch: nothing has improved for long, or eta has been halved away."""
    if parameters.patience is None:
        return False
    if parameters.schedule == "halve":
        return halved(parameters, correct) >= MOST_HALVINGS
    return epochs_without_best(correct) >= parameters.patience
