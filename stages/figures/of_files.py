"""The figure of files that `nn show --plot` draws: learning curves of histories, or the weights of a network."""

from collections.abc import Sequence
from pathlib import Path

from nndigits.stages.figures.figure import Figure
from nndigits.stages.figures.first_layer import first_layer_figure
from nndigits.stages.figures.learning_curves import learning_curves, read_history
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import UsageError

NETWORKS = ("weights", "checkpoint")


def figure_of(paths: Sequence[Path]) -> Figure:
    """Draw the learning curves of one or several histories, or the first layer of one network.

    Raises
    ------
    InputError
        A file is missing or damaged.
    UsageError
        The files are of other kinds.
    """
    histories = [path for path in paths if path.suffix == ".csv" and _kind(path) == "history"]
    if len(histories) == len(paths):
        return learning_curves([read_history(path) for path in dict.fromkeys(paths)])
    (other, *_) = (path for path in paths if path not in histories)
    if len(paths) > 1:
        raise UsageError(f"draws one file, or several histories; {other} is not a history", "plot")
    if other.suffix not in (".json", ".csv") and (artifact := artifacts.load(other)).kind in NETWORKS:
        return first_layer_figure(artifact)
    raise UsageError(
        f"{other} holds no images to draw; give a data set with images of that split, the weights of a network, or "
        "histories. `nn eval --plot` and `nn compare --plot` draw their results",
        "plot",
    )


def _kind(path: Path) -> str:
    return str(artifacts.load_metadata(path)["kind"])
