"""What the environment decides: the number of available processors, and the folder of the default paths."""

import os
from pathlib import Path

USUAL_FOLDER = Path("artifacts")


def artifacts_folder() -> Path:
    """Return the folder of the default paths of data, weights and results: ``NN_ARTIFACTS``, or ``artifacts``."""
    return Path(os.environ.get("NN_ARTIFACTS") or USUAL_FOLDER)


def processors() -> int:
    """Return the number of processors that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
