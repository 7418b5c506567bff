"""Training: the loop, optimizers, schedules, penalties, weight averaging, and faster steps with the same result."""
