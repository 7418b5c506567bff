"""The report of a demonstration, for the terminal, for JSON and for a picture, and the limits of its parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from nndigits.stages.demos.shared.texts import Say, Table, listed
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("shared")

Progress = Callable[[str, float, float | None], None]
"""Progress callback of a demonstration that takes long: ``run(*, ..., progress: Progress = quietly)``.

Its arguments are what is being done, the amount done, and the total amount or None.
"""


def quietly(what: str, done: float, total: float | None) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Demo:
    """The report of one demonstration.

    Attributes
    ----------
    idea
        The idea, in a few sentences.
    tables
        The results.
    drawing
        A drawing for the terminal, line by line; may be empty.
    findings
        Conclusions from the results of this run. Empty ones are left out.
    values
        The results for ``--json``, by name. Arrays and tuples become lists, named tuples become dictionaries.
    figure
        The picture for ``--plot``.
    try_next
        Suggested next commands, without the leading ``nn demo``.
    missed
        What is wrong with an answer to an exercise; empty if it is right, or if there is none.
    """

    idea: str
    tables: tuple[Table, ...]
    findings: tuple[str, ...]
    values: Mapping[str, Any]
    try_next: tuple[str, ...]
    drawing: tuple[str, ...] = ()
    figure: Figure | None = field(default=None, repr=False)
    missed: str = ""

    def __post_init__(self) -> None:
        """Leave out empty findings, and make the values plain."""
        object.__setattr__(self, "findings", tuple(filter(None, self.findings)))
        object.__setattr__(self, "values", _plain(self.values))


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (tuple, list, range)):
        return list(map(_plain, value))
    return value.tolist() if hasattr(value, "tolist") else value


@dataclass(frozen=True)
class Given:
    """The range of a parameter's numbers, and how many there are if it takes several.

    ``Annotated[float, Given(0, 100, above=True)]`` leaves out the lower end of the range. A parameter that is
    ``positional`` has no flag. The help of a parameter is the text ``flag-`` and its name.
    """

    least: float | None = None
    most: float = 0.0
    above: bool = False
    count: tuple[int, int] | None = None
    positional: bool = False

    def check(self, parameter: str, value: Any) -> None:
        """Raise a UsageError if a value, or the number of values, is outside the range. NaN is outside."""
        values = value if isinstance(value, tuple) else (value,)
        if self.count and not self.count[0] <= len(values) <= self.count[1]:
            few, many = self.count
            key = "expected-count" if few == many else "expected-counts"
            raise UsageError(say(key, least=few, most=many, found=len(values)), parameter)
        for one in () if self.least is None else values:
            if not self.least <= one <= self.most or (self.above and one == self.least):
                key = "expected-above-zero" if self.above else "expected-range"
                raise UsageError(say(key, least=f"{self.least:,.12g}", most=f"{self.most:,.12g}"), parameter, one)


Seed = Annotated[int, Given(0, 2**32 - 1)]
Hidden = Annotated[int, Given(1, 100)]
Epochs = Annotated[int, Given(1, 30)]
Batch = Annotated[int, Given(1, 1000)]
Eta = Annotated[float, Given(0, 1000, above=True)]
"""The limits keep the training time short."""


def truth_table(text: str, least: int, most: int) -> tuple[int, ...]:
    """Parse a truth table of ``least`` to ``most`` inputs: its outputs in counting order, such as ``0110``."""
    sizes = [2**n for n in range(least, most + 1)]
    if set(text) - {"0", "1"} or len(text) not in sizes:
        found = str(len(text)) if len(text) not in sizes else say("other-characters")
        raise UsageError(say("expected-bits", sizes=listed(sizes, "or"), found=found), "table", text[:70])
    return tuple(map(int, text))
