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
from nndigits.stages.demos.shared.wording import listed
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

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
        idea=(
            "In calculus, one finds a minimum by setting every derivative to 0 and solving the equations. For a "
            "parabola that is one equation, and a formula solves it. Why does a network not do this? First, sigma "
            "makes the equations nonlinear. Even for a neuron with one weight and two training samples there is no "
            "formula, and there can be several solutions, or none. Second, there is an equation for every weight and "
            "bias, and each equation contains all of them."
        ),
        tables=(
            Table(
                f"Where dC/dw = 0: one neuron a = sigma(w x), w from {-REACH:g} to {REACH:g}; "
                + listed(f"x = {one:g}, y = {other:g}" for one, other in zip(inputs, targets, strict=True)),
                ("w", "what it is", "C"),
                tuple(found) or (("none", "", ""),),
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
            kind = "minimum" if signs[left] < 0 else "maximum"
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
    for what, n in (("one weight", 1), ("two variables", 2), ("the network", parameters), ("a billion weights", BRAIN)):
        rows.append((what, f"{n:,}", f"{float(n) ** 2:.3g}", _memory(n), f"{float(n) ** 3 / 3:.2g}"))
    return Table(
        "The equations: n² second derivatives, and products to solve them once if they were linear",
        ("for", "equations, n", "n²", "memory", "products, n³ / 3"),
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
        return "Every input is 0, so C does not depend on w: dC/dw is 0 everywhere, and that says nothing."
    if not found:
        return (
            f"No weight from {-REACH:g} to {REACH:g} solves dC/dw = 0. In one direction the cost falls for ever, ever "
            "more slowly. Setting the derivative to 0 finds nothing."
        )
    if len(x) == 1:
        return (
            f"One weight solves dC/dw = 0: {found[0].w:.6g}. With one sample there is a formula, w = ln(y / (1 - y)) / "
            f"x = {np.log(y[0] / (1 - y[0])) / x[0]:.6g}. With two samples there is none."
        )
    if len(found) == 1:
        return (
            f"One weight solves dC/dw = 0: {found[0].w:.6g}, a {found[0].kind}. No formula gives it; a search by "
            "bisection found it."
        )
    minima = [solution for solution in found if solution.kind == "minimum"]
    verb = "is a minimum" if len(minima) == 1 else "are minima"
    best = min(minima, key=lambda solution: solution.cost, default=None)
    lowest = f"; the lowest is at w = {best.w:.6g}" if best and len(minima) > 1 else ""
    return (
        f"{len(found)} weights solve dC/dw = 0. {len(minima)} of them {verb}{lowest}. The equation does not say which. "
        "No formula gives them; a search by bisection found them."
    )


def _size_findings(name: str, parameters: int, step: int) -> tuple[str, ...]:
    solve = parameters**3 / 3
    verdict = (
        "less than solving once" if CHAPTER_STEPS * step < solve else "more than solving once: size is no obstacle"
    )
    return (
        f"{name} has {parameters:,} equations. Their second derivatives take {_memory(parameters)}, and solving them "
        f"once, if they were linear, takes {solve:.2g} products. They are not linear, so this must be repeated.",
        f"The gradient of a mini-batch of {MINI_BATCH} takes {step:,} products. The {CHAPTER_STEPS:,} mini-batches of "
        f"the chapter's 30 epochs take {CHAPTER_STEPS * step:.2g}, {verdict}.",
    )


def _figure(x: Array, y: Array, found: list[Solution]) -> Figure:
    w = np.linspace(-REACH / 2, REACH / 2, PLOTTED)
    shown = [solution for solution in found if abs(solution.w) <= REACH / 2]
    at = [solution.w for solution in shown]
    return Figure(
        (
            Panel(
                "The cost of a neuron with one weight",
                "w",
                "C",
                (
                    Curve(w.tolist(), cost(w, x, y).tolist(), "C"),
                    Curve(at, [solution.cost for solution in shown], "dC/dw = 0", "points"),
                ),
            ),
            Panel(
                "Its derivative",
                "w",
                "dC/dw",
                (
                    Curve(w.tolist(), slope(w, x, y).tolist(), "dC/dw"),
                    Curve([-REACH / 2, REACH / 2], [0.0, 0.0], "", "thin"),
                    Curve(at, [0.0] * len(at), "dC/dw = 0", "points"),
                ),
            ),
        ),
        columns=2,
    )
