"""What demonstrations share: the report of a demonstration, its data, trained networks, text and drawings."""
