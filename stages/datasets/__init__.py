"""Data sets: known ones and one's own, the readers of their file formats, and the check that they are what they say."""
