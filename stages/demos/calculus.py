"""Why a network is not trained by calculus: the equations dC/dw = 0 have no formula, several solutions, and no size."""

from itertools import pairwise
from math import log10
from typing import Annotated, NamedTuple

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.layers.activations import SIGMOID
from nndigits.models.network.gradients import multiplications
from nndigits.models.network.network import random_network
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, Table, listed
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("calculus")

MOST_PARAMETERS = 20_000_000
REACH, POINTS, DIGITS, PLOTTED = 12.0, 24_001, 12, 241
MINI_BATCH, CHAPTER_STEPS, BYTES, BRAIN = 10, 150_000, 8, 1_000_000_000
"""The chapter takes 30 epochs of 5,000 mini-batches of ten."""


class Solution(NamedTuple):
    """A weight where dC/dw is 0, what it is (minimum or maximum), and the cost there."""

    w: float
    kind: str
    cost: float


def run(
    *,
    inputs: Annotated[tuple[float, ...], Given(-20, 20, count=(1, 8))] = (1.0, 8.0),
    targets: Annotated[tuple[float, ...], Given(0, 1)] = (0.9, 0.5),
    sizes: Annotated[tuple[int, ...], Given(1, 100000, count=(2, 8))] = (784, 30, 10),
) -> Demo:
    """Find where dC/dw is 0 for a neuron with one weight, and count the equations of a network."""
    Given(count=(len(inputs), len(inputs))).check("targets", targets)
    parameters = sum(out * (before + 1) for before, out in pairwise(sizes))
    if parameters > MOST_PARAMETERS:
        raise UsageError(say("too-many", total=parameters, most=MOST_PARAMETERS), "sizes", ",".join(map(str, sizes)))
    x, y = np.array(inputs), np.array(targets)
    found = solutions(x, y)
    step = MINI_BATCH * multiplications(random_network(sizes, np.random.default_rng(0)))
    name = "-".join(map(str, sizes))
    samples = listed(f"x = {one:g}, y = {other:g}" for one, other in zip(inputs, targets, strict=True))
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("where", low=-REACH, high=REACH, samples=samples),
                "w what-it-is c",
                found or [(say("none"), "", "")],
            ),
            _size_table(parameters),
        ),
        findings=(_solutions_finding(found, x, y), *_size_findings(name, parameters, step)),
        values={
            "inputs": inputs,
            "targets": targets,
            "solutions": found,
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
    """Find the weights where dC/dw changes its sign, between the points of a grid."""
    from scipy.optimize import brentq

    grid = np.linspace(-REACH, REACH, POINTS)
    signs = np.sign(slope(grid, x, y))
    found = []
    for left, right in pairwise(np.flatnonzero(signs).tolist()):
        if signs[left] != signs[right]:
            zero = brentq(lambda w: float(slope(np.array([w]), x, y)[0]), grid[left], grid[right], xtol=1e-15)
            w = round(zero, DIGITS) + 0.0
            kind = say("minimum" if signs[left] < 0 else "maximum")
            found.append(Solution(w, kind, float(cost(np.array([w]), x, y)[0])))
    return found


def _outputs(w: Array, x: Array) -> Array:
    z = w[:, None] * x
    return SIGMOID.value(z, np.empty_like(z))


def _size_table(parameters: int) -> Table:
    sizes = {"one-weight": 1, "two-variables": 2, "the-network": parameters, "a-billion-weights": BRAIN}
    return say.table(
        "the-equations-n-second-derivatives",
        "for equations-n n² memory products-n-3",
        (
            (say(what), f"{n:,}", f"{float(n) ** 2:.3g}", _memory(n), f"{float(n) ** 3 / 3:.2g}")
            for what, n in sizes.items()
        ),
    )


def _memory(n: int) -> str:
    """Format the memory of n² numbers in double precision."""
    size = float(n) ** 2 * BYTES
    power = min(4, int(log10(size) / 3))
    amount = size / 1000**power
    return f"{amount:{',.0f' if amount >= 1000 else '.3g'}} {('B', 'kB', 'MB', 'GB', 'TB')[power]}"


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
    solve, products, memory = parameters**3 / 3, CHAPTER_STEPS * step, _memory(parameters)
    verdict = say("less-than-solving" if products < solve else "more-than-solving")
    steps = {"size": MINI_BATCH, "step": step, "count": CHAPTER_STEPS, "products": products}
    equations = say("has-count-equations-their-second", name=name, count=parameters, memory=memory, products=solve)
    return equations, say("mini-batches", **steps, verdict=verdict)


def _figure(x: Array, y: Array, found: list[Solution]) -> Figure:
    w = np.linspace(-REACH / 2, REACH / 2, PLOTTED)
    shown = [solution for solution in found if abs(solution.w) <= REACH / 2]
    at, costs = [solution.w for solution in shown], [solution.cost for solution in shown]
    cost_curves = say.curve(w, cost(w, x, y), "c"), say.curve(at, costs, "dc-dw-0", "points")
    slope_curves = (
        say.curve(w, slope(w, x, y), "dc-dw"),
        say.curve([-REACH / 2, REACH / 2], [0.0, 0.0], "", "thin"),
        say.curve(at, [0.0] * len(at), "dc-dw-0", "points"),
    )
    costs_panel = say.panel("the-cost-of-a-neuron", "w", "c", *cost_curves)
    return Figure((costs_panel, say.panel("its-derivative", "w", "dc-dw", *slope_curves)))
