"""What the parameters of a demonstration take: ``Annotated[float, Given(0, 100, above=True)]``.

The help of a parameter is the text ``flag-`` and its name. A check raises a UsageError that says in one line what was
expected and what was found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from nndigits.stages.demos.shared.texts import Say, listed
from nndigits.stages.store.errors import UsageError

say = Say("shared")


@dataclass(frozen=True)
class Given:
    """The range of a parameter's numbers, and how many there are if it takes several.

    ``above`` leaves out the lower end of the range. A parameter that is ``positional`` has no flag.
    """

    least: float | None = None
    most: float = 0.0
    above: bool = False
    count: tuple[int, int] | None = None
    positional: bool = False

    def check(self, parameter: str, value: Any) -> None:
        """Raise a UsageError if a value, or the number of values, is outside the range."""
        if self.count:
            count(parameter, value, *self.count)
        if self.least is not None:
            for one in value if isinstance(value, tuple) else (value,):
                (above_zero(parameter, one, self.most) if self.above else number(parameter, one, self.least, self.most))


Seed = Annotated[int, Given(0, 2**32 - 1)]
Hidden = Annotated[int, Given(1, 100)]
Epochs = Annotated[int, Given(1, 30)]
Batch = Annotated[int, Given(1, 1000)]
Eta = Annotated[float, Given(0, 1000, above=True)]
"""The limits keep the training time short."""


def check(run: Callable[..., Any], arguments: dict[str, Any]) -> None:
    """Check the arguments of a demonstration's ``run`` against its annotations."""
    for name, annotation in run.__annotations__.items():
        for one in getattr(annotation, "__metadata__", ()):
            if name in arguments:
                one.check(name, arguments[name])


def number(parameter: str, value: float, least: float, most: float) -> None:
    """Require a number from ``least`` to ``most``; NaN is refused."""
    if not least <= value <= most:
        raise UsageError(say("expected-range", least=f"{least:,.12g}", most=f"{most:,.12g}"), parameter, value)


def above_zero(parameter: str, value: float, most: float) -> None:
    """Require a positive number, at most ``most``."""
    if not 0 < value <= most:
        raise UsageError(say("expected-above-zero", most=f"{most:,.12g}"), parameter, value)


def count(parameter: str, values: Sequence[object], least: int, most: int) -> None:
    """Require ``least`` to ``most`` values of a parameter that takes several."""
    if not least <= len(values) <= most:
        key = "expected-count" if least == most else "expected-counts"
        raise UsageError(say(key, least=least, most=most, found=len(values)), parameter)


def truth_table(text: str, least: int, most: int) -> tuple[int, ...]:
    """Parse a truth table of ``least`` to ``most`` inputs: its outputs in counting order, such as ``0110``."""
    sizes = [2**n for n in range(least, most + 1)]
    if set(text) - {"0", "1"} or len(text) not in sizes:
        found = str(len(text)) if len(text) not in sizes else say("other-characters")
        raise UsageError(say("expected-bits", sizes=listed(sizes, "or"), found=found), "table", text[:70])
    return tuple(map(int, text))
