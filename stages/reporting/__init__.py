"""The report of a folder: its leading network, predictions, charts, and how everything was made."""
