"""Recipes: the parameters of training runs worth repeating as TOML files, read, checked, and written from weights."""
