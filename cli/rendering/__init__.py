"""Reports of `nn eval`, `nn show`, `nn status` and `nn train --find-eta` as text, one file for each kind."""
