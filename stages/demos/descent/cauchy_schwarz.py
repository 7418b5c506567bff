"""The proof that no step of a given length goes down faster than the one against the gradient, with numbers.

The chapter's exercise gives the Cauchy-Schwarz inequality as a hint. Here it is proved, too.
"""

from typing import Any

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.stages.demos.shared.demo import Table


def proof(u: Array, s: Array) -> tuple[Table, dict[str, Any]]:
    """Return the proof as a table, and its numbers.

    ``u`` is the gradient, not 0, and ``s`` a step, both ``(n,)``.
    """
    dot, uu, ss = float(u @ s), float(u @ u), float(s @ s)
    t, length, eps = -dot / uu, float(np.sqrt(uu)), float(np.sqrt(ss))
    least = float((s + t * u) @ (s + t * u))
    best = -eps * u / length
    numbers = {
        "u": u.tolist(),
        "s": s.tolist(),
        "u.s": dot,
        "squared_lengths": [uu, ss],
        "t": t,
        "least": least,
        "bound": -eps * length,
        "best_step": best.tolist(),
    }
    lines = (
        ("let u = nabla C, the gradient", f"u = {_vector(u)}"),
        ("let s be a step of length eps", f"s = {_vector(s)}"),
        ("for every number t, |s + t u|² >= 0", f"t = 1: {float((s + u) @ (s + u)):.6g} >= 0"),
        ("|s + t u|² = |s|² + 2 t u.s + t² |u|²", f"{ss:.3g} {_term(2 * dot)} t {_term(uu)} t²"),
        ("this is least at t = -u.s / |u|²", f"t = {t:.6g}"),
        ("there it is |s|² - (u.s)² / |u|²", f"{least:.6g} >= 0"),
        ("so (u.s)² <= |u|² |s|²", f"{dot**2:.6g} <= {uu * ss:.6g}"),
        ("so |u.s| <= |u| |s| (Cauchy-Schwarz)", f"{abs(dot):.6g} <= {length * eps:.6g}"),
        ("so u.s >= -eps |u|, for every step s", f"{dot:.6g} >= {-eps * length:.6g}"),
        ("equal only if |s + t u|² = 0, so s = -t u", f"here it is {least:.6g}"),
        ("of length eps, downhill: s = -eps u / |u|", f"s = {_vector(best)}"),
        ("for this s, u.s = -eps |u|", f"u.s = {float(u @ best):.6g}"),
    )
    rows = tuple((f"{number:>2}. {statement}", shown) for number, (statement, shown) in enumerate(lines, 1))
    return Table("The proof, with the first random direction as the step s", ("", "in numbers"), rows), numbers


def _term(number: float) -> str:
    return f"{'-' if number < 0 else '+'} {abs(number):.3g}"


def _vector(v: Array) -> str:
    return f"({', '.join(f'{number:.4g}' for number in v.tolist())})"
