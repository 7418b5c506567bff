"""The layers of a network, each with its forward and backward pass, and their activations and initial weights."""
