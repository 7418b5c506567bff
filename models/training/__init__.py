"""How a network learns: the training loop, optimizers, schedules, penalties and fast paths with the same result."""
