"""Figures as plain data, drawn by matplotlib into a file."""
