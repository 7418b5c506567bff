"""Run random commands with random faults for an hour."""
