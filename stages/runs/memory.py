"""The memory and the file sizes of a training run, computed from its parameters before it starts.

Otherwise a network that is too large for its checkpoint would be found out after the first epoch.
"""

from nndigits.models.network.needs import Needs
from nndigits.models.training.data_parallel import MIN_SAMPLES
from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import files
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.system.machine import memory, processors

CHECKPOINT_EXTRAS = 2**20
"""Bytes of a checkpoint for its metadata, its headers, and the results of 60,000 epochs."""

SMALLER = "take fewer neurons or filters, or smaller images"


def check(parameters: Parameters, needs: Needs, images: int) -> None:
    """Raise UsageError if the checkpoint cannot be written, or WorldError if the machine has too little memory.

    ``needs`` are those of the network that the parameters describe, ``images`` the number of training images.
    """
    states = _states(parameters)
    checkpoint = (2 + states) * needs.parameters + CHECKPOINT_EXTRAS  # the weights, the best ones, and the states
    if checkpoint > files.LARGEST:
        raise UsageError(
            f"the checkpoint would have {checkpoint // 10**6:,} MB, at most {files.LARGEST // 10**6:,} MB can be "
            f"written: {SMALLER}",
            parameter(parameters),
        )
    needed = in_training(parameters, needs, images)
    if needed > memory():
        raise WorldError(
            f"training would take {needed // 10**6:,} MB of memory, this machine has {memory() / 1e6:,.0f} MB: "
            f"{SMALLER}, or a smaller batch"
        )


def parameter(parameters: Parameters) -> str:
    """Return the name of the parameter that sets the layers."""
    return "layers" if parameters.layers else "hidden"


def _states(parameters: Parameters) -> int:
    """Return the number of arrays, each as large as all weights, that are saved besides the weights."""
    return len(OPTIMIZERS[parameters.optimizer].state) + (parameters.average > 0)


def in_training(parameters: Parameters, needs: Needs, images: int) -> int:
    """Return the most bytes that training on a number of images holds, without these.

    These are the weights, the best ones, the states, and copies of all of them while a checkpoint is written; for each
    thread a gradient and the workspace; and the buffers of a mini-batch.
    """
    states, samples = _states(parameters), min(parameters.batch, images)
    threads = parameters.threads or max(1, min(processors(), samples // MIN_SAMPLES))
    arrays = 2 * (2 + states) + OPTIMIZERS[parameters.optimizer].scratch + threads
    return arrays * needs.parameters + threads * needs.workspace + samples * needs.sample
