"""Training of the chapter's networks from several seeds, because the accuracy varies with the random initial weights.

Every run is an ordinary one of the stage ``train``, which continues an interrupted one. Finished runs are not repeated.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nn.stages import train
from nn.stages.runs.checkpoint import is_written
from nn.stages.runs.parameters import Parameters
from nn.stages.store import artifacts
from nn.stages.store.artifacts import Artifact
from nn.stages.train import TrainReport

OnImages = Callable[[int, int, int], None]
OnRun = Callable[[str, int, int], None]
"""Called with a run's name, the epochs done, and the number of epochs."""


@dataclass(frozen=True)
class SeedRun:
    """A training run: its name, and where it writes its weights."""

    name: str
    path: Path
    parameters: Parameters


def seed_runs(folder: Path, hidden: tuple[int, ...], seeds: int, epochs: int) -> list[SeedRun]:
    """Return the runs of a network from seeds 0, 1, ..."""
    layers = ",".join(map(str, hidden)) or "none"
    return [
        SeedRun(
            f"hidden {layers}, seed {seed}",
            folder / f"hidden-{layers}-seed-{seed}.npz",
            Parameters(hidden=hidden, epochs=epochs, seed=seed, threads=1),
        )
        for seed in range(seeds)
    ]


def check_outputs(folder: Path, data: Artifact, networks: Sequence[tuple[int, ...]], seeds: int, epochs: int) -> None:
    """Check that the runs that are not finished can be written, and replace no file that nn did not write."""
    for run in (run for hidden in networks for run in seed_runs(folder, hidden, seeds, epochs)):
        if not is_written(run.path, run.parameters.as_json(), data):
            artifacts.check_own(run.path, "weights")
            train.check_outputs(run.path, data.path)


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
        trained = []
        for run in seed_runs(folder, hidden, seeds, epochs):
            train_once(run.path, run.parameters, data, on_images=_epochs_of(on_run, run.name, epochs))
            on_run(run.name, epochs, epochs)
            trained.append(artifacts.load(run.path, "weights"))
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
    return train.train(data.path, path, parameters, on_images=on_images)
