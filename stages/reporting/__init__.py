"""The facts of a report: the leading network, its predictions, charts, and how everything was made."""
