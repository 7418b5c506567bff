"""Of all steps of one length, the one against the gradient lowers C most: random directions against the bound."""

from typing import Annotated, Literal

import numpy as np

from nn.models.arrays.types import Array
from nn.models.chapter.random_directions import random_directions
from nn.models.chapter.test_functions import TEST_FUNCTIONS, TestFunction
from nn.stages.demos.shared import limits
from nn.stages.demos.shared.demo import Demo, Table
from nn.stages.figures.figure import Curve, Figure, Panel
from nn.stages.store.errors import UsageError

DIMENSIONS = (2, 10, 100, 1000)
MOST_DIRECTIONS, LARGEST_STEP, LARGEST_PLACE, PLOTTED = 10_000, 100.0, 100.0, 60


def run(
    *,
    function: Annotated[Literal["bowl", "narrow", "banana"], "The valley, as in gradient-descent."] = "narrow",
    at: Annotated[tuple[float, float], "Where to stand: v1,v2."] = (-2.0, 0.5),
    length: Annotated[float, "How long the step is, whatever its direction."] = 0.01,
    directions: Annotated[int, "How many random directions to try."] = 5000,
    seed: Annotated[int, "Decides the directions."] = 0,
) -> Demo:
    """Try thousands of directions, and compare them with the step against the gradient."""
    limits.count("at", at, 2, 2)
    for place in at:
        limits.number("at", place, -LARGEST_PLACE, LARGEST_PLACE)
    limits.above_zero("length", length, LARGEST_STEP)
    limits.whole("directions", directions, 1, MOST_DIRECTIONS)
    limits.seed(seed)
    rng, valley, v = np.random.default_rng(seed), TEST_FUNCTIONS[function], np.array(at)
    slope = valley.gradient(v)
    steep = float(np.linalg.norm(slope))
    if steep == 0:
        raise UsageError("the ground is level there, no step of this length is steepest", "at", at)
    arrows = random_directions(directions, 2, rng)
    linear, real = length * arrows @ slope, valley.value(v + length * arrows) - valley.value(v)
    bound, best = -length * steep, int(linear.argmin())
    against = float(valley.value(v - length * slope / steep) - valley.value(v))
    reached = [(n, float(-_cosines(directions, n, rng).min())) for n in DIMENSIONS]
    names = ("direction", "nabla C . step", "share of the bound", "C really changes by")
    rows = (
        ("against the gradient", bound, 1.0, against),
        ("best of the random ones", float(linear[best]), float(linear[best] / bound), float(real[best])),
        ("worst of the random ones", float(linear.max()), float(linear.max() / bound), float(real[linear.argmax()])),
        ("along the gradient", -bound, -1.0, float(valley.value(v + length * slope / steep) - valley.value(v))),
    )
    return Demo(
        idea=(
            "The gradient nabla C is an arrow that points uphill, longer where it is steeper. A short step dv changes "
            "C by about nabla C . dv (equation 9). The inequality of Cauchy and Schwarz says that no step of length "
            "eps makes this less than -eps |nabla C|, and only the step straight against the gradient gets there."
        ),
        tables=(
            Table(f"Steps of length {length:g} at v = ({at[0]:g}, {at[1]:g}) in C = {valley.formula}", names, rows),
            Table(
                f"The same in more dimensions: the best of {directions:,} random directions",
                ("dimensions", "best share of the bound"),
                tuple(reached),
            ),
        ),
        findings=(*_findings(linear, real, bound, against, length), _dimension_finding(reached, directions)),
        values={
            "function": function,
            "at": list(at),
            "length": length,
            "directions": directions,
            "seed": seed,
            "gradient": slope.tolist(),
            "bound": bound,
            "best_linear": float(linear[best]),
            "best_real": float(real.min()),
            "against_gradient_real": against,
            "below_bound": int((linear < bound * (1 + 1e-9)).sum()),
            "best_share_by_dimensions": [{"dimensions": n, "share": share} for n, share in reached],
        },
        figure=_figure(valley, slope, arrows, real, bound, reached),
        try_next=("steepest --length 1", "steepest --function banana --at 0,1", "gradient-descent", "sgd"),
    )


def _cosines(directions: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Cosines between random directions and a gradient: which one it is does not matter, so the first axis."""
    return random_directions(directions, dimensions, rng)[:, 0]


def _findings(linear: Array, real: Array, bound: float, against: float, length: float) -> tuple[str, ...]:
    below = int((linear < bound * (1 + 1e-9)).sum())
    first = (
        f"Of {len(linear):,} random directions {below or 'none'} went below the bound {bound:.6g}; the best reached "
        f"{linear.min() / bound:.4%} of it."
    )
    better, bend = int((real < against).sum()), abs(against - bound) / abs(bound)
    if not better:
        return first, f"None changed C itself by less than the step against the gradient, {against:.6g}."
    return first, (
        f"Measured by C itself, {better:,} of them went lower than the step against the gradient: to {real.min():.6g} "
        f"where that one went to {against:.6g}. The bound is one for very short steps: at length {length:g} the valley "
        f"bends under the step by {bend:.2g} of the bound. Try a shorter length."
    )


def _dimension_finding(reached: list[tuple[int, float]], directions: int) -> str:
    (few, near), (many, far) = reached[0], reached[-1]
    return (
        f"In {few} dimensions the best of {directions:,} tries comes to {near:.1%} of the bound, in {many:,} to "
        f"{far:.1%}. A network has thousands of weights; the gradient gives the best direction at once."
    )


def _figure(
    valley: TestFunction,
    slope: Array,
    arrows: Array,
    real: Array,
    bound: float,
    reached: list[tuple[int, float]],
) -> Figure:
    """The change of C by the angle to the gradient, and the share of the bound by dimensions."""
    turned = np.degrees(np.arctan2(arrows[:, 1], arrows[:, 0]) - np.arctan2(slope[1], slope[0]))
    angle = ((turned + 180) % 360 - 180)[:PLOTTED].tolist()
    around = np.linspace(-180, 180, 91)
    return Figure(
        (
            Panel(
                f"Change of C = {valley.formula}",
                "angle between step and gradient, degrees",
                "change of C",
                (
                    Curve(around.tolist(), (-bound * np.cos(np.radians(around))).tolist(), "nabla C . step"),
                    Curve([-180, 180], [bound, bound], "bound", "dashed"),
                    Curve(angle, real[:PLOTTED].tolist(), f"C, {len(angle)} directions", "points"),
                ),
            ),
            Panel(
                "Best of the random directions",
                "dimensions",
                "share of the bound",
                (Curve([n for n, _ in reached], [share for _, share in reached], ""),),
                log_x=True,
            ),
        ),
        columns=2,
    )
