"""The score of each candidate of a text line, as a digit and as a non-digit: the lattice maximises their sum."""
