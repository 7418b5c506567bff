"""Of all short steps of one length, the step against the gradient decreases C most, by Cauchy and Schwarz."""

from typing import Annotated, Literal

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.random_directions import random_directions
from nndigits.models.chapter.test_functions import TEST_FUNCTIONS, TestFunction
from nndigits.stages.demos import cauchy_schwarz
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.texts import texts
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

say = texts("steepest")

DIMENSIONS = (2, 10, 100, 1000)
MOST_DIRECTIONS, LARGEST_STEP, LARGEST_COORDINATE, PLOTTED = 10_000, 100.0, 100.0, 60


def run(
    *,
    function: Annotated[Literal["bowl", "narrow", "banana"], "The function, as in gradient-descent."] = "narrow",
    at: Annotated[tuple[float, float], "Position v1,v2 where the step starts."] = (-2.0, 0.5),
    length: Annotated[float, "Length of the step."] = 0.01,
    directions: Annotated[int, "Number of random directions."] = 5000,
    seed: Annotated[int, "Seed of the directions."] = 0,
    proof: Annotated[bool, "Show the proof too, step by step."] = False,
) -> Demo:
    """Compare the step against the gradient with steps in thousands of random directions."""
    limits.count("at", at, 2, 2)
    for coordinate in at:
        limits.number("at", coordinate, -LARGEST_COORDINATE, LARGEST_COORDINATE)
    limits.above_zero("length", length, LARGEST_STEP)
    limits.whole("directions", directions, 1, MOST_DIRECTIONS)
    limits.seed(seed)
    rng, valley, v = np.random.default_rng(seed), TEST_FUNCTIONS[function], np.array(at)
    gradient = valley.gradient(v)
    norm = float(np.linalg.norm(gradient))
    if norm == 0:
        raise UsageError("the gradient is 0 there, so no direction is steepest; try another position", "at", at)
    arrows = random_directions(directions, 2, rng)
    linear, real = length * arrows @ gradient, valley.value(v + length * arrows) - valley.value(v)
    bound, best = -length * norm, int(linear.argmin())
    against = float(valley.value(v - length * gradient / norm) - valley.value(v))
    reached = [(n, float(-_cosines(directions, n, rng).min())) for n in DIMENSIONS]
    steps, numbers = cauchy_schwarz.proof(gradient, length * arrows[0])
    names = (say("direction"), say("nabla-c-step"), say("share-of-the-bound"), say("change-of-c"))
    rows = (
        (say("against-the-gradient"), bound, 1.0, against),
        (say("best-random-direction"), float(linear[best]), float(linear[best] / bound), float(real[best])),
        (say("worst-random-direction"), float(linear.max()), float(linear.max() / bound), float(real[linear.argmax()])),
        (say("along-the-gradient"), -bound, -1.0, float(valley.value(v + length * gradient / norm) - valley.value(v))),
    )
    return Demo(
        idea=(say("idea")),
        tables=(
            Table(
                say("steps-of-length", length=length, at=f"({at[0]:g}, {at[1]:g})", formula=valley.formula), names, rows
            ),
            Table(
                say("the-best-of-count-count-2", count=directions),
                (say("dimensions"), say("best-share-of-the-bound")),
                tuple(reached),
            ),
            *((steps,) if proof else ()),
        ),
        findings=(*_findings(linear, real, bound, against, length), _dimension_finding(reached, directions)),
        values={
            "function": function,
            "at": list(at),
            "length": length,
            "directions": directions,
            "seed": seed,
            "gradient": gradient.tolist(),
            "bound": bound,
            "best_linear": float(linear[best]),
            "best_real": float(real.min()),
            "against_gradient_real": against,
            "below_bound": int((linear < bound * (1 + 1e-9)).sum()),
            "best_share_by_dimensions": [{"dimensions": n, "share": share} for n, share in reached],
            **({"proof": numbers} if proof else {}),
        },
        figure=_figure(valley, gradient, arrows, real, bound, reached),
        try_next=(
            "steepest --proof",
            "steepest --length 1",
            "steepest --function banana --at 0,1",
            "gradient-descent",
            "sgd",
        ),
    )


def _cosines(directions: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Compute the cosines of random directions with a gradient; by symmetry, the gradient may lie on the first axis."""
    return random_directions(directions, dimensions, rng)[:, 0]


def _findings(linear: Array, real: Array, bound: float, against: float, length: float) -> tuple[str, ...]:
    below = int((linear < bound * (1 + 1e-9)).sum())
    first = say(
        "some-below" if below else "none-below",
        count=len(linear),
        below=below or say("none"),
        bound=bound,
        share=linear.min() / bound,
    )
    better, curvature = int((real < against).sum()), abs(against - bound) / abs(bound)
    if not better:
        return first, say("none-ended-at-a-lower", change=against)
    return first, (
        say("count-of-them-ended-at", count=better, best=real.min(), against=against, length=length, share=curvature)
    )


def _dimension_finding(reached: list[tuple[int, float]], directions: int) -> str:
    (few, near), (many, far) = reached[0], reached[-1]
    return say("the-best-of-count-count", count=directions, near=near, few=few, far=far, many=many)


def _figure(
    valley: TestFunction,
    gradient: Array,
    arrows: Array,
    real: Array,
    bound: float,
    reached: list[tuple[int, float]],
) -> Figure:
    """Plot the change of C by the angle to the gradient, and the share of the bound by dimensions."""
    difference = np.degrees(np.arctan2(arrows[:, 1], arrows[:, 0]) - np.arctan2(gradient[1], gradient[0]))
    angle = ((difference + 180) % 360 - 180)[:PLOTTED].tolist()
    angles = np.linspace(-180, 180, 91)
    return Figure(
        (
            Panel(
                say("change-of-c-2", formula=valley.formula),
                say("angle-between-step-and-gradient"),
                say("change-of-c"),
                (
                    Curve(angles.tolist(), (-bound * np.cos(np.radians(angles))).tolist(), say("nabla-c-step")),
                    Curve([-180, 180], [bound, bound], say("bound"), "dashed"),
                    Curve(angle, real[:PLOTTED].tolist(), say("c-directions", count=len(angle)), "points"),
                ),
            ),
            Panel(
                say("best-random-direction-2"),
                say("dimensions"),
                say("share-of-the-bound"),
                (Curve([n for n, _ in reached], [share for _, share in reached], ""),),
                log_x=True,
            ),
        ),
        columns=2,
    )
