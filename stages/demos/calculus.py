"""Why a network is not trained by calculus: the equations dC/dw = 0 have no formula, several solutions, and no size."""

from itertools import pairwise
from typing import Annotated, NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import SIGMOID
from nndigits.models.network.gradients import multiplications
from nndigits.models.network.network import random_network
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Cell, Demo, Table
from nndigits.stages.demos.shared.texts import listed, texts
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

say = texts("calculus")

MOST_SAMPLES, MOST_LAYERS, MOST_NEURONS, MOST_PARAMETERS = 8, 8, 100_000, 20_000_000
LARGEST_INPUT, REACH, POINTS, HALVINGS, DIGITS, PLOTTED = 20.0, 12.0, 24_001, 60, 12, 241
MINI_BATCH, CHAPTER_STEPS, BYTES, BRAIN = 10, 150_000, 8, 1_000_000_000
"""The chapter takes 30 epochs of 5,000 mini-batches of ten."""


class Solution(NamedTuple):
    """A weight where dC/dw is 0, what it is (minimum or maximum), and the cost there."""

    w: float
    kind: str
    cost: float


def run(
    *,
    inputs: Annotated[tuple[float, ...], "The input of each training sample of the neuron, up to eight."] = (1.0, 8.0),
    targets: Annotated[tuple[float, ...], "The target of each sample, 0 to 1."] = (0.9, 0.5),
    sizes: Annotated[tuple[int, ...], "Neurons of each layer of the network whose equations are counted."] = (
        784,
        30,
        10,
    ),
) -> Demo:
    """Find where dC/dw is 0 for a neuron with one weight, and count the equations of a network."""
    limits.count("inputs", inputs, 1, MOST_SAMPLES)
    limits.numbers("inputs", inputs, -LARGEST_INPUT, LARGEST_INPUT)
    limits.count("targets", targets, len(inputs), len(inputs))
    limits.numbers("targets", targets, 0, 1)
    limits.count("sizes", sizes, 2, MOST_LAYERS)
    for size in sizes:
        limits.whole("sizes", size, 1, MOST_NEURONS)
    parameters = sum(out * (before + 1) for before, out in pairwise(sizes))
    if parameters > MOST_PARAMETERS:
        raise UsageError(
            f"that network has {parameters:,} weights and biases; at most {MOST_PARAMETERS:,}",
            "sizes",
            ",".join(map(str, sizes)),
        )
    x, y = np.array(inputs), np.array(targets)
    found = solutions(x, y)
    step = MINI_BATCH * multiplications(random_network(sizes, np.random.default_rng(0)))
    name = "-".join(map(str, sizes))
    return Demo(
        idea=(say("idea")),
        tables=(
            Table(
                say(
                    "where",
                    low=-REACH,
                    high=REACH,
                    samples=listed(f"x = {one:g}, y = {other:g}" for one, other in zip(inputs, targets, strict=True)),
                ),
                ("w", say("what-it-is"), say("c")),
                tuple(found) or ((say("none"), "", ""),),
            ),
            _size_table(parameters),
        ),
        findings=(_solutions_finding(found, x, y), *_size_findings(name, parameters, step)),
        values={
            "inputs": list(inputs),
            "targets": list(targets),
            "solutions": [solution._asdict() for solution in found],
            "network": name,
            "equations": parameters,
            "second_derivatives": parameters**2,
            "products_to_solve": parameters**3 // 3,
            "products_of_a_mini_batch": step,
        },
        figure=_figure(x, y, found),
        try_next=("calculus --inputs 1 --targets 0", "calculus --sizes 784,100,10", "gradient-descent", "cost"),
    )


def cost(w: Array, x: Array, y: Array) -> Array:
    """Return the mean of (y - sigma(w x))² / 2 for each weight, ``(n,)``."""
    means: Array = np.square(_outputs(w, x) - y).mean(axis=1) / 2
    return means


def slope(w: Array, x: Array, y: Array) -> Array:
    """Return dC/dw for each weight, ``(n,)``."""
    a = _outputs(w, x)
    slopes: Array = ((a - y) * a * (1 - a) * x).mean(axis=1)
    return slopes


