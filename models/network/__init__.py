"""A network as a list of layers: its cost and gradient, how its outputs become probabilities, and how it is scored."""
