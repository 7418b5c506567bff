"""Demonstrations of the sections on the architecture of networks and on a simple network to classify digits."""
