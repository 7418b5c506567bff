"""Demonstrations of the sections on implementing the network and on deep learning."""
