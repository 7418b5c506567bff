"""Run commands, prepare folders and report results: the tools that all attacks share."""
