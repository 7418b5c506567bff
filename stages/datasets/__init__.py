"""Data sets: known ones and their downloads, one's own, readers of their formats, and the check of their content."""
