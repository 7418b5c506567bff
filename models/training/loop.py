"""The training loop: one small step after every mini-batch (chapter 1, "Learning with gradient descent").

`nn train`, the demonstrations and the learning-rate range test all run it. What a step does is in ``trainer.py``: the
network computes its outputs and the gradient of the cost, and the optimizer moves every weight and bias. For the
chapter's networks ``fused_step.py`` does the same in one function, and ``Trainer.step`` is not called.
"""

from collections.abc import Callable, Iterable, Iterator

from nndigits.models.arrays.types import Array
from nndigits.models.training.fused_step import fastest_step
from nndigits.models.training.trainer import Step, Trainer


def take_steps(
    step: Step, batches: Iterable[tuple[Array, Array]], eta: Callable[[], float]
) -> Iterator[tuple[float, int]]:
    """Take one step for each mini-batch; yield its cost, summed over the samples, and the number of samples.

    Parameters
    ----------
    step
        Takes inputs ``(m, in + 1)``, targets ``(m, out)`` and a learning rate, such as ``Trainer.step``.
    eta
        The learning rate of the next step.
    """
    for x, y in batches:
        yield step(x, y, eta()), len(x)


def train_epoch(
    trainer: Trainer,
    batches: Iterable[tuple[Array, Array]],
    total: int,
    progress: Callable[[int], None] | None = None,
) -> float:
    """Train on the mini-batches of one epoch, ``total`` samples; return the mean cost of a sample during training.

    ``progress`` is called with the number of samples done, about a hundred times. An exception that it raises ends the
    epoch and leaves the network between two steps.
    """
    report_every, next_report = max(1, total // 100), 0
    cost, done = 0.0, 0
    with fastest_step(trainer) as step:  # trainer.step, or a faster function that ends in the same bytes
        for batch_cost, samples in take_steps(step, batches, lambda: trainer.eta):
            cost += batch_cost
            done += samples
            if progress is not None and done >= next_report:
                progress(done)
                next_report = done + report_every
    return cost / total