def solutions(x: Array, y: Array) -> list[Solution]:
    """Find the weights where dC/dw changes its sign, by bisection between the points of a grid."""
    grid = np.linspace(-REACH, REACH, POINTS)
    signs = np.sign(slope(grid, x, y))
    places = np.flatnonzero(signs)
    found = []
    for left, right in zip(places[:-1].tolist(), places[1:].tolist(), strict=True):
        if signs[left] != signs[right]:
            w = _bisect(float(grid[left]), float(grid[right]), x, y)
            kind = say("minimum") if signs[left] < 0 else say("maximum")
            w = round(w, DIGITS) + 0.0
            found.append(Solution(w, kind, float(cost(np.array([w]), x, y)[0])))
    return found


def _outputs(w: Array, x: Array) -> Array:
    z = w[:, None] * x
    return SIGMOID.value(z, np.empty_like(z))


def _bisect(low: float, high: float, x: Array, y: Array) -> float:
    falling = slope(np.array([low]), x, y)[0] > 0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if (slope(np.array([middle]), x, y)[0] > 0) == falling:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _size_table(parameters: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for what, n in (
        (say("one-weight"), 1),
        (say("two-variables"), 2),
        (say("the-network"), parameters),
        (say("a-billion-weights"), BRAIN),
    ):
        rows.append((what, f"{n:,}", f"{float(n) ** 2:.3g}", _memory(n), f"{float(n) ** 3 / 3:.2g}"))
    return Table(
        say("the-equations-n-second-derivatives"),
        (say("for"), say("equations-n"), "n²", say("memory"), say("products-n-3")),
        tuple(rows),
    )


def _memory(n: int) -> str:
    """Format the memory of n² numbers in double precision."""
    size = float(n) ** 2 * BYTES
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.0f} TB" if size >= 100 else f"{size:.3g} TB"


def _solutions_finding(found: list[Solution], x: Array, y: Array) -> str:
    if not x.any():
        return say("every-input-is-0-so")
    if not found:
        return say("no-weight-from-low-g", low=-REACH, high=REACH)
    if len(x) == 1:
        return say("one-weight-solves-dc-dw", w=found[0].w, w2=np.log(y[0] / (1 - y[0])) / x[0])
    if len(found) == 1:
        return say("one-solution", w=found[0].w, kind=found[0].kind)
    minima = [solution for solution in found if solution.kind == "minimum"]
    best = min(minima, key=lambda solution: solution.cost, default=None)
    lowest = say("lowest", w=best.w) if best and len(minima) > 1 else ""
    return say("several-solutions", count=len(found), minima=len(minima), lowest=lowest)


def _size_findings(name: str, parameters: int, step: int) -> tuple[str, ...]:
    solve = parameters**3 / 3
    verdict = say("less-than-solving" if CHAPTER_STEPS * step < solve else "more-than-solving")
    return (
        say(
            "has-count-equations-their-second", name=name, count=parameters, memory=_memory(parameters), products=solve
        ),
        say(
            "mini-batches",
            size=MINI_BATCH,
            step=step,
            count=CHAPTER_STEPS,
            products=CHAPTER_STEPS * step,
            verdict=verdict,
        ),
    )


def _figure(x: Array, y: Array, found: list[Solution]) -> Figure:
    w = np.linspace(-REACH / 2, REACH / 2, PLOTTED)
    shown = [solution for solution in found if abs(solution.w) <= REACH / 2]
    at = [solution.w for solution in shown]
    return Figure(
        (
            Panel(
                say("the-cost-of-a-neuron"),
                "w",
                say("c"),
                (
                    Curve(w.tolist(), cost(w, x, y).tolist(), say("c")),
                    Curve(at, [solution.cost for solution in shown], say("dc-dw-0"), "points"),
                ),
            ),
            Panel(
                say("its-derivative"),
                "w",
                say("dc-dw"),
                (
                    Curve(w.tolist(), slope(w, x, y).tolist(), say("dc-dw")),
                    Curve([-REACH / 2, REACH / 2], [0.0, 0.0], "", "thin"),
                    Curve(at, [0.0] * len(at), say("dc-dw-0"), "points"),
                ),
            ),
        ),
        columns=2,
    )
