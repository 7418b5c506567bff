"""What weights are before anything is learned: random, and how large depends on how many inputs a neuron hears.

With N(0, 1) a neuron of 784 inputs starts with a weighted input of some size 28, far out where a sigmoid is flat
(chapter 3, "Weight initialization"). Weights that are smaller by the root of the inputs' number mend that.
"""

import math
from collections.abc import Callable
from typing import NamedTuple


class Init(NamedTuple):
    """The standard deviations of normal distributions with mean 0: of weights, by the number of inputs; of biases."""

    weights: Callable[[int], float]
    biases: float


INITS = {
    "N(0,1)": Init(lambda fan_in: 1.0, 1.0),  # the chapter's
    "N(0,1/n)": Init(lambda fan_in: 1 / math.sqrt(fan_in), 1.0),  # chapter 3's, which leaves the biases at N(0, 1)
    "he": Init(lambda fan_in: math.sqrt(2 / fan_in), 0.0),  # He et al. 2015, equation 10: for ReLU, biases 0
}
