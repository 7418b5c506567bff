"""Terminal output: text, tables, drawings, progress bars, reports as text, signals and streams."""
