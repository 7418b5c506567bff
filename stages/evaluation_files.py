"""The files of an evaluation: the figures and the confusion matrix, their paths, and a check before the work."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.kinds import Split
from nndigits.stages.store.result_files import confusion_path, figures_path
from nndigits.stages.store.texts import plain
from nndigits.stages.words.classes import noun

if TYPE_CHECKING:
    from nndigits.stages.evaluate import EvalReport


def figures_of(trained: Sequence[Artifact], data: Artifact, split: Split = "test", shifts: int = 0) -> Path:
    """Return where the figures of classifiers on a split of the data are written, if no other file is named."""
    own = all(network_artifacts.has_own_data(one.meta, data) for one in trained)
    return figures_path([one.path for one in trained], split, shifts, "" if own else data.path.stem)


def check_outputs(
    trained: Sequence[Artifact], data: Artifact, out: Path | None = None, split: Split = "test", shifts: int = 0
) -> Path:
    """Check that the figures and the confusion matrix can be written; return the path of the figures."""
    inputs = [one.path for one in (*trained, data)]
    figures = out or figures_of(trained, data, split, shifts)
    if out is None:
        artifacts.check_output(figures, "eval", *inputs)
    artifacts.check_output(confusion_path(figures), "confusion", *inputs)
    return figures


def save(report: "EvalReport", trained: Sequence[Artifact], data: Artifact) -> None:
    """Write the confusion matrix and the figures."""
    distort = {"distort": True} if report.robustness else {}
    meta = artifacts.describe(
        "eval",
        parameters={"split": report.split, "shifts": report.shifts, **distort},
        inputs={"data": data, **{network_artifacts.role_of(number): one for number, one in enumerate(trained, 1)}},
        dataset=data.meta["dataset"],
    )
    header = [noun(report.classes), *report.classes]
    rows = [(name, *row) for name, row in zip(report.classes, report.confusion, strict=True)]
    artifacts.save_csv(confusion_path(report.out), {**meta, "kind": "confusion"}, header, rows)
    figures = {name: value for name, value in plain(report).items() if name not in ("out", "weights")}
    artifacts.save_json(report.out, meta, figures)
