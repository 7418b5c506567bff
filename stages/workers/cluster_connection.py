"""The connection to the scheduler of a Dask cluster."""

import logging
import warnings
from collections.abc import Callable
from concurrent.futures import Future, wait
from importlib.util import find_spec
from threading import Thread
from typing import Any

from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.words.escaping import printable

TO_CONNECT = 10.0
"""Seconds until a scheduler counts as unreachable."""

POLL = 0.05
MOST_LETTERS = 300
"""Of an error of Dask in a message."""

LOGGERS = ("distributed", "distributed.client", "tornado", "tornado.application")

Asking = Callable[[], Any]


def connect(address: str, on_wait: Callable[[], None]) -> Any:
    """Return a client of the scheduler; raises UsageError without the library, WorldError if nobody answers."""
    if find_spec("distributed") is None:
        raise UsageError("needs the package distributed: pip install 'nn-digits[cluster]'", "on", address)
    from distributed import Client

    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # their lines would stand among ours
    warnings.filterwarnings("ignore", "Sending large graph")  # of a checkpoint, or of the weights of a large network

    class QuietClient(Client):  # type: ignore[misc, unused-ignore]
        def __del__(self) -> None:
            """Say nothing: a client that never connected cannot be closed."""

    def asking() -> Any:
        return QuietClient(address, timeout=TO_CONNECT, set_as_default=False, name="nn")

    return ask(asking, address, on_wait, "no Dask scheduler answers there; `dask scheduler` starts one")


def ask(
    asking: Asking,
    address: str,
    on_wait: Callable[[], None],
    problem: str = "the cluster does not answer as expected",
) -> Any:
    """Return what the cluster answers, in a thread, so that a signal need not wait; errors become a WorldError."""
    answer: Future[Any] = Future()

    def wait_for_it() -> None:
        try:
            answer.set_result(asking())
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=wait_for_it, daemon=True).start()
    while not answer.done():
        on_wait()
        wait([answer], POLL)
    error = answer.exception()
    if error is not None:
        why = printable(str(error) or type(error).__name__)[:MOST_LETTERS]
        raise WorldError(f"{problem} ({why})", "on", address) from None
    return answer.result()
