"""Interrupt writing, training, workers and make: nothing is lost, and what is resumed ends in the same bytes."""
