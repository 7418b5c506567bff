"""Forged data sets, drawings and pictures, and the test that each is refused for its own reason."""
