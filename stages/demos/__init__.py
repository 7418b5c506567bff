"""The book's ideas as demonstrations, in the order of its sections."""
