"""The constructions of the book that the demonstrations show: perceptrons, circuits, test functions and encodings."""
