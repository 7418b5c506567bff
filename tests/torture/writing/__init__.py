"""Fail system calls and kill writers: a file is the old one or the new one, complete."""
