"""Demonstrations of the section "Perceptrons": decisions, logic gates, circuits and the perceptron learning rule."""
