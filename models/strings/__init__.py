"""From an image of several digits to the digits: text lines, cut paths, candidates, their scores and the best path."""
