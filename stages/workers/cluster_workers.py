"""Which workers of a cluster can do the work of this machine: those with its versions, and with one thread."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from nndigits.stages.store.environment import versions
from nndigits.stages.store.errors import WorldError
from nndigits.stages.words.escaping import printable
from nndigits.stages.words.nouns import counted

SAME = ("nn", "numpy")
"""Versions that must be equal on all machines; others change bytes, and are recorded with each trial."""

START = "`dask worker {} --nthreads 1` starts one on each core"
THREADS = "threads, and jobs in one process would share a BLAS"


async def problems(client: Any, workers: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Ask workers for their versions; return why each cannot do the work of this machine, or an empty text if it can.

    Parameters
    ----------
    client
        The client of the cluster, in whose loop this runs.
    workers
        What the scheduler knows of each, by address. One that cannot be asked now is left out of the answer.
    """
    # One by one: the error of a worker that has no nn, or cannot import it, may be one that Dask cannot send.
    answers = await asyncio.gather(*(_versions_of(client, address) for address in workers), return_exceptions=True)
    return {
        address: problem(workers[address]["nthreads"], answer, versions())
        for address, answer in zip(workers, answers, strict=True)
        if not isinstance(answer, (OSError, KeyError))  # it has just gone
    }


async def _versions_of(client: Any, address: str) -> object:
    return (await client.run(versions, workers=[address]))[address]


def problem(threads: int, found: object, own: Mapping[str, str]) -> str:
    """Return why a worker with these threads and versions, or with an error in their place, cannot do the work."""
    if threads != 1:
        return f"{threads} {THREADS}"
    there = found if isinstance(found, Mapping) else {}
    for name in SAME:
        if there.get(name) != own[name]:
            return f"{name} {printable(str(there.get(name, 'none')))}, where this machine has {own[name]}"
    return ""


def check(found: Mapping[str, str], address: str) -> None:
    """Raise WorldError unless there are workers, and none of them has a problem."""
    if not found:
        raise WorldError(f"the cluster has no workers. {START.format(address)}", "on", address)
    several = Counter(filter(None, found.values()))
    if several:
        what, workers = several.most_common(1)[0]
        help_ = START.format(address) if what.endswith(THREADS) else "Install the same version everywhere"
        raise WorldError(f"{counted(workers, 'worker')} with {what}. {help_}", "on", address)
