"""Parts, percentages, sizes and times as text."""


def share(part: float, whole: int) -> str:
    """Format a part of a whole: ``9,518 of 10,000``. A mean over several runs keeps one decimal."""
    return f"{part:,.0f} of {whole:,}" if part == int(part) else f"{part:,.1f} of {whole:,}"


def percent(fraction: float, decimals: int = 2) -> str:
    """Format a fraction: ``95.18 %`` of 0.9518."""
    return f"{100 * fraction:.{decimals}f} %"


def fixed(value: float, decimals: int) -> str:
    """Format a number with decimals: ``0.250``; from a million on, with an exponent: ``1.23e+25``.

    >>> fixed(0.25, 3), fixed(1.234e25, 3)
    ('0.250', '1.23e+25')
    """
    return f"{value:.{decimals}f}" if abs(value) < 1e6 else f"{value:.3g}"


def size(count: float) -> str:
    """Format a number of bytes: ``95.4 kB``, ``1.2 MB``."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.1f} kB"


def seconds(count: float) -> str:
    """Format a measured time in seconds, without the unit: ``0.12``, ``95.1``, ``1,234``."""
    decimals = 2 if count < 10 else 1 if count < 1000 else 0
    return f"{count:,.{decimals}f}"


def about(count: float) -> str:
    """Format an estimated time: ``10 s``, ``50 s``, ``2 min``, ``1 h 20 min``."""
    if count < 55:
        return f"{max(1, round(count / 10)) * 10} s"
    minutes = max(1, round(count / 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(round(minutes / 10) * 10, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
