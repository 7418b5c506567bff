"""The accuracy of a classifier: on the test images, and of one digit."""

from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from nndigits.models.network import metrics
from nndigits.models.network.metrics import count_correct
from nndigits.stages.classifiers.classifier import Classifier
from nndigits.stages.datasets.known_sets import DatasetReport, class_names, known_set
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.kinds import Split


@dataclass(frozen=True)
class AccuracyReport(DatasetReport):
    """The number of test images that were classified correctly; ``interval`` is the accuracy's 95 % interval.

    ``classes`` has the names of the classes.
    """

    what: str
    dataset: str
    verified: bool
    split: Split
    correct: int
    total: int
    accuracy: float
    interval: tuple[float, float]
    classes: tuple[str, ...]


def measure_accuracy(classifier: Classifier, data: Artifact) -> AccuracyReport:
    """Classify the test images, of which there must be some, and compare with the labels."""
    with threadpool_limits(1, "blas"):
        outputs = classifier.outputs(data.arrays["test_images"])
    correct, total = count_correct(outputs, data.arrays["test_labels"]), len(outputs)
    return AccuracyReport(
        what=str(classifier),
        dataset=data.meta["dataset"]["name"],
        verified=known_set(data.meta["dataset"]) is not None,
        split="test",
        correct=correct,
        total=total,
        accuracy=correct / total,
        interval=metrics.wilson_interval(correct, total),
        classes=class_names(data.meta["dataset"]),
    )
