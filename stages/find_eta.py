"""A learning rate for a run, found by trying ever larger ones on its own network and images (Smith 2015).

Nothing that is learned on the way is kept.
"""

import math
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from nn.models.training import learning_rate_range
from nn.stages.figures.figure import Curve, Figure, Panel
from nn.stages.runs import checkpoint, negatives, setup
from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts
from nn.stages.store.errors import InputError

LOWEST, HIGHEST = 1e-4, 100.0
STEPS = 400
"""Mini-batches that are learned from, each with an eta 1.035 times the one before."""


@dataclass(frozen=True)
class EtaReport:
    """What was tried, ``etas`` with the smoothed cost of a sample at each, and what it proposes.

    Attributes
    ----------
    proposed
        The larger of the next two, to two significant digits.
    steepest
        Where the cost falls fastest.
    tenth
        A tenth of where the cost is least: it rises, or blows up, beyond.
    """

    network: str
    proposed: float
    steepest: float
    tenth: float
    etas: tuple[float, ...]
    costs: tuple[float, ...]


def find_eta(data: Path, parameters: Parameters, on_strips: Callable[[int, int], None] | None = None) -> EtaReport:
    """Try learning rates on the network and the training images that ``parameters`` and ``data`` say.

    ``on_strips`` is as ``train`` has it. Raises InputError where the cost never falls: then no learning rate can be
    proposed.
    """
    source = negatives.with_negatives(artifacts.load(data, "dataset"), parameters, on_strips)
    images, labels = source.arrays["train_images"], source.arrays["train_labels"]
    run = checkpoint.new_run(parameters, source)

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
            f"{data}: the cost never falls, whatever eta is; are there enough images, and labels that fit?"
        )
    proposed = max(steepest, tenth)
    digits = 1 - math.floor(math.log10(proposed))
    return EtaReport(
        network=str(run.network),
        proposed=round(proposed, digits),
        steepest=steepest,
        tenth=tenth,
        etas=tuple(curve.etas),
        costs=tuple(curve.costs),
    )


def figure(report: EtaReport) -> Figure:
    """The curve, and what it proposes."""
    costs = (min(report.costs), max(report.costs))
    curves = (
        Curve(report.etas, report.costs, "smoothed cost"),
        Curve((report.proposed, report.proposed), costs, f"proposed: {report.proposed:g}", "dashed"),
    )
    return Figure((Panel(f"{report.network}: which eta?", "eta", "cost of a sample", curves, log_x=True),), size=(6, 4))
