"""Estimators for scikit-learn: ``from nn.sklearn import NetworkClassifier``."""

from nn.sklearn.darkness_classifier import DarknessClassifier
from nn.sklearn.network_classifier import NetworkClassifier

__all__ = ["DarknessClassifier", "NetworkClassifier"]
