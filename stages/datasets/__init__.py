"""Data sets: the registry of known sets, readers of their file formats, and downloads checked by hash."""
