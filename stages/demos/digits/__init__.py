"""Demonstrations of the section "A simple network to classify handwritten digits"."""
