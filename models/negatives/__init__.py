"""What is no digit: pieces of composed strips, and drawings, labelled for a network with a reject class."""
