"""Reports of `nn eval`, `nn show` and `nn status` as text, one file for each kind of report."""
