"""What files of nn hold, what they were made from, whether they are up to date, and how they compare."""
