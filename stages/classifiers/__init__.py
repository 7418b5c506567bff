"""Classifiers made from artifacts: networks, ensembles and baselines; their accuracy, and pictures to classify."""
