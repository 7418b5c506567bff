"""Fuzz every option of every command: argument values, input files and output paths."""
