"""Estimators for scikit-learn, imported as `nndigits.sklearn`: they use stages and models, and no command uses them."""

from nndigits.sklearn.darkness_classifier import DarknessClassifier
from nndigits.sklearn.network_classifier import NetworkClassifier

__all__ = ["DarknessClassifier", "NetworkClassifier"]
