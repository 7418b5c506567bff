"""Reports of `nn status` and `nn show` as text, one file for each kind of report."""
