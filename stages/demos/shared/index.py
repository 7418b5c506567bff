"""The list of demonstrations, in the order of the book.

Each demonstration is a module with a function ``run``, whose parameters become the flags of its command.
A new demonstration is a new file and a new entry here.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from nndigits.stages.demos.shared.demo import Demo


class Entry(NamedTuple):
    """One demonstration: its command, its section in the book, a one-line description, and an example."""

    name: str
    section: str
    line: str
    example: str


ROOMS: dict[str, tuple[Entry, ...]] = {
    "perceptrons": (
        Entry(
            "perceptron",
            "chapter 1, Perceptrons",
            "compare a weighted sum of the inputs with a threshold: output 0 or 1",
            "perceptron --weights 6,2,2 --threshold 5",
        ),
        Entry(
            "decision",
            "chapter 1, Perceptrons",
            "decide whether to go to a festival, by weather, partner and transport",
            "decision --weights 6,2,2 --thresholds 5,3",
        ),
        Entry(
            "layers",
            "chapter 1, Perceptrons",
            "three layers of perceptrons; each layer uses the decisions of the one before",
            "layers --inputs 0,1,1,0,1",
        ),
        Entry(
            "gates",
            "chapter 1, Perceptrons",
            "AND, OR, NOT and NAND as single perceptrons, and why XOR cannot be one",
            "gates --weights=-2,-2 --bias 3",
        ),
        Entry(
            "nand-adder",
            "chapter 1, Perceptrons",
            "addition with NAND gates only, in four drawings of one circuit",
            "nand-adder --bits 8 100 55",
        ),
        Entry(
            "universal",
            "chapter 1, Perceptrons",
            "any truth table as a network of NAND perceptrons",
            "universal --table 0110",
        ),
        Entry(
            "perceptron-learning",
            "chapter 1, Perceptrons (learning algorithms)",
            "a perceptron learns its weights from its mistakes, but cannot learn XOR",
            "perceptron-learning --table 0111",
        ),
    ),
    "neurons": (
        Entry(
            "sigmoid",
            "chapter 1, Sigmoid neurons",
            "a smooth step function, with outputs between 0 and 1",
            "sigmoid --weights 6,2,2 --bias=-5 --inputs 0.5,1,0",
        ),
        Entry(
            "small-change",
            "chapter 1, Sigmoid neurons",
            "a small change in a weight causes a small change in the output",
            "small-change --inputs 1,1 --direction 1,0,0",
        ),
        Entry(
            "scaling",
            "chapter 1, Sigmoid neurons (exercises)",
            "multiply all weights and biases by c, for perceptrons and sigmoid neurons",
            "scaling --factors 1,10,100",
        ),
    ),
    "digits": (
        Entry(
            "architecture",
            "chapter 1, The architecture of neural networks",
            "input, hidden and output layers, and the weights and biases of each",
            "architecture --sizes 4096,15,1",
        ),
        Entry(
            "segmentation",
            "chapter 1, A simple network to classify handwritten digits",
            "split a strip into digits: try many cuts and keep the most confident reading",
            "segmentation --digits 4 --gap=-1",
        ),
        Entry(
            "nine",
            "chapter 1, A simple network to classify handwritten digits",
            "a network with one output: is it a 9?",
            "nine --threshold 0.2",
        ),
        Entry(
            "bits",
            "chapter 1, A simple network to classify handwritten digits (exercise)",
            "four binary outputs instead of ten: weights set by hand, and trained",
            "bits --seeds 5",
        ),
        Entry(
            "hidden",
            "chapter 1, A simple network to classify handwritten digits",
            "what hidden neurons detect, as pictures",
            "hidden --neurons 4,5,6",
        ),
    ),
    "descent": (
        Entry(
            "target",
            "chapter 1, Learning with gradient descent",
            "the target y(x) of one image beside the output of the network, and the cost",
            "target --digit 4",
        ),
        Entry(
            "cost",
            "chapter 1, Learning with gradient descent",
            "change one weight: the cost changes smoothly, the accuracy stays or jumps",
            "cost --neuron 9 --span 5",
        ),
        Entry(
            "calculus",
            "chapter 1, Learning with gradient descent",
            "why not solve dC/dw = 0: several solutions, no formula, too many equations",
            "calculus --inputs 1,-5 --targets 0.9,0.3",
        ),
        Entry(
            "gradient-descent",
            "chapter 1, Learning with gradient descent",
            "a ball rolls down a valley, with eta too small, right and too large",
            "gradient-descent --function narrow --rates 0.01,0.09,0.11",
        ),
        Entry(
            "steepest",
            "chapter 1, Learning with gradient descent (exercise)",
            "no short step decreases C more than a step against the gradient",
            "steepest --at=-2,0.5 --length 0.01",
        ),
        Entry(
            "sgd",
            "chapter 1, Learning with gradient descent",
            "the gradient of a mini-batch compared with the gradient of all images",
            "sgd --sizes 1,10,100 --draws 50",
        ),
        Entry(
            "update",
            "chapter 1, Learning with gradient descent",
            "one step of the update rule with hand-sized numbers, checked by the trainer",
            "update --eta 0.5 --weights=1,-1",
        ),
        Entry(
            "online",
            "chapter 1, Learning with gradient descent (exercise)",
            "mini-batch sizes 1, 10, 20 and 100 compared",
            "online --sizes 1,10 --eta 0.5",
        ),
    ),
    "networks": (
        Entry(
            "feedforward",
            "chapter 1, Implementing our network to classify digits (exercise)",
            "a' = sigma(w a + b), in matrices and component by component",
            "feedforward --inputs 0.25,0.75",
        ),
        Entry(
            "backprop",
            "chapter 2, The four fundamental equations",
            "the gradient of a tiny network by hand, checked by central differences",
            "backprop --inputs 1,0.5 --target 0",
        ),
        Entry(
            "learning-rate",
            "chapter 1, Implementing our network to classify digits",
            "learning rates 0.001, 3 and 100: too small, right, too large",
            "learning-rate --rates 0.1,1,10",
        ),
        Entry(
            "deep",
            "chapter 1, Toward deep learning",
            "face detection by sub-questions, and how fast the layers of deep networks learn",
            "deep --without left.iris,nostrils",
        ),
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
