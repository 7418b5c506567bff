"""Code that the demonstrations share: their report, the digits, trained networks, text and drawings."""
