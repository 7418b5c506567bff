"""The baselines as stages: each learns from a data artifact and writes a classifier artifact."""
