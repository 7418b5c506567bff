"""Check the source code: banned calls, lint, branch coverage and mutation testing."""
