"""The sections of the chapter, in its order, each with its demonstrations and its live figures."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Section(NamedTuple):
    """A section: its key in ``pages/chapter/texts.json``, its place in the book, and its demonstrations.

    Each has one figure: a live one, ``room/name``, of the template ``pages/room/name.html`` and the script
    ``pages/room/name.js``; its own, as ``pages/figures/stills.js`` draws it (STILL); or none, if the prose refers to
    one that stands elsewhere.
    """

    key: str
    book: str
    demos: dict[str, str]


STILL = "still"
SECTIONS = (
    Section(
        "perceptrons",
        "perceptrons",
        {
            "perceptron": "",
            "decision": "figures/decision",
            "layers": STILL,
            "gates": "figures/perceptron",
            "nand-adder": "figures/adder",
            "universal": "figures/universal",
            "perceptron-learning": "",
        },
    ),
    Section(
        "sigmoid-neurons",
        "sigmoid_neurons",
        {"sigmoid": "figures/sigmoid", "small-change": "figures/change", "scaling": "figures/scaling"},
    ),
    Section("architecture", "the_architecture_of_neural_networks", {"architecture": ""}),
    Section(
        "network",
        "a_simple_network_to_classify_handwritten_digits",
        {"segmentation": STILL, "nine": STILL, "bits": "figures/bits", "hidden": STILL},
    ),
    Section(
        "descent",
        "learning_with_gradient_descent",
        {
            "target": STILL,
            "cost": STILL,
            "calculus": STILL,
            "gradient-descent": "figures/valley",
            "steepest": "figures/steepest",
            "sgd": "figures/batches",
            "update": "figures/plane",
            "online": STILL,
        },
    ),
    Section(
        "implementation",
        "implementing_our_network_to_classify_digits",
        {"feedforward": STILL, "backprop": "learning/lens", "learning-rate": "learning/learn"},
    ),
    Section("deep", "toward_deep_learning", {"deep": STILL}),
)
BOOK = "http://neuralnetworksanddeeplearning.com/chap1.html#"
"""The chapter in the book; a section's place follows."""

SOLUTIONS = "chapter/solutions.json"
"""The texts of the solutions, which a page can do without."""

ROOMS = ("figures", "learning")
"""Folders of ``pages/`` with live figures, each with texts and styles of its own."""

WORKERS = ("learning/worker.js",)
"""Scripts that the page starts as workers, as modules of ``pages/``."""


def complete(sections: Sequence[Section], names: Iterable[str]) -> list[Section]:
    """Return the sections with all demonstrations of ``names``, which are in the order of the book.

    One that no section names, because it is new, comes last in the section of the one before it.
    """
    demos = [dict(section.demos) for section in sections]
    here = demos[0]
    for name in names:
        here = next((one for one in demos if name in one), here)
        here.setdefault(name, STILL)
    return [section._replace(demos=one) for section, one in zip(sections, demos, strict=True)]
