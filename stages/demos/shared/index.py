"""The list of demonstrations, in the order of the book.

Each demonstration is a module with a function ``run``, whose parameters become the flags of its command, and beside it
a table with its texts. A new demonstration is these two files and an entry here.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from nndigits.stages.demos.shared.texts import Text, texts

if TYPE_CHECKING:
    from nndigits.stages.demos.shared.demo import Demo


class Entry(NamedTuple):
    """One demonstration: its command, its section in the book, and an example of the command."""

    name: str
    section: str
    example: str

    @property
    def line(self) -> Text:
        """What it shows, in one sentence."""
        return texts(self.name)("line")


PERCEPTRONS = "chapter 1, Perceptrons"
SIGMOID_NEURONS = "chapter 1, Sigmoid neurons"
ARCHITECTURE = "chapter 1, The architecture of neural networks"
NETWORK = "chapter 1, A simple network to classify handwritten digits"
DESCENT = "chapter 1, Learning with gradient descent"
IMPLEMENTING = "chapter 1, Implementing our network to classify digits"
DEEP = "chapter 1, Toward deep learning"

ROOMS: dict[str, tuple[Entry, ...]] = {
    "perceptrons": (
        Entry("perceptron", PERCEPTRONS, "perceptron --weights 6,2,2 --threshold 5"),
        Entry("decision", PERCEPTRONS, "decision --weights 6,2,2 --thresholds 5,3"),
        Entry("layers", PERCEPTRONS, "layers --inputs 0,1,1,0,1"),
        Entry("gates", PERCEPTRONS, "gates --weights=-2,-2 --bias 3"),
        Entry("nand-adder", PERCEPTRONS, "nand-adder --bits 8 100 55"),
        Entry("universal", PERCEPTRONS, "universal --table 0110"),
        Entry("perceptron-learning", PERCEPTRONS + " (learning algorithms)", "perceptron-learning --table 0111"),
    ),
    "neurons": (
        Entry("sigmoid", SIGMOID_NEURONS, "sigmoid --weights 6,2,2 --bias=-5 --inputs 0.5,1,0"),
        Entry("small-change", SIGMOID_NEURONS, "small-change --inputs 1,1 --direction 1,0,0"),
        Entry("scaling", SIGMOID_NEURONS + " (exercises)", "scaling --factors 1,10,100"),
    ),
    "digits": (
        Entry("architecture", ARCHITECTURE, "architecture --sizes 4096,15,1"),
        Entry("segmentation", NETWORK, "segmentation --digits 4 --gap=-1"),
        Entry("nine", NETWORK, "nine --threshold 0.2"),
        Entry("bits", NETWORK + " (exercise)", "bits --seeds 5"),
        Entry("hidden", NETWORK, "hidden --neurons 4,5,6"),
    ),
    "descent": (
        Entry("target", DESCENT, "target --digit 4"),
        Entry("cost", DESCENT, "cost --neuron 9 --span 5"),
        Entry("calculus", DESCENT, "calculus --inputs 1,-5 --targets 0.9,0.3"),
        Entry("gradient-descent", DESCENT, "gradient-descent --function narrow --rates 0.01,0.09,0.11"),
        Entry("steepest", DESCENT + " (exercise)", "steepest --at=-2,0.5 --length 0.01"),
        Entry("sgd", DESCENT, "sgd --sizes 1,10,100 --draws 50"),
        Entry("update", DESCENT, "update --eta 0.5 --weights=1,-1"),
        Entry("online", DESCENT + " (exercise)", "online --sizes 1,10 --eta 0.5"),
    ),
    "networks": (
        Entry("feedforward", IMPLEMENTING + " (exercise)", "feedforward --inputs 0.25,0.75"),
        Entry("backprop", "chapter 2, The four fundamental equations", "backprop --inputs 1,0.5 --target 0"),
        Entry("learning-rate", IMPLEMENTING, "learning-rate --rates 0.1,1,10"),
        Entry("deep", DEEP, "deep --without left.iris,nostrils"),
    ),
}
"""The demonstrations by folder. Folders and demonstrations are in the order of the book."""

DEMOS = tuple(entry for entries in ROOMS.values() for entry in entries)
BY_NAME = {entry.name: entry for entry in DEMOS}
MODULES = {
    entry.name: f"nndigits.stages.demos.{room}.{entry.name.replace('-', '_')}"
    for room, entries in ROOMS.items()
    for entry in entries
}


def load(name: str) -> "Callable[..., Demo]":
    """Import a demonstration and return its function ``run``.

    BLAS uses one thread while it runs, because the last bits of trained weights depend on the number of threads.
    """
    run = import_module(MODULES[name]).run

    @wraps(run)
    def with_one_thread(**arguments: Any) -> "Demo":
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, "blas"):
            return cast("Demo", run(**arguments))

    return with_one_thread
