"""What `nn run` need not make again: a data set that can be used, and a network of a finished run on it."""

from pathlib import Path

from nndigits.stages.datasets import data_artifact
from nndigits.stages.runs import checkpoint
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError


def is_data_set(path: Path) -> bool:
    """Return whether a file is a whole data set."""
    try:
        data_artifact.load(path)
    except InputError:
        return False
    return True


def is_trained(weights: Path, data: Path, parameters: Parameters) -> bool:
    """Return whether a finished run of these parameters, this data and the current versions wrote ``weights``."""
    try:
        saved = artifacts.load(weights, "weights")
    except InputError:
        return False
    source = data_artifact.load(data)
    return checkpoint.is_written(weights, checkpoint.resolved(saved, parameters, source).as_json(), source)
