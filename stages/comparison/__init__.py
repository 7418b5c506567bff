"""All classifiers of a folder in one table, beside the book's figures and over several seeds."""
