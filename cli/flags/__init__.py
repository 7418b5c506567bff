"""Options that commands share, and flags made from tables of parameters."""
