"""Of all short steps of one length, the step against the gradient decreases C most, by Cauchy and Schwarz."""

from typing import Annotated, Any, Literal

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.models.chapter.test_functions import TEST_FUNCTIONS, TestFunction, random_directions
from nndigits.stages.demos.shared.demo import Demo, Given, Seed
from nndigits.stages.demos.shared.texts import Say, Table
from nndigits.stages.figures.figure import Figure
from nndigits.stages.store.errors import UsageError

say = Say("steepest")

DIMENSIONS = (2, 10, 100, 1000)
PLOTTED = 60


def run(
    *,
    function: Literal["bowl", "narrow", "banana"] = "narrow",
    at: Annotated[tuple[float, float], Given(-100, 100, count=(2, 2))] = (-2.0, 0.5),
    length: Annotated[float, Given(0, 100, above=True)] = 0.01,
    directions: Annotated[int, Given(1, 10000)] = 5000,
    seed: Seed = 0,
    proof: bool = False,
) -> Demo:
    """Compare the step against the gradient with steps in thousands of random directions."""
    rng, valley, v = np.random.default_rng(seed), TEST_FUNCTIONS[function], np.array(at)
    gradient = valley.gradient(v)
    norm = float(np.linalg.norm(gradient))
    if norm == 0:
        raise UsageError(say("flat"), "at", at)
    arrows = random_directions(directions, 2, rng)
    linear, real = length * arrows @ gradient, valley.value(v + length * arrows) - valley.value(v)
    bound, below = -length * norm, int((linear < -length * norm * (1 + 1e-9)).sum())
    against, along = (float(valley.value(v + sign * length * gradient / norm) - valley.value(v)) for sign in (-1, 1))
    # By symmetry, the gradient may lie on the first axis: these are the cosines of the angles to it.
    reached = [(n, float(-random_directions(directions, n, rng)[:, 0].min())) for n in DIMENSIONS]
    steps, numbers = _proof(gradient, length * arrows[0])
    (few, near), (many, far) = reached[0], reached[-1]
    return Demo(
        idea=say("idea"),
        tables=(
            say.table(
                say("steps-of-length", length=length, at=f"({at[0]:g}, {at[1]:g})", formula=valley.formula),
                "direction nabla-c-step share-of-the-bound change-of-c",
                (
                    (say("against-the-gradient"), bound, 1.0, against),
                    *(
                        (say(f"{name}-random-direction"), linear[one], linear[one] / bound, real[one])
                        for name, one in (("best", linear.argmin()), ("worst", linear.argmax()))
                    ),
                    (say("along-the-gradient"), -bound, -1.0, along),
                ),
            ),
            say.table(
                say("the-best-of-count-count-2", count=directions), "dimensions best-share-of-the-bound", reached
            ),
            *((steps,) if proof else ()),
        ),
        findings=(
            say(
                "some-below" if below else "none-below",
                count=directions,
                below=below or say("none"),
                bound=bound,
                share=linear.min() / bound,
            ),
            _really(real, bound, against, length),
            say("the-best-of-count-count", count=directions, near=near, few=few, far=far, many=many),
        ),
        values={
            "function": function,
            "at": at,
            "length": length,
            "directions": directions,
            "seed": seed,
            "gradient": gradient,
            "bound": bound,
            "best_linear": linear.min(),
            "best_real": real.min(),
            "against_gradient_real": against,
            "below_bound": below,
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


def _really(real: Array, bound: float, against: float, length: float) -> str:
    """Say whether a random step of this length ended lower than the one against the gradient."""
    if better := int((real < against).sum()):
        share = abs(against - bound) / abs(bound)
        return say("count-of-them-ended-at", count=better, best=real.min(), against=against, length=length, share=share)
    return say("none-ended-at-a-lower", change=against)


def _proof(u: Array, s: Array) -> tuple[Table, dict[str, Any]]:
    """Return the proof that no step of a given length goes down faster than that against the gradient, with numbers.

    The chapter's exercise gives the Cauchy-Schwarz inequality as a hint. Here it is proved, too. ``u`` is the gradient,
    not 0, and ``s`` a step, both ``(n,)``.
    """
    dot, uu, ss = float(u @ s), float(u @ u), float(s @ s)
    t, length, eps = -dot / uu, float(np.sqrt(uu)), float(np.sqrt(ss))
    least, best = float((s + t * u) @ (s + t * u)), -eps * u / length
    numbers = {
        "u": u,
        "s": s,
        "u.s": dot,
        "squared_lengths": [uu, ss],
        "t": t,
        "least": least,
        "bound": -eps * length,
        "best_step": best,
    }
    shown = (
        f"u = {_vector(u)}",
        f"s = {_vector(s)}",
        f"t = 1: {float((s + u) @ (s + u)):.6g} >= 0",
        f"{ss:.3g} {_term(2 * dot)} t {_term(uu)} t²",
        f"t = {t:.6g}",
        f"{least:.6g} >= 0",
        f"{dot**2:.6g} <= {uu * ss:.6g}",
        f"{abs(dot):.6g} <= {length * eps:.6g}",
        f"{dot:.6g} >= {-eps * length:.6g}",
        say("here-it-is", least=least),
        f"s = {_vector(best)}",
        f"u.s = {float(u @ best):.6g}",
    )
    rows = ((say(f"proof-{number}"), line) for number, line in enumerate(shown, 1))
    return say.table("proof", ("", "in-numbers"), rows), numbers


def _term(number: float) -> str:
    return f"{'-' if number < 0 else '+'} {abs(number):.3g}"


def _vector(v: Array) -> str:
    return f"({', '.join(f'{number:.4g}' for number in v.tolist())})"


def _figure(
    valley: TestFunction, gradient: Array, arrows: Array, real: Array, bound: float, reached: list[tuple[int, float]]
) -> Figure:
    """Plot the change of C by the angle to the gradient, and the share of the bound by dimensions."""
    difference = np.degrees(np.arctan2(arrows[:, 1], arrows[:, 0]) - np.arctan2(gradient[1], gradient[0]))
    angle = ((difference + 180) % 360 - 180)[:PLOTTED]
    angles = np.linspace(-180, 180, 91)
    return Figure(
        (
            say.panel(
                say("change-of-c-2", formula=valley.formula),
                "angle-between-step-and-gradient",
                "change-of-c",
                say.curve(angles, -bound * np.cos(np.radians(angles)), "nabla-c-step"),
                say.curve([-180, 180], [bound, bound], "bound", "dashed"),
                say.curve(angle, real[:PLOTTED], say("c-directions", count=len(angle)), "points"),
            ),
            say.panel(
                "best-random-direction-2",
                "dimensions",
                "share-of-the-bound",
                say.curve([n for n, _ in reached], [share for _, share in reached]),
                log_x=True,
            ),
        ),
    )
