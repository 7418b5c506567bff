"""Training of the chapter's networks from several seeds, because the accuracy varies with the random initial weights.

Every run is an ordinary one of the stage ``train``, which continues an interrupted one. Finished runs are not repeated.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nn.stages.runs.checkpoint import is_written
from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts
from nn.stages.store.artifacts import Artifact
from nn.stages.train import TrainReport, train

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
    """Train to ``path``, unless it holds the weights of this run already.

    Returns the report of the training, or None if there was nothing to do.
    """
    if is_written(path, parameters.as_json(), data):
        return None
    return train(data.path, path, parameters, on_images=on_images)
