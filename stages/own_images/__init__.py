"""One's own pictures as a data set: folders named by class, the preparation of each picture, and what was refused."""
