"""Training of an estimator: the epochs of `nn train`, on arrays instead of files."""

from dataclasses import replace
from typing import Any

import numpy as np

from nn.models.arrays.types import Images, Integers
from nn.models.network.metrics import count_correct
from nn.models.network.network import Network
from nn.models.training.loop import train_epoch
from nn.stages.runs import network_artifacts, setup
from nn.stages.runs.calibration import Calibration, calibrate
from nn.stages.runs.new_network import new_network
from nn.stages.runs.parameters import Parameters
from nn.stages.store.errors import UsageError

RESULTS = ("rng", "costs", "scores", "best_epoch", "calibration")


class Run:
    """A network in training, with its trainer and its random generator, and the results by epoch.

    Parameters
    ----------
    samples
        The number of training samples.
    network
        The network to continue with; None for a new one with random weights.

    Raises
    ------
    ValueError
        The layers do not fit together, the features or the number of classes.
    """

    def __init__(
        self,
        parameters: Parameters,
        image: tuple[int, int],
        classes: int,
        samples: int,
        network: Network | None = None,
    ) -> None:
        self._made_with = of_one_thread(parameters), image, classes, samples
        self.rng = np.random.default_rng(parameters.seed)
        try:
            self.network = network or new_network(parameters, image, classes, self.rng)
            self.parameters = setup.with_threads(parameters, self.network, samples)
        except UsageError as error:
            raise ValueError(error.message(str)) from None
        self.trainer = setup.make_trainer(self.parameters, self.network, samples)
        self.costs: list[float] = []
        self.scores: list[float] = []
        self.best_epoch = -1
        self.calibration: Calibration | None = None

    def train(self, images: Images, labels: Integers, validation: tuple[Images, Integers]) -> None:
        """Train for all epochs, keep the best one on the validation samples, and calibrate with them.

        Parameters
        ----------
        images
            Training samples, ``(n, height, width)``, bytes or numbers of the run's precision; see ``inputs.py``.
        labels
            Their classes from 0, ``(n,)``.
        validation
            Samples that are set aside, and their classes; may be empty.

        Raises
        ------
        FloatingPointError
            The weights or the cost are no longer finite.
        """
        held_out, held_out_labels = validation
        correct: list[int] = []
        best: dict[str, Any] = {}
        with setup.training_context():
            for epoch in range(self.parameters.epochs):
                if setup.is_finished(self.parameters, correct):
                    break
                self.trainer.halvings = setup.halved(self.parameters, correct)
                self._train_epoch(images, labels)
                with self.trainer.averaged():
                    right = count_correct(self.network.outputs(held_out), held_out_labels)
                    if self.parameters.keep == "last" or not len(held_out) or right > max(correct, default=-1):
                        best, self.best_epoch = network_artifacts.to_arrays(self.network), epoch
                correct.append(right)
            network_artifacts.set_parameters(self.network, best)
            self.calibration = calibrate(self.network, self.network.outputs(held_out), held_out_labels)
        self.scores = [right / len(held_out) for right in correct] if len(held_out) else []

    def train_epoch(self, images: Images, labels: Integers) -> None:
        """Train for one epoch, and no more; raises FloatingPointError as ``train`` does."""
        with setup.training_context():
            self._train_epoch(images, labels)

    def _train_epoch(self, images: Images, labels: Integers) -> None:
        batches = setup.epoch_batches(self.parameters, self.trainer, images, labels, self.rng)
        cost = train_epoch(self.trainer, batches, len(images))
        weights = [layer.parameters for layer in self.network.trainable_layers]
        if not np.isfinite(cost) or not all(np.isfinite(array).all() for array in weights):
            raise FloatingPointError(
                f"training diverged in epoch {len(self.costs)}: weights or cost are no longer finite numbers. "
                f"Scale the features, or take a smaller eta than {self.parameters.eta:g}"
            )
        self.costs.append(cost)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle stores: arrays and plain values, but no buffers and no threads."""
        trainer = {"state": self.trainer.state(), "steps": self.trainer.optimizer.steps}
        results = {name: getattr(self, name) for name in RESULTS}
        return {
            "made_with": self._made_with,
            "arrays": network_artifacts.to_arrays(self.network),
            "trainer": trainer,
            "results": results,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Build the run again, on one thread."""
        self.__init__(*state["made_with"])  # type: ignore[misc]
        network_artifacts.set_parameters(self.network, state["arrays"])
        self.trainer.load_state(**state["trainer"])
        vars(self).update(state["results"])


def check_same(network: Network, parameters: Parameters, image: tuple[int, int]) -> None:
    """Raise ValueError if a network that is to be trained further has other layers than the parameters define.

    The same holds for the cost and the precision.
    """
    try:
        wanted = new_network(parameters, image, network.classes, np.random.default_rng(0))
    except UsageError as error:
        raise ValueError(error.message(str)) from None
    for name in ("layers", "cost", "dtype"):
        found, expected = str(getattr(network, name)), str(getattr(wanted, name))
        if found != expected:
            raise ValueError(
                f"{name} {expected}: the fitted network has {found}. To train a new one, use sklearn.base.clone"
            )


def of_one_thread(parameters: Parameters) -> Parameters:
    """Return parameters for a run that can be pickled between epochs: threads cannot."""
    return replace(parameters, threads=1)
