"""The sections of the chapter, in its order, each with its demonstrations and its live figures."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Section(NamedTuple):
    """A section: its key in ``pages/chapter/texts.json``, its demonstrations, and the live figures, as ``room/name``.

    The live figure ``room/name`` has a template ``pages/room/name.html``, which is put where the demonstration
    that it names stands, and a script ``pages/room/name.js``, which is started in ``pages/chapter/chapter.js``.
    """

    key: str
    demos: dict[str, tuple[str, ...]]


SECTIONS = (
    Section(
        "perceptrons",
        {
            "perceptron": ("figures/perceptron",),
            "decision": ("figures/decision",),
            "layers": (),
            "gates": ("figures/gates",),
            "nand-adder": ("figures/adder",),
            "universal": ("figures/universal",),
            "perceptron-learning": (),
        },
    ),
    Section(
        "sigmoid-neurons",
        {"sigmoid": ("figures/sigmoid",), "small-change": ("figures/change",), "scaling": ("figures/scaling",)},
    ),
    Section("architecture", {"architecture": ()}),
    Section("network", {"segmentation": (), "nine": (), "bits": ("figures/bits",), "hidden": ()}),
    Section(
        "descent",
        {
            "target": (),
            "cost": (),
            "calculus": (),
            "gradient-descent": ("figures/valley",),
            "steepest": (),
            "sgd": ("figures/batches",),
            "update": (),
            "online": (),
        },
    ),
    Section(
        "implementation", {"feedforward": (), "backprop": ("learning/lens",), "learning-rate": ("learning/learn",)}
    ),
    Section("deep", {"deep": ()}),
)
SOLUTIONS, CORRECTED = "chapter/solutions.json", "chapter/corrections.json"
"""The texts of the solutions and of the corrections, which a page can do without."""

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
        here.setdefault(name, ())
    return [section._replace(demos=one) for section, one in zip(sections, demos, strict=True)]
