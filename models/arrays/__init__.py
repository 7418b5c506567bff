"""Array types, direct BLAS calls and memory layout: the small tools that every other room of `models` uses."""
