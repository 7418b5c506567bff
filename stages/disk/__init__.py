"""Files by system calls: atomic replacement, temporary files, locks, and what a path leads to; errors are OSError."""
