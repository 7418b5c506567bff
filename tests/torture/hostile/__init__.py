"""Forged artifacts, and the test that each is refused for its own reason."""
