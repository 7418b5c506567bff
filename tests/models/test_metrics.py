"""Metrics, compared with values worked by hand and with scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from nn.models.network import metrics

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
