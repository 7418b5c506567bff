"""Drawings that are no digits: letters, signs, figures, scribbles and blots, prepared as pictures are."""
