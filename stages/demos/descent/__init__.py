"""Demonstrations of the section "Learning with gradient descent"."""
