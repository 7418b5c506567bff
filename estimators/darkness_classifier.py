"""The chapter's simplest baseline as a classifier for scikit-learn: how dark an image is."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.extmath import softmax
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from nndigits.models.arrays.types import Array, Doubles


class DarknessClassifier(ClassifierMixin, BaseEstimator):
    """Average darkness: predicts the class whose mean darkness is nearest to that of the sample (chapter 1).

    The darkness of a sample is the sum of its features.

    Attributes
    ----------
    classes_
        The labels, in ascending order.
    means_
        The mean darkness of each class, ``(classes,)``.
    n_features_in_
        The number of features.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> x, y = load_digits(return_X_y=True)
    >>> DarknessClassifier().fit(x, y).score(x, y) > 0.1
    True
    """

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803
        """Compute the mean darkness of each class from samples ``X``, ``(n, features)``, and labels ``y``, ``(n,)``."""
        x, y = validate_data(self, X, y)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        self.means_ = np.bincount(labels, _darkness(x)) / np.bincount(labels)
        return self

    def predict(self, X: Any) -> Any:  # noqa: N803
        """Return the label with the nearest mean darkness for each sample, ``(n,)``."""
        closeness = self._closeness(X)
        return self.classes_[closeness.argmax(axis=1)]

    def predict_proba(self, X: Any) -> Array:  # noqa: N803
        """Return probabilities, ``(n, classes)``: a softmax of minus the distances from the means."""
        probabilities: Array = softmax(self._closeness(X))
        return probabilities

    def __sklearn_tags__(self) -> Tags:
        """Return scikit-learn's tags: the accuracy is poor, as few classes differ in their darkness."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags

    def _closeness(self, X: Any) -> Doubles:  # noqa: N803
        """Return minus the distance of each sample's darkness from each mean, ``(n, classes)``."""
        check_is_fitted(self)
        x = validate_data(self, X, reset=False)
        closeness: Doubles = -abs(_darkness(x)[:, None] - self.means_)
        return closeness


def _darkness(x: Any) -> Doubles:
    darkness: Doubles = x.sum(axis=1, dtype=np.float64)
    return darkness
