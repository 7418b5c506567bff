"""The learning-rate range test (Smith 2015): train briefly with a growing eta, and propose one from the cost.

The weights of this training are discarded.
"""

import math
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from nndigits.models.training import learning_rate_range
from nndigits.stages.datasets import data_artifact
from nndigits.stages.runs import setup
from nndigits.stages.runs.epochs import run_on
from nndigits.stages.runs.new_network import check_needs
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.errors import InputError
from nndigits.stages.training import negatives

LOWEST, HIGHEST = 1e-4, 100.0
STEPS = 400
"""The number of mini-batches, each with an eta 1.035 times the previous one."""


@dataclass(frozen=True)
class EtaReport:
    """The ``etas`` tried, the smoothed cost of a sample at each of them, and the proposed eta.

    Attributes
    ----------
    proposed
        The larger of ``steepest`` and ``tenth``, to two significant digits.
    steepest
        The eta at which the cost falls fastest.
    tenth
        A tenth of the eta at which the cost is least; beyond that, the cost rises.
    """

    what: str
    proposed: float
    steepest: float
    tenth: float
    etas: tuple[float, ...]
    costs: tuple[float, ...]


def find_eta(data: Path, parameters: Parameters, on_strips: Callable[[int, int], None] | None = None) -> EtaReport:
    """Run the range test on a run's network and training images.

    ``on_strips`` is as in ``train``. Raises InputError if the cost never falls.
    """
    source = data_artifact.load(data)
    check_needs(parameters, source)
    source = negatives.with_negatives(source, parameters, on_strips)
    images, labels = source.arrays["train_images"], source.arrays["train_labels"]
    run = run_on(source, parameters)

    with closing(run.trainer), setup.training_context():
        batches = (
            batch
            for _ in range(STEPS)
            for batch in setup.epoch_batches(run.parameters, run.trainer, images, labels, run.rng)
        )
        curve = learning_rate_range.range_test(run.trainer.step, batches, LOWEST, HIGHEST, STEPS)
    steepest, tenth = learning_rate_range.steepest(curve), learning_rate_range.tenth_of_minimum(curve)
    if steepest is None or tenth is None:
        raise InputError(
            f"{data}: the cost never falls, whatever eta is; check that there are enough images with the right labels"
        )
    proposed = max(steepest, tenth)
    digits = 1 - math.floor(math.log10(proposed))
    return EtaReport(
        what=str(run.network),
        proposed=round(proposed, digits),
        steepest=steepest,
        tenth=tenth,
        etas=tuple(curve.etas),
        costs=tuple(curve.costs),
    )
