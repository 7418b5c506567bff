"""Fuzz every command, option, path, name, stream and environment, and fetch from servers that misbehave."""
