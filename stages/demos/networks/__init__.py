"""Demonstrations of the sections on implementing the network, on backpropagation, and on deep learning."""
