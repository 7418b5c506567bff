"""Small pieces of sentences that several demonstrations share."""

from collections.abc import Iterable, Sequence

from nn.stages.store.errors import UsageError


def listed(words: Iterable[object], last: str = "and") -> str:
    """Write ``a, b and c``."""
    parts = [str(word) for word in words]
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def counted(number: int, thing: str) -> str:
    """Write ``1 input``, ``2 inputs``."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def names(n: int) -> tuple[str, ...]:
    """Name inputs as the chapter does: x1, x2, ..."""
    return tuple(f"x{number}" for number in range(1, n + 1))


def weighed(weights: Sequence[float], things: Sequence[str], bias: float | None = None) -> str:
    """Write a weighted sum out: ``6 x1 - 2 x2 + 3``."""
    parts = [
        (weight, thing if abs(weight) == 1 else f"{abs(weight):.6g} {thing}")
        for weight, thing in zip(weights, things, strict=True)
    ]
    if bias is not None:
        parts.append((bias, f"{abs(bias):.6g}"))
    text = "".join(f"{' - ' if number < 0 else ' + '}{part}" for number, part in parts)
    return text.removeprefix(" + ").replace(" - ", "-", 1) if text.startswith(" - ") else text.removeprefix(" + ")


def truth_table(text: str, least: int, most: int) -> tuple[int, ...]:
    """Read a truth table, its outputs in counting order: ``0110``; for ``least`` to ``most`` inputs."""
    sizes = [2**n for n in range(least, most + 1)]
    if set(text) - {"0", "1"} or len(text) not in sizes:
        found = f"{len(text)} signs" if len(text) not in sizes else "other signs"
        raise UsageError(f"expected {listed(sizes, 'or')} signs 0 or 1, found {found}", "table", text[:70])
    return tuple(map(int, text))
