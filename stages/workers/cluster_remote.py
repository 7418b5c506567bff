"""What runs in a worker of a cluster, on its machine."""

from functools import lru_cache
from pathlib import Path

from threadpoolctl import ThreadpoolController

from nndigits.stages.datasets import data_artifact
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.environment import versions
from nndigits.stages.words.escaping import json_text
from nndigits.stages.workers.jobs import Job, checked, do, encode, encode_error


def do_there(job: Job, path: str, content: bytes, sha256: str) -> bytes:
    """Do a job, with one BLAS thread; return its result or its error as bytes.

    It stops when the caller has gone or has given it up.

    ``path`` is that of the data on the caller's machine, ``content`` and ``sha256`` are its bytes and their hash.
    """
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def check() -> None:
        task = worker.state.tasks.get(key)
        if task is None or task.state not in ("executing", "long-running"):
            raise GivenUp

    try:
        with _libraries().limit(limits=1, user_api="blas"):
            return encode(job, do(job, _unpacked(path, content, sha256), worker.address, check))
    except GivenUp:
        raise
    except Exception as error:
        return encode_error(error)


def versions_there() -> bytes:
    """Return the versions of this worker as JSON."""
    return json_text(versions()).encode()


def scratch_folder() -> str:
    """Return the folder for temporary files of this worker. Dask removes that of a killed one when another starts."""
    from distributed import get_worker

    return str(get_worker().local_directory)


class GivenUp(Exception):
    """The caller no longer wants the job."""


@lru_cache(maxsize=1)
def _unpacked(path: str, content: bytes, sha256: str) -> Artifact:
    return checked(data_artifact.unpack(Path(path), content), sha256)


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    """Find the libraries of this process once: it takes as long as a small job."""
    return ThreadpoolController()
