"""Array types, direct BLAS calls and memory layout, used by every other folder of `models`."""
