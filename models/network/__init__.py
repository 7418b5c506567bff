"""A network as a list of layers, its cost and gradient, calibrated probabilities, ensembles and metrics."""
