"""The connection to the scheduler of a Dask cluster, and which of its workers can do the work of this machine now."""

import asyncio
import logging
import time
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from importlib.util import find_spec
from threading import Thread
from typing import Any

from nndigits.stages.store.environment import versions
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.store.patterns import Text, check_pattern
from nndigits.stages.store.texts import parse_json
from nndigits.stages.system.machine import memory_limited
from nndigits.stages.words.escaping import printable
from nndigits.stages.words.nouns import counted
from nndigits.stages.workers.cluster_remote import versions_there

TO_CONNECT, TO_TELL, TO_GIVE_UP = 10.0, 10.0, 60.0
"""Seconds until a scheduler counts as unreachable; until the wait for an answer is told, and until it ends."""

CONNECTING = 2**30
"""The bytes that connecting may take. A peer can announce a message of any size."""

SLOWEST = 100_000.0  # bytes a second, at which data is sent
POLL = 0.05
MOST_LETTERS = 300
"""Of an error of Dask in a message."""

PARSED = ("dask", "msgpack")
"""How results may be serialized: as bytes and plain values, not as pickles."""

SCHEMES = ("tcp", "tls")
LOGGERS = ("distributed", "distributed.client", "tornado", "tornado.application")

Asking = Callable[[], Any]


class ClusterNotice(UserWarning):
    """What a user should know of a cluster while it is used."""


def connect(address: str, on_wait: Callable[[], None]) -> Any:
    """Return a client of the scheduler; raises UsageError without the library, WorldError if nobody answers."""
    if address.partition("://")[0] not in SCHEMES or "://" not in address:
        raise UsageError("expected an address such as tcp://scheduler:8786 or tls://scheduler:8786", "on", address)
    if find_spec("distributed") is None:
        raise UsageError("needs the package distributed: pip install 'nn-digits[cluster]'", "on", address)
    from distributed import Client

    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # their lines would stand among ours
    warnings.filterwarnings("ignore", "Sending large graph")  # of a checkpoint, or of the weights of a large network
    warnings.filterwarnings("always", ".*no worker (is|can)", ClusterNotice)  # as often as it is told

    class QuietClient(Client):  # type: ignore[misc, unused-ignore]
        def __del__(self) -> None:
            """Say nothing: a client that never connected cannot be closed."""

    def asking() -> Any:
        return QuietClient(address, timeout=TO_CONNECT, set_as_default=False, name="nn", deserializers=PARSED)

    if address.startswith("tcp:"):
        tell(f"{address}: who controls or reaches this scheduler can run code as you, here and on its workers")
    with memory_limited(CONNECTING):
        return ask(asking, address, on_wait, "no Dask scheduler answers there; `dask scheduler` starts one")


def tell(text: str) -> None:
    """Tell the user something of a cluster; the same text once in a run, except that no worker is there."""
    warnings.warn(text, ClusterNotice, stacklevel=2)


def ask(
    asking: Asking,
    address: str,
    on_wait: Callable[[], None],
    problem: str = "the cluster does not answer as expected",
    size: int = 0,
) -> Any:
    """Return what the cluster answers, in a thread, so that a signal need not wait; errors become a WorldError.

    So does an answer that does not come in a minute, or longer for ``size`` bytes that are sent.
    """
    answer: Future[Any] = Future()

    def wait_for_it() -> None:
        try:
            answer.set_result(asking())
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=wait_for_it, daemon=True).start()
    started, most, is_told = time.monotonic(), TO_GIVE_UP + size / SLOWEST, False
    while not answer.done():
        on_wait()
        wait([answer], POLL)
        waited = time.monotonic() - started
        if waited > TO_TELL and not is_told:
            tell(f"{address}: no answer yet; the wait ends after {most:.0f} s")
            is_told = True
        if waited > most:
            raise WorldError(f"{problem} (no answer in {most:.0f} s)", "on", address)
    error = answer.exception()
    if error is not None:
        why = printable(str(error) or type(error).__name__)[:MOST_LETTERS]
        raise WorldError(f"{problem} ({why})", "on", address) from None
    return answer.result()


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
    answer = (await client.run(versions_there, workers=[address]))[address]
    found = parse_json(answer)
    check_pattern(found, {"...": Text(200)}, "its versions")
    return found


def problem(threads: int, found: object, own: Mapping[str, str]) -> str:
    """Return why a worker with these threads and versions, or with an error in their place, cannot do the work."""
    if threads != 1:
        return f"{threads} {THREADS}"
    there = found if isinstance(found, Mapping) else {}
    for name in SAME:
        if there.get(name) != own[name]:
            return f"{name} {printable(str(there.get(name, 'none')))}, where this machine has {own[name]}"
    return ""


def check_workers(found: Mapping[str, str], address: str) -> None:
    """Raise WorldError unless there are workers, and none of them has a problem."""
    if not found:
        raise WorldError(f"the cluster has no workers. {START.format(address)}", "on", address)
    several = Counter(filter(None, found.values()))
    if several:
        what, workers = several.most_common(1)[0]
        help_ = START.format(address) if what.endswith(THREADS) else "Install the same version everywhere"
        raise WorldError(f"{counted(workers, 'worker')} with {what}. {help_}", "on", address)


SILENT = 60.0
"""Seconds without a heartbeat until a worker counts as suspended. Ten workers send one every 0.5 s, 1,000 every 6 s.

A killed worker leaves a closed connection, which Dask notices. A suspended one leaves it open, and Dask waits for it:
for five to ten minutes with its own settings.
"""


class Heartbeats:
    """The last heartbeat of each worker; ``silent`` are the addresses of those that are suspended.

    Times are the caller's, since the clocks of other machines may differ.
    """

    def __init__(self) -> None:
        self.silent: frozenset[str] = frozenset()
        self._changed: dict[str, tuple[float, float]] = {}

    def take_in(self, last_seen: Mapping[str, float]) -> None:
        """Take in the time of each worker's last heartbeat, by the scheduler's clock."""
        now, before = time.monotonic(), self._changed
        self._changed = {
            address: before[address] if before.get(address, (None,))[0] == seen else (seen, now)
            for address, seen in last_seen.items()
        }
        self.silent = frozenset(address for address, (_, since) in self._changed.items() if now - since > SILENT)
