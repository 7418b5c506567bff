"""Distortions of images: random ones for training, shifts for averaging, and harder images for a test."""
