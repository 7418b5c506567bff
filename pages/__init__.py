"""Templates, styles, scripts and texts of the pages that `nn` writes; `stages/pages` assembles them."""
