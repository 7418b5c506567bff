"""The baselines as stages: each trains on a data artifact and writes a classifier."""
