"""Training of the chapter's networks from several seeds, because the accuracy varies with the random initial weights.

Every run is an ordinary one of the stage ``train``. Finished runs are not repeated, and an interrupted one resumes from
its checkpoint.
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
"""Called with a run's name, the epochs done, and the number of epochs."""


def train_seeds(
    folder: Path,
    data: Artifact,
    networks: Sequence[tuple[int, ...]],
    seeds: int,
    epochs: int,
    *,
    on_run: OnRun = lambda name, done, total: None,
) -> Iterator[list[Artifact]]:
    """Train each network from seeds 0, 1, ...; yield the weights of all its runs, network by network."""
    for hidden in networks:
        name = ",".join(map(str, hidden)) or "none"
        trained = []
        for seed in range(seeds):
            parameters = Parameters(hidden=hidden, epochs=epochs, seed=seed, threads=1)
            path = folder / f"hidden-{name}-seed-{seed}.npz"
            label = f"hidden {name}, seed {seed}"
            train_once(path, parameters, data, on_images=_epochs_of(on_run, label, epochs))
            on_run(label, epochs, epochs)
            trained.append(artifacts.load(path, "weights"))
        yield trained


def _epochs_of(on_run: OnRun, label: str, epochs: int) -> OnImages:
    """Return a callback for ``train`` that reports the epoch to ``on_run``."""
    return lambda epoch, total, done: on_run(label, epoch, epochs)


def train_once(
    path: Path, parameters: Parameters, data: Artifact, *, on_images: OnImages | None = None
) -> TrainReport | None:
    """Train to ``path``, resuming from a checkpoint of the same run; do nothing if the run is finished.

    Returns the report of the training, or None if there was nothing to do.
    """
    if _is_finished(path, parameters, data):
        return None
    if _has_checkpoint(path):
        with suppress(InputError):  # a checkpoint of another run
            return train(data.path, path, parameters, resume=True, on_images=on_images)
    return train(data.path, path, parameters, on_images=on_images)


def _has_checkpoint(path: Path) -> bool:
    """Return whether there is a checkpoint of the current versions; other versions could give other bytes."""
    try:
        return bool(artifacts.load(companions(path)[1], "checkpoint").meta["versions"] == artifacts.versions())
    except InputError:
        return False


def _is_finished(path: Path, parameters: Parameters, data: Artifact) -> bool:
    """Return whether ``path`` has weights of these parameters, this data and the current versions."""
    try:
        meta = artifacts.load(path, "weights").meta
    except InputError:
        return False
    made_from = (meta["parameters"], meta["inputs"], meta["versions"])
    return made_from == (parameters.as_json(), {"data": data.sha256}, artifacts.versions())
