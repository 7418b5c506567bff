"""The proof that no step of a given length goes down faster than the one against the gradient, with numbers.

The chapter's exercise gives the Cauchy-Schwarz inequality as a hint. Here it is proved, too.
"""

from typing import Any

import numpy as np

from nndigits.models.arrays.types import Array
from nndigits.stages.demos.shared.demo import Table
from nndigits.stages.demos.shared.texts import texts

say = texts("steepest")


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
    shown: tuple[str, ...] = (
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
    rows = tuple((say(f"proof-{number}"), line) for number, line in enumerate(shown, 1))
    return Table(say("proof"), ("", say("in-numbers")), rows), numbers


def _term(number: float) -> str:
    return f"{'-' if number < 0 else '+'} {abs(number):.3g}"


def _vector(v: Array) -> str:
    return f"({', '.join(f'{number:.4g}' for number in v.tolist())})"
