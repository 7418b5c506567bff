"""The memory of worker processes, computed before they start: the data once, and for each what it holds by itself."""

from collections.abc import Iterable

from nndigits.stages.runs.new_network import check_needs, in_training
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.system.machine import memory, processors

BASE = 110 * 10**6
"""Bytes of a process with its libraries: 75 MB as measured for a worker, and its first use of BLAS."""

MOST_WORKERS = 256


def workers(wanted: int | None, runs: Iterable[Parameters], data: Artifact) -> int:
    """Return the number of workers: those that are wanted, or one for each processor if so many fit into memory.

    ``runs`` are the different networks that are trained. Raises UsageError or WorldError for a network that cannot be
    trained, and WorldError for more workers than fit.
    """
    if wanted is not None and not 1 <= wanted <= MOST_WORKERS:
        raise UsageError(f"expected 1 to {MOST_WORKERS}", "workers", wanted)
    each = BASE + max(_of_run(parameters, data) for parameters in runs)
    shared = BASE + sum(array.nbytes for array in data.arrays.values())
    fitting = int(max(0.0, memory() - shared) // each) if memory() < float("inf") else MOST_WORKERS
    if wanted is not None and wanted > max(1, fitting):
        raise WorldError(
            f"would take {(shared + wanted * each) // 10**6:,} MB of memory, this machine has "
            f"{memory() / 1e6:,.0f} MB: take at most {max(1, fitting)}",
            "workers",
            wanted,
        )
    return wanted or max(1, min(processors(), fitting))


def _of_run(parameters: Parameters, data: Artifact) -> int:
    images = data.arrays["train_images"]
    copies = 1 + parameters.rejects if parameters.rejects else 0  # the images, and the crops behind them
    return in_training(parameters, check_needs(parameters, data), len(images)) + int(copies * images.nbytes)
