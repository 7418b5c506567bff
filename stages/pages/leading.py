"""The network that a report is about, and the rows of all classifiers beside it."""

from collections.abc import Sequence
from pathlib import Path

from nndigits.stages.classifiers import classifier
from nndigits.stages.results import entries
from nndigits.stages.results.entries import Entry
from nndigits.stages.results.evaluations import results_of
from nndigits.stages.results.folder import Folder
from nndigits.stages.runs.network_artifacts import other_split, validation_accuracy
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError
from nndigits.stages.store.kinds import CLASSIFIER_KINDS
from nndigits.stages.store.texts import plain

TRAIN = "Train one with `nn train`"


def classifiers_of(folder: Folder, data: Artifact) -> tuple[list[Artifact], list[str]]:
    """Return the classifiers of a folder that were made for this data, and the errors of the files that cannot be read.

    Classifiers of other data are left out: the figures of two data sets do not belong into one table.
    """
    found, problems = [], [f"{name}: {why}" for name, why in folder.problems.items()]
    for name in folder.names(*CLASSIFIER_KINDS):
        if folder.metadata[name]["inputs"].get("data") != data.sha256:
            problems += filter(None, [other_split(folder.path / name, folder.metadata[name], data)])
            continue
        try:
            artifact = artifacts.load(folder.path / name, *CLASSIFIER_KINDS)
            classifier.make_classifier_for(artifact, data)
            found.append(artifact)
        except InputError as error:
            problems.append(str(error))
    return found, problems


def leading_network(found: Sequence[Artifact], folder: Path, problems: Sequence[str]) -> Artifact:
    """Return the network with the highest accuracy on the validation images, the first of equals.

    The test images do not choose: the accuracy on them would then be too high for new images. Raises InputError if
    there is no network; ``problems`` are the errors of those that are left out.
    """
    networks = [artifact for artifact in found if artifact.kind == "weights"]
    if not networks:
        why = f" ({problems[0]})" if problems else ""
        raise InputError(f"{folder}: has no network that was trained on this data{why}. {TRAIN}")
    return max(networks, key=lambda network: validation_accuracy(network.meta))


def rows(found: Sequence[Artifact], folder: Folder, leading: Artifact, accuracy: dict[str, object]) -> list[Entry]:
    """Return a row for each classifier, with the figures on the test images if `nn eval` wrote them.

    ``accuracy`` has the figures of the leading network, which need not be in the folder. Times are left out, so that
    equal files give equal reports.
    """
    made = []
    others = [artifact for artifact in found if artifact.sha256 != leading.sha256]
    for artifact in [leading, *others]:
        known = [plain(result) for result in results_of(folder, artifact.sha256) if result.split == "test"]
        figures = accuracy if artifact is leading else known[0] if known else None
        if figures is not None:
            made.append(entries.entry_of([artifact], [figures]))
    return made


def in_order(made: Sequence[Entry], *, with_book: bool) -> list[Entry]:
    """Sort rows by accuracy, the best first; ``with_book``, with a row for the book's record."""
    record = [entries.book_only(entries.RECORD)] if with_book else []
    return record + sorted(made, key=lambda entry: -(entry.accuracy or 0.0))
