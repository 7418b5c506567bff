"""What a training run needs: parameters, the setup of a trainer from them, epochs, and checkpoints."""
