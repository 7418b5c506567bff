"""Gradient descent on functions of one or two variables: v -> v - eta nabla C, at several learning rates."""

from typing import Annotated, Any, Literal

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.test_functions import DIVERGENCE_RADIUS, TEST_FUNCTIONS, TestFunction, descend
from nndigits.stages.demos import terrain
from nndigits.stages.demos.shared.demo import Demo, Given
from nndigits.stages.demos.shared.texts import Say, Table, joined, listed

say = Say("gradient-descent")

SHOWN = (0, 1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500)
AT_REST = 0.01
"""The ball is nearly at rest if the slope is below this share of the slope at its start."""

ROUNDING = 1e-9
"""Positions that differ by less than this share of a step are equal, up to rounding errors."""

BOUNCES = say("bounces-between-two-places-for")


def run(
    *,
    function: Literal["bowl", "narrow", "banana", "parabola", "two-valleys"] = "bowl",
    rates: Annotated[tuple[float, ...], Given(0, 1000, above=True, count=(0, 4))] = (),
    start: Annotated[tuple[float, ...], Given(-100, 100)] = (),
    steps: Annotated[int, Given(1, 1000)] = 40,
) -> Demo:
    """Minimise a function by gradient descent, as a ball that rolls down a valley."""
    valley = TEST_FUNCTIONS[function]
    rates, start = tuple(dict.fromkeys(rates or valley.etas)), start or valley.start
    Given(count=(len(valley.start), len(valley.start))).check("start", start)
    paths = [descend(valley, np.array(start), eta, steps) for eta in rates]
    outcomes = [_outcome(valley, path) for path in paths]
    return Demo(
        idea=say("idea", formula=valley.formula),
        tables=(
            say.table(
                say("function", formula=valley.formula),
                "eta steps uphill first-c last-c the-ball",
                ((eta, *one.values()) for eta, one in zip(rates, outcomes, strict=True)),
            ),
            *(_path_table(valley, eta, path) for eta, path in zip(rates, paths, strict=True)),
        ),
        drawing=terrain.drawing(valley, paths[len(paths) // 2], rates[len(rates) // 2]),
        findings=(
            *(
                say("outcome" if one["uphill"] else "outcome-downhill", eta=eta, **one)
                for eta, one in zip(rates, outcomes, strict=True)
            ),
            _largest_eta(valley, rates, outcomes),
        ),
        values={
            "function": function,
            "formula": valley.formula,
            "start": start,
            "runs": [
                {"eta": eta, **outcome, "path": path, "cost": valley.value(path)}
                for eta, outcome, path in zip(rates, outcomes, paths, strict=True)
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


def _outcome(valley: TestFunction, path: Array) -> dict[str, Any]:
    """Summarise a path: steps, steps uphill, first and last cost, and a verdict in words."""
    cost = valley.value(path)
    first_slope, slope = np.linalg.norm(valley.gradient(path[[0, -1]]), axis=1)
    moves = slope > AT_REST * first_slope
    if np.abs(path[-1]).max() > DIVERGENCE_RADIUS:
        verdict = say("has-run-away")
    elif _bounces(path) and moves:
        verdict = BOUNCES
    elif cost[-1] > cost[0]:
        verdict = say("is-higher-than-it-started")
    elif moves and (np.diff(cost[len(cost) // 2 :]) > 0).any():
        verdict = say("jumps-up-and-down-and")
    elif moves:
        verdict = say("is-still-on-its-way")
    elif cost[-1] - valley.lowest > AT_REST * max(cost[0] - valley.lowest, 1e-9):
        verdict = say("is-nearly-at-rest-but")
    else:
        verdict = say("is-nearly-at-rest-in")
    return {
        "steps": len(path) - 1,
        "uphill": int((np.diff(cost) > 0).sum()),
        "first_cost": float(cost[0]),
        "last_cost": float(cost[-1]),
        "verdict": verdict,
    }


def _bounces(path: Array) -> bool:
    """Return whether the last step took a coordinate back to where it was two steps before, up to rounding errors."""
    if len(path) < 3:
        return False
    step, return_error = np.abs(path[-1] - path[-2]), np.abs(path[-1] - path[-3])
    return bool(((return_error <= ROUNDING * step) & (step > 0)).any())


def _path_table(valley: TestFunction, eta: float, path: Array) -> Table:
    """Make a table of the first steps and some later ones: position, C and gradient."""
    names = ("v",) if path.shape[1] == 1 else ("v1", "v2")
    return say.table(
        say("the-path-at-eta-eta", eta=eta),
        ("step", *names, "c", *(say("dc-d", name=name) for name in names)),
        (
            (step, *path[step].tolist(), float(valley.value(path[step])), *valley.gradient(path[step]).tolist())
            for step in sorted({step for step in SHOWN if step < len(path)} | {len(path) - 1})
        ),
    )


def _largest_eta(valley: TestFunction, rates: tuple[float, ...], outcomes: list[dict[str, Any]]) -> str:
    """Say which rates are above 2 / curvature, or equal to it, if the function has a largest curvature."""
    if valley.max_curvature is None:
        return ""
    bound = 2 / valley.max_curvature
    above = [f"{eta:g}" for eta in rates if eta > bound]
    which = say("here-this-holds-for", rates=listed(above)) if above else say("no-rate-here-is-that")
    at_bound = any(eta == bound and one["verdict"] == BOUNCES for eta, one in zip(rates, outcomes, strict=True))
    exactly = say("exactly", bound=bound) if at_bound else ""
    return joined(say("curvature", curvature=valley.max_curvature, bound=bound), which, exactly)
