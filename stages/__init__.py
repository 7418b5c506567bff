"""The stages of the pipeline: each reads files, runs a model and writes a file."""
