"""Metrics, compared with values worked by hand and with scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from nndigits.models.network import metrics

LABELS = np.array([0, 0, 1, 2, 2, 2, 1, 0], np.uint8)
PREDICTIONS = np.array([0, 2, 1, 2, 0, 2, 2, 0])


def test_metrics_agree_with_scikit_learn() -> None:
    confusion = metrics.confusion_matrix(LABELS, PREDICTIONS, 4)
    assert confusion[:3, :3].tolist() == confusion_matrix(LABELS, PREDICTIONS).tolist()
    assert not confusion[3].any()
    options = {"average": None, "labels": range(4), "zero_division": 0}
    np.testing.assert_allclose(metrics.precision(confusion), precision_score(LABELS, PREDICTIONS, **options))
    np.testing.assert_allclose(metrics.recall(confusion), recall_score(LABELS, PREDICTIONS, **options))


def test_wilson_interval_of_a_coin() -> None:
    """5 of 10, z = 1.96: centre 0.5, half width z sqrt(0.025 + z²/400) / (1 + z²/10) = 0.2634."""
    low, high = metrics.wilson_interval(5, 10)
    assert (low, high) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))


@pytest.mark.parametrize(("correct", "total"), [(0, 7), (7, 7), (1, 1), (0, 21), (11, 11)])
def test_wilson_interval_stays_within_zero_and_one(correct, total) -> None:
    low, high = metrics.wilson_interval(correct, total)
    assert 0 <= low < correct / total + 1e-12
    assert correct / total - 1e-12 < high <= 1
    assert high - low > 0.15


def test_most_confident_mistakes_come_first_and_correct_predictions_never() -> None:
    outputs = np.array([[0.9, 0.1], [0.6, 0.2], [0.1, 0.7], [0.99, 0.0]])
    assert metrics.most_confident_mistakes(outputs, np.array([1, 1, 1, 1]), 2).tolist() == [3, 0]


def classified(labels, own, other=0.001):
    """Outputs that are ``own[label]`` in the neuron of an image's class, and ``other`` in the rest."""
    outputs = np.full((len(labels), len(own)), other)
    outputs[np.arange(len(labels)), labels] = np.asarray(own)[labels]
    return outputs


TEN = np.repeat(np.arange(10), 20)


def test_a_class_whose_neuron_is_saturated_is_named() -> None:
    own = np.full(10, 0.9)
    own[[3, 8]] = 1e-6
    assert metrics.saturated_classes(classified(TEN, own), TEN).tolist() == [3, 8]
    half = np.where(np.arange(10) < 5, 0.9, 1e-6)
    assert metrics.saturated_classes(classified(TEN, half), TEN).tolist() == [5, 6, 7, 8, 9]


def test_a_low_recall_is_enough_and_need_not_be_zero() -> None:
    own = np.full(10, 0.9)
    own[3] = 1e-6
    outputs = classified(TEN, own)
    outputs[np.flatnonzero(TEN == 3)[:8], 3] = 0.9  # a recall of 8 / 20
    assert metrics.saturated_classes(outputs, TEN).tolist() == [3]
    outputs[np.flatnonzero(TEN == 3)[:12], 3] = 0.9  # of 12 / 20
    assert metrics.saturated_classes(outputs, TEN).tolist() == []


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (np.full(10, 0.9), 0.001),  # a good network
        (np.where(np.arange(10) == 3, 0.1, 0.9), 0.11),  # a class that is learned late: near its share of the images
        (np.where(np.arange(10) < 2, 0.9, 1e-6), 0.001),  # most classes not learned: something else is wrong
        (np.full(10, 1e-6), 0.001),  # nothing learned
    ],
    ids=["good", "brief training", "most low", "all low"],
)
def test_other_networks_are_not_called_saturated(own, other) -> None:
    assert metrics.saturated_classes(classified(TEN, own, other), TEN).tolist() == []


def test_classes_without_images_are_not_called_saturated() -> None:
    labels = TEN[TEN != 3]
    assert metrics.saturated_classes(classified(labels, np.full(10, 0.9)), labels).tolist() == []
    assert metrics.saturated_classes(np.empty((0, 10)), np.empty(0, np.uint8)).tolist() == []
