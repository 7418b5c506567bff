"""Training as stages: one run, the search for eta, and a sweep of many runs on workers."""
