"""A sweep: training runs with many combinations of parameters, and the table of their results."""
