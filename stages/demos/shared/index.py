"""The demonstrations in the chapter's order: a line each, and the section where the book tells of it.

Each stands in a module of its own here, with a function ``run`` whose parameters become the command's flags.
A new demonstration is a new file and a new row.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any, NamedTuple, cast

from nn.stages.demos.shared.demo import Demo


class Entry(NamedTuple):
    """One demonstration: its command, its place in the book, what it shows, and a command worth trying."""

    name: str
    section: str
    line: str
    example: str


ROOMS: dict[str, tuple[Entry, ...]] = {
    "perceptrons": (
        Entry(
            "perceptron",
            "chapter 1, Perceptrons",
            "weigh the inputs, compare with a threshold: 0 or 1",
            "perceptron --weights 6,2,2 --threshold 5",
        ),
        Entry(
            "decision",
            "chapter 1, Perceptrons",
            "going out or not, by weather, partner and transport",
            "decision --weights 6,2,2 --thresholds 5,3",
        ),
        Entry(
            "layers",
            "chapter 1, Perceptrons",
            "perceptrons that decide on the decisions of others",
            "layers --inputs 0,1,1,0,1",
        ),
        Entry(
            "gates",
            "chapter 1, Perceptrons",
            "AND, OR, NOT, NAND as one perceptron each; why not XOR",
            "gates --weights=-2,-2 --bias 3",
        ),
        Entry(
            "nand-adder",
            "chapter 1, Perceptrons",
            "adding with NANDs alone, in four drawings of one circuit",
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
            "a perceptron finds its weights by its mistakes, but not for XOR",
            "perceptron-learning --table 0111",
        ),
    ),
    "neurons": (
        Entry(
            "sigmoid",
            "chapter 1, Sigmoid neurons",
            "the smooth step: anything between 0 and 1",
            "sigmoid --weights 6,2,2 --bias=-5 --inputs 0.5,1,0",
        ),
        Entry(
            "small-change",
            "chapter 1, Sigmoid neurons",
            "a small change of a weight makes a small change of the output",
            "small-change --inputs 1,1 --direction 1,0,0",
        ),
        Entry(
            "scaling",
            "chapter 1, Sigmoid neurons (exercises)",
            "all weights and biases times c: perceptrons, and sigmoids becoming them",
            "scaling --factors 1,10,100",
        ),
    ),
    "digits": (
        Entry(
            "segmentation",
            "chapter 1, A simple network to classify handwritten digits",
            "a strip cut into digits: many cuts, and the one that the network is sure of",
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
            "four outputs in place of ten: set by hand, and trained",
            "bits --seeds 5",
        ),
        Entry(
            "hidden",
            "chapter 1, A simple network to classify handwritten digits",
            "what hidden neurons look for, as pictures",
            "hidden --neurons 4,5,6",
        ),
    ),
    "descent": (
        Entry(
            "cost",
            "chapter 1, Learning with gradient descent",
            "one weight moved: the cost moves, the accuracy stands or jumps",
            "cost --neuron 9 --span 5",
        ),
        Entry(
            "gradient-descent",
            "chapter 1, Learning with gradient descent",
            "a ball rolls down a valley; eta too small, right, too large",
            "gradient-descent --function narrow --rates 0.01,0.09,0.11",
        ),
        Entry(
            "steepest",
            "chapter 1, Learning with gradient descent (exercise)",
            "no short step lowers C more than the one against the gradient",
            "steepest --at=-2,0.5 --length 0.01",
        ),
        Entry(
            "sgd",
            "chapter 1, Learning with gradient descent",
            "the gradient of a few images beside that of all",
            "sgd --sizes 1,10,100 --draws 50",
        ),
        Entry(
            "online",
            "chapter 1, Learning with gradient descent (exercise)",
            "mini-batches of 1, 10, 20 and 100 compared",
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
            "the gradient of a tiny network by hand, checked by small changes",
            "backprop --inputs 1,0.5 --target 0",
        ),
        Entry(
            "learning-rate",
            "chapter 1, Implementing our network to classify digits",
            "eta 0.001, 3 and 100: too small, right, too large",
            "learning-rate --rates 0.1,1,10",
        ),
        Entry(
            "deep",
            "chapter 1, Toward deep learning",
            "a face as questions made of questions; how fast deep layers learn",
            "deep --without left.iris,nostrils",
        ),
    ),
}
"""The demonstrations of each room of this folder, rooms and demonstrations in the order of the book."""

DEMOS = tuple(entry for entries in ROOMS.values() for entry in entries)
BY_NAME = {entry.name: entry for entry in DEMOS}
MODULES = {
    entry.name: f"nn.stages.demos.{room}.{entry.name.replace('-', '_')}"
    for room, entries in ROOMS.items()
    for entry in entries
}


def load(name: str) -> Callable[..., Demo]:
    """The function ``run`` of a demonstration; its module is imported only now.

    BLAS is held to one thread while it runs: with more, the last bits of what is learned would depend on how many.
    """
    run = import_module(MODULES[name]).run

    @wraps(run)
    def with_one_thread(**arguments: Any) -> Demo:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, "blas"):
            return cast("Demo", run(**arguments))

    return with_one_thread
