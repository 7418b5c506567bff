"""Training of an estimator: the epochs of `nn train`, on arrays instead of files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nndigits.models.arrays.types import Array, Images
from nndigits.models.network.network import Network
from nndigits.sklearn.parameters import as_value_error
from nndigits.stages.runs import epochs, network_artifacts, setup
from nndigits.stages.runs.constraints import distortion_of
from nndigits.stages.runs.epochs import Samples
from nndigits.stages.runs.new_network import new_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.verdict import Calibration, calibrate
from nndigits.stages.store.errors import Diverged

RESULTS = ("rng", "rows", "best_epoch", "calibration")

BLOCK = 128
"""The samples of a block in ``outputs_in_blocks``."""


@dataclass
class Run(epochs.Run):
    """A run that can be pickled between two epochs, with the calibration of its network.

    ``made_with`` are the arguments of the ``new_run`` that made it, without the network. ``weights`` are those of the
    training samples, ``(n,)``, or None.
    """

    made_with: tuple[Any, ...] = ()
    calibration: Calibration | None = None

    @property
    def scores(self) -> list[float]:
        """The accuracy on the validation samples, by epoch; empty without validation samples."""
        return [right / self.calibration.images for right in self.correct] if self.calibration else []

    def train(self, training: Samples, validation: Samples, *, verbose: bool = False) -> None:
        """Train for all epochs, keep the best one on the validation samples, and calibrate with them.

        Images are bytes or numbers of the run's precision (``features.py``), and labels are classes from 0.
        ``validation`` may be empty. Raises FloatingPointError if the weights or the cost are no longer finite.
        """
        images, labels = validation
        with setup.training_context(), _as_floating_point_error():
            for one in epochs.epochs(self, training, validation):
                if verbose:
                    score = f", validation {one.validation_correct / len(images):.4f}" if len(images) else ""
                    print(f"Epoch {one.epoch + 1} of {self.parameters.epochs}: cost {one.cost:.4f}{score}")
        self.calibration = calibrate(self.network, epochs.take_best(self, images), labels)

    def train_epoch(self, training: Samples) -> None:
        """Train for one epoch, and no more; raises FloatingPointError as ``train`` does."""
        with setup.training_context(), _as_floating_point_error():
            epochs.learn(self, training)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle stores: arrays and plain values, but no buffers and no threads."""
        trainer = {"state": self.trainer.state(), "steps": self.trainer.optimizer.steps}
        results = {name: getattr(self, name) for name in RESULTS}
        return {
            "made_with": self.made_with,
            "arrays": network_artifacts.to_arrays(self.network),
            "trainer": trainer,
            "results": results,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Build the run again, on one thread."""
        vars(self).update(vars(new_run(*state["made_with"])))
        network_artifacts.set_parameters(self.network, state["arrays"])
        self.trainer.load_state(**state["trainer"])
        vars(self).update(state["results"])


def new_run(
    parameters: Parameters, image: tuple[int, int], classes: int, samples: int, network: Network | None = None
) -> Run:
    """Return a run before its first epoch, as ``epochs.new_run`` does; raises ValueError where that is refused."""
    with as_value_error():
        distortion_of(parameters.distort, image)
        run = epochs.new_run(parameters, image, classes, samples, network)
    return Run(**vars(run), made_with=(of_one_thread(parameters), image, classes, samples))


def check_same(network: Network, parameters: Parameters, image: tuple[int, int]) -> None:
    """Raise ValueError if a network that is to be trained further has other layers than the parameters define.

    The same holds for the cost and the precision.
    """
    with as_value_error():
        wanted = new_network(parameters, image, network.classes, np.random.default_rng(0))
    for name in ("layers", "cost", "dtype"):
        found, expected = str(getattr(network, name)), str(getattr(wanted, name))
        if found != expected:
            raise ValueError(
                f"{name} {expected}: the fitted network has {found}. To train a new one, use sklearn.base.clone"
            )


def of_one_thread(parameters: Parameters) -> Parameters:
    """Return parameters for a run that can be pickled between epochs: threads cannot."""
    return replace(parameters, threads=1)


@contextmanager
def _as_floating_point_error() -> Iterator[None]:
    """Raise FloatingPointError for a run that diverged, with what usually helps where features are no images."""
    try:
        yield
    except Diverged as error:
        raise FloatingPointError(f"{error}. Scale the features, if they are larger than about 1") from None


def outputs_in_blocks(network: Network, images: Images) -> Array:
    """Return the outputs, ``(n, classes)``, for images, ``(n, height, width)``; a sample's do not depend on the others.

    For other numbers of rows BLAS takes other kernels, which round differently. So every block has the same number of
    rows, and the last one is filled with zeros.
    """
    outputs: list[Array] = []
    for start in range(0, len(images), BLOCK):
        piece = images[start : start + BLOCK]
        block = np.zeros((BLOCK, *images.shape[1:]), images.dtype)
        block[: len(piece)] = piece
        outputs.append(network.outputs(block)[: len(piece)])
    return np.concatenate(outputs)
