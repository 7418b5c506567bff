"""The chapter's networks, each trained from several seeds: one run says little, as the first weights are drawn.

Every run is an ordinary one of the stage ``train``, in a folder of its own. Runs that are finished are not made
again, and one that was interrupted goes on from its checkpoint.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts
from nn.stages.store.artifacts import Artifact
from nn.stages.store.errors import InputError
from nn.stages.train import TrainReport, companions, train

OnImages = Callable[[int, int, int], None]
OnRun = Callable[[str, int, int], None]
"""Called with a run's name, how many of its epochs are done, and how many it has."""


def train_seeds(
    folder: Path,
    data: Artifact,
    networks: Sequence[tuple[int, ...]],
    seeds: int,
    epochs: int,
    *,
    on_run: OnRun = lambda name, done, total: None,
) -> Iterator[list[Artifact]]:
    """Train each network from seeds 0, 1, ...; yield its runs' weights, network by network."""
    for hidden in networks:
        name = ",".join(map(str, hidden)) or "none"
        made = []
        for seed in range(seeds):
            parameters = Parameters(hidden=hidden, epochs=epochs, seed=seed, threads=1)
            path = folder / f"hidden-{name}-seed-{seed}.npz"
            label = f"hidden {name}, seed {seed}"
            train_once(path, parameters, data, on_images=_told(on_run, label, epochs))
            on_run(label, epochs, epochs)
            made.append(artifacts.load(path, "weights"))
        yield made


def _told(on_run: OnRun, label: str, epochs: int) -> OnImages:
    return lambda epoch, total, done: on_run(label, epoch, epochs)


def train_once(
    path: Path, parameters: Parameters, data: Artifact, *, on_images: OnImages | None = None
) -> TrainReport | None:
    """Train to ``path`` unless what lies there came from just that; go on from a checkpoint that did.

    Gives the report of a training, or None where there was nothing to do.
    """
    if _is_finished(path, parameters, data):
        return None
    if _is_begun(path):
        with suppress(InputError):  # a checkpoint of another run
            return train(data.path, path, parameters, resume=True, on_images=on_images)
    return train(data.path, path, parameters, on_images=on_images)


def _is_begun(path: Path) -> bool:
    """Whether there is a checkpoint that the versions of today have made: others would end in other bytes."""
    try:
        return bool(artifacts.load(companions(path)[1], "checkpoint").meta["versions"] == artifacts.versions())
    except InputError:
        return False


def _is_finished(path: Path, parameters: Parameters, data: Artifact) -> bool:
    try:
        found = artifacts.load(path, "weights").meta
    except InputError:
        return False
    made_from = (found["parameters"], found["inputs"], found["versions"])
    return made_from == (parameters.as_json(), {"data": data.sha256}, artifacts.versions())
