"""Of all short steps of one length, the step against the gradient decreases C most, by Cauchy and Schwarz."""

from typing import Annotated, Literal

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.random_directions import random_directions
from nndigits.models.chapter.test_functions import TEST_FUNCTIONS, TestFunction
from nndigits.stages.demos.descent import cauchy_schwarz
from nndigits.stages.demos.shared import limits
from nndigits.stages.demos.shared.demo import Demo, Table
from nndigits.stages.demos.shared.wording import counted
from nndigits.stages.figures.figure import Curve, Figure, Panel
from nndigits.stages.store.errors import UsageError

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
    names = ("direction", "nabla C . step", "share of the bound", "change of C")
    rows = (
        ("against the gradient", bound, 1.0, against),
        ("best random direction", float(linear[best]), float(linear[best] / bound), float(real[best])),
        ("worst random direction", float(linear.max()), float(linear.max() / bound), float(real[linear.argmax()])),
        ("along the gradient", -bound, -1.0, float(valley.value(v + length * gradient / norm) - valley.value(v))),
    )
    return Demo(
        idea=(
            "The gradient nabla C points uphill, and it is longer where C is steeper. A short step dv changes C by "
            "about nabla C . dv (equation 9). By the Cauchy-Schwarz inequality, no step of length eps makes this less "
            "than -eps |nabla C|. Only the step straight against the gradient reaches this bound."
        ),
        tables=(
            Table(f"Steps of length {length:g} at v = ({at[0]:g}, {at[1]:g}) in C = {valley.formula}", names, rows),
            Table(
                f"The best of {counted(directions, 'random direction')} in more dimensions",
                ("dimensions", "best share of the bound"),
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
    first = (
        f"Of {counted(len(linear), 'random direction')}, {below or 'none'} went below the bound {bound:.6g}. "
        f"The best reached {linear.min() / bound:.4%} of it."
    )
    better, curvature = int((real < against).sum()), abs(against - bound) / abs(bound)
    if not better:
        return first, f"None ended at a lower C than the step against the gradient, which changed C by {against:.6g}."
    return first, (
        f"{better:,} of them ended at a lower C than the step against the gradient: the lowest change of C is "
        f"{real.min():.6g} instead of {against:.6g}. The bound holds for the linear approximation. At length "
        f"{length:g}, the curvature of C changes this by {curvature:.2g} of the bound. Try a shorter length."
    )


def _dimension_finding(reached: list[tuple[int, float]], directions: int) -> str:
    (few, near), (many, far) = reached[0], reached[-1]
    return (
        f"The best of {counted(directions, 'random direction')} reaches {near:.1%} of the bound in {few} dimensions "
        f"and {far:.1%} in {many:,}. A network has thousands of weights; the gradient gives the best direction at once."
    )


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
                f"Change of C = {valley.formula}",
                "angle between step and gradient, degrees",
                "change of C",
                (
                    Curve(angles.tolist(), (-bound * np.cos(np.radians(angles))).tolist(), "nabla C . step"),
                    Curve([-180, 180], [bound, bound], "bound", "dashed"),
                    Curve(angle, real[:PLOTTED].tolist(), f"C, {len(angle)} directions", "points"),
                ),
            ),
            Panel(
                "Best random direction",
                "dimensions",
                "share of the bound",
                (Curve([n for n, _ in reached], [share for _, share in reached], ""),),
                log_x=True,
            ),
        ),
        columns=2,
    )
