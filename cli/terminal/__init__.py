"""The terminal: flags and their completion, text, tables, drawings, progress bars, signals and streams."""
