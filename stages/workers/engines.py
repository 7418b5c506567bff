"""Which workers do the jobs: those of this machine, or of a cluster. Each kind is imported when it is used."""

from collections.abc import Callable

from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.workers.run import Engine


def processes(data: Artifact, count: int, address: str | None, on_wait: Callable[[], None]) -> Engine:
    """Start processes of this machine, or connect to the cluster at ``address``."""
    if address is not None:
        return cluster(data, address, on_wait)
    from nndigits.stages.workers.local import LocalEngine

    return LocalEngine(data, count)


def threads(data: Artifact, count: int, address: str | None, on_wait: Callable[[], None]) -> Engine:
    """Start threads of this process, or connect to the cluster at ``address``."""
    if address is not None:
        return cluster(data, address, on_wait)
    from nndigits.stages.workers.threads import ThreadEngine

    return ThreadEngine(data, count)


def cluster(data: Artifact, address: str, on_wait: Callable[[], None]) -> Engine:
    """Connect to a cluster, check its workers, and send them the data."""
    from nndigits.stages.workers.cluster import ClusterEngine

    return ClusterEngine(address, data, on_wait)
