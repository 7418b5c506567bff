"""Demonstrations of the section "Sigmoid neurons"."""
