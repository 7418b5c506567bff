"""Figures as plain data, their drawing by matplotlib, and the assembly of a page into one HTML file."""
