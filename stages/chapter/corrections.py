"""What common Chinese notes on the chapter get wrong, by demonstration.

The texts are in ``pages/chapter/corrections.json``: ``correction-KEY`` says what is true, ``correction-KEY-why`` what
the notes say. Some solve an exercise, so a page without solutions has none of them.
"""

from typing import NamedTuple


class Correction(NamedTuple):
    """A correction: the key of its texts, and the command or the arithmetic that shows it."""

    key: str
    check: str

    @property
    def is_command(self) -> bool:
        """Whether a command shows it."""
        return self.check.startswith("nn ")


CORRECTIONS: dict[str, tuple[Correction, ...]] = {
    "perceptron": (
        Correction("cortex", "140,000,000 = 1.4 × 10⁸"),
        Correction("stray-sum", "nn demo perceptron"),
        Correction("easy-output", "nn demo decision"),
    ),
    "decision": (Correction("no-tree", "nn demo decision"),),
    "small-change": (
        Correction("smooth", "nn demo small-change"),
        Correction("approximately", "nn demo small-change"),
    ),
    "scaling": (
        Correction("scaling-all", "nn demo scaling"),
        Correction("sigma-zero", "nn demo sigmoid"),
        Correction("limit", "nn demo scaling"),
    ),
    "nine": (Correction("output-half", "nn demo nine"),),
    "architecture": (Correction("ten-outputs", "nn demo architecture"),),
    "bits": (
        Correction("first-bit", "nn demo bits"),
        Correction("bit-patterns", "nn demo bits"),
    ),
    "target": (
        Correction("one-input", "nn demo target"),
        Correction("six", "nn demo target"),
    ),
    "cost": (Correction("mse", "nn demo target"),),
    "calculus": (Correction("calculus", "nn demo calculus"),),
    "gradient-descent": (
        Correction("not-ensured", "nn demo gradient-descent"),
        Correction("local", "nn demo gradient-descent --function two-valleys"),
    ),
    "steepest": (Correction("against", "nn demo steepest --proof"),),
    "sgd": (
        Correction("average", "nn demo sgd"),
        Correction("factor", "60,000 / 10 = 6,000; 50,000 / 10 = 5,000"),
    ),
    "online": (Correction("online", "nn demo online"),),
    "feedforward": (Correction("whole-network", "nn demo feedforward"),),
    "learning-rate": (
        Correction("thirty", "784 + 30 + 10 = 824"),
        Correction("hundred", "nn recipes"),
        Correction("darkness", "nn baseline darkness"),
    ),
    "deep": (Correction("two-hidden", "nn demo architecture --sizes 784,30,30,10"),),
}
"""The corrections, by the demonstration where the idea stands."""
