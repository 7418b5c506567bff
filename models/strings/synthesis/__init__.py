"""Strips of digits composed from single images, with ground truth, to train and measure the reading of strips."""
