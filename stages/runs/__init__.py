"""What a training run needs: parameters, recipes, checkpoints, and the setup of a trainer from them."""
