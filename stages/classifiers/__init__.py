"""Classifiers: networks, ensembles and baselines made from artifacts, their accuracy, and the training of baselines."""
