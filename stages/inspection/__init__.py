"""What files of nn hold, what they were made from, and whether they are still up to date."""
