"""The ball in the valley: v -> v - eta nabla C, with learning rates too small, about right, and too large."""

from typing import Annotated, Any, Literal

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.test_functions import DIVERGENCE_RADIUS, TEST_FUNCTIONS, TestFunction, descend
from nn.stages.demos.descent import terrain
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Cell, Demo, Table

MOST_RATES, MOST_STEPS, LARGEST_ETA, LARGEST_START = 4, 1000, 1000.0, 100.0
SHOWN = (0, 1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500)
AT_REST = 0.01
"""A ball on ground that slopes this little, compared with its start, counts as nearly at rest."""


def run(
    *,
    function: Annotated[
        Literal["bowl", "narrow", "banana", "parabola", "two-valleys"],
        "The valley: three of two variables, then two of one.",
    ] = "bowl",
    rates: Annotated[tuple[float, ...], "Learning rates eta, up to four; the valley's own three if empty."] = (),
    start: Annotated[tuple[float, ...], "Where the ball starts; the valley's own place if empty."] = (),
    steps: Annotated[int, "How many steps to take."] = 40,
) -> Demo:
    """Let a ball roll down a valley, step by step."""
    valley = TEST_FUNCTIONS[function]
    rates, start = rates or valley.etas, start or valley.start
    limits.count("rates", rates, 1, MOST_RATES)
    for eta in rates:
        limits.above_zero("rates", eta, LARGEST_ETA)
    limits.count("start", start, len(valley.start), len(valley.start))
    for place in start:
        limits.number("start", place, -LARGEST_START, LARGEST_START)
    limits.whole("steps", steps, 1, MOST_STEPS)
    paths = [descend(valley, np.array(start), eta, steps) for eta in rates]
    told = [_tell(valley, path) for path in paths]
    return Demo(
        idea=(
            f"Imagine C = {valley.formula} as a valley and a ball in it. The gradient nabla C says which way is uphill "
            "and how steep it is, so each step goes the other way: v -> v - eta nabla C. The learning rate eta says "
            "how far. Training a network is the same rule with all its weights and biases as v."
        ),
        tables=(_summary(valley, rates, told), *map(_path_table, [valley] * len(paths), rates, paths)),
        drawing=terrain.drawing(valley, paths[len(paths) // 2], rates[len(rates) // 2]),
        findings=(*map(_finding, rates, told), *_bound(valley, rates, told)),
        values={
            "function": function,
            "formula": valley.formula,
            "start": list(start),
            "runs": [
                {
                    "eta": eta,
                    **told_of,
                    "path": path.tolist(),
                    "cost": valley.value(path).tolist(),
                }
                for eta, told_of, path in zip(rates, told, paths, strict=True)
            ],
        },
        figure=terrain.figure(valley, rates, paths),
        try_next=(
            "gradient-descent --function narrow",
            "gradient-descent --function two-valleys",
            "gradient-descent --rates 0.9,1.0,1.1",
            "steepest",
        ),
    )


def _tell(valley: TestFunction, path: Array) -> dict[str, Any]:
    """What became of the ball."""
    cost = valley.value(path)
    steep = np.linalg.norm(valley.gradient(path[[0, -1]]), axis=1)
    if np.abs(path[-1]).max() > DIVERGENCE_RADIUS:
        verdict = "has run away"
    elif cost[-1] > cost[0]:
        verdict = "is higher than it started"
    elif steep[1] > AT_REST * steep[0]:
        verdict = "is still on its way"
    elif cost[-1] - valley.lowest > AT_REST * max(cost[0] - valley.lowest, 1e-9):
        verdict = "is nearly at rest, but not in the lowest place"
    else:
        verdict = "is nearly at rest in the lowest place"
    return {
        "steps": len(path) - 1,
        "uphill": int((np.diff(cost) > 0).sum()),
        "first_cost": float(cost[0]),
        "last_cost": float(cost[-1]),
        "verdict": verdict,
    }


def _summary(valley: TestFunction, rates: tuple[float, ...], told: list[dict[str, Any]]) -> Table:
    return Table(
        f"C = {valley.formula}",
        ("eta", "steps", "uphill", "C at first", "C at last", "the ball"),
        tuple(
            (eta, one["steps"], one["uphill"], one["first_cost"], one["last_cost"], one["verdict"])
            for eta, one in zip(rates, told, strict=True)
        ),
    )


def _path_table(valley: TestFunction, eta: float, path: Array) -> Table:
    """The first steps and some of the later ones: where the ball is, how high, and on what slope."""
    names = ("v",) if path.shape[1] == 1 else ("v1", "v2")
    shown = sorted({step for step in SHOWN if step < len(path)} | {len(path) - 1})
    rows: list[tuple[Cell, ...]] = [
        (step, *path[step].tolist(), float(valley.value(path[step])), *valley.gradient(path[step]).tolist())
        for step in shown
    ]
    return Table(f"The path at eta = {eta:g}", ("step", *names, "C", *(f"dC/d{name}" for name in names)), tuple(rows))


def _finding(eta: float, one: dict[str, Any]) -> str:
    uphill = f"{one['uphill']} of them uphill" if one["uphill"] else "none of them uphill"
    return f"At eta = {eta:g} the ball {one['verdict']} after {one['steps']} steps, {uphill}."


def _bound(valley: TestFunction, rates: tuple[float, ...], told: list[dict[str, Any]]) -> tuple[str, ...]:
    """What is known beforehand, where the valley is as curved everywhere."""
    if valley.max_curvature is None:
        return ()
    bound = 2 / valley.max_curvature
    above = [f"{eta:g}" for eta in rates if eta > bound]
    which = f"; here that is {' and '.join(above)}" if above else "; none of these rates is"
    return (
        f"This valley curves by at most {valley.max_curvature:g}. "
        f"Where eta is above 2 / {valley.max_curvature:g} = {bound:g}, "
        f"each step along that direction lands higher on the other side{which}.",
    )
