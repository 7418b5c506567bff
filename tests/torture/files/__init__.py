"""Damage and forge files of every kind: each is refused for its own reason, in one line, at little cost."""
