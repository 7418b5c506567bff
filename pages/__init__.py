"""Templates, styles, scripts and texts of the pages that `nn` writes; `stages/html` assembles them."""
