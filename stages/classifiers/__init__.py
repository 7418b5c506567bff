"""Artifacts turned into classifiers that predict: networks, ensembles and baselines, and the pictures they read."""
