"""Commands and advice in hints. Every command runs as it is printed."""

from collections.abc import Sequence
from pathlib import Path

from nn.cli.flags.options import ARTIFACTS, DATA
from nn.cli.terminal.output import call
from nn.stages.datasets.known_sets import KNOWN_SETS
from nn.stages.words.classes import noun, nouns, short

MNIST_DATA = ARTIFACTS / "mnist.npz"
"""Where hints put MNIST, so that it does not replace another data set."""


def better_weights(recipe: str, weights: Path, trained_on: str, again: str) -> str:
    """Format the commands that train a recipe on MNIST, unless its weights exist, and then use them.

    ``trained_on`` is the title of the data set of the weights in use, and ``again`` the command that uses the better
    ones.
    """
    if weights.exists():
        return again
    data = DATA if trained_on == KNOWN_SETS[0].title and DATA.exists() else MNIST_DATA
    fetch = [] if data.exists() else [call("fetch", "--dataset", "mnist", "-o", data)]
    train = call("train", "--recipe", recipe, "-o", weights, data=data)
    return " && ".join([*fetch, train, again])


def not_learned(labels: Sequence[int], names: Sequence[str], weights: Path) -> str:
    """Explain that a network has not learned some classes, and what helps."""
    *others, last = (short(names[label]) for label in labels)
    them = f"{nouns(names)} {', '.join(others)} and {last}" if others else f"{noun(names)} {last}"
    why = (
        "Their output neurons are saturated: close to 0 for every image, where they hardly learn."
        if others
        else "Its output neuron is saturated: close to 0 for every image, where it hardly learns."
    )
    return (
        f"{weights}: the network has not learned the {them}. {why} First weights from N(0, 1) are often too large. "
        "Train with another --seed, or with --init 'N(0,1/n)'."
    )
