"""Parsing of text from files within limits: JSON, CSV and TOML, and patterns of their values."""
