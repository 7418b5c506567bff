"""Everything between a report and the terminal: output, drawings, progress bars, signals and usage errors."""
