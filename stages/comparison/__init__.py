"""A table of all classifiers in a folder, with the book's figures and with runs from several seeds."""
