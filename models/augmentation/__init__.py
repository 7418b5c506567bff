"""Random distortions of training images, and images shifted by whole pixels for averaging at test time."""
