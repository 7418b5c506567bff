"""Estimators for scikit-learn, imported as `nn.sklearn`: they use stages and models, and no command uses them."""

from nn.sklearn.darkness_classifier import DarknessClassifier
from nn.sklearn.network_classifier import NetworkClassifier

__all__ = ["DarknessClassifier", "NetworkClassifier"]
