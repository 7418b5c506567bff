"""Artifacts on disk: the only code that reads and writes them, checks them against their kind and reports errors."""
