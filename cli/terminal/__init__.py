"""Terminal output: text, drawings, progress bars, signals and usage errors."""
