"""Which workers of a cluster have given no sign of life for a while, such as those of a laptop that sleeps.

A killed worker leaves a closed connection, which Dask notices. A suspended one leaves it open, and Dask waits for it:
for five to ten minutes with its own settings.
"""

import time
from collections.abc import Mapping

SILENT = 60.0
"""Seconds without a heartbeat until a worker counts as suspended. Ten workers send one every 0.5 s, 1,000 every 6 s."""


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
