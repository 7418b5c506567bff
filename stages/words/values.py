"""Values of parameters as they are typed, and the first bytes of a file, without a programming language's marks."""

from typing import Any

SHOWN = 8  # bytes
HUGE = 10**40
"""Numbers of more digits are not written: Python refuses to write those of 4,300."""


def typed(value: Any) -> str:
    """Write a value as a flag takes it: ``0.1``, ``100,30``, and ``none`` for an empty list.

    >>> typed((100, 30)), typed(()), typed(0.1), typed(None)
    ('100,30', 'none', '0.1', 'none')
    """
    if isinstance(value, (tuple, list)):
        return ",".join(map(typed, value)) or "none"
    if value is None:
        return "none"
    if isinstance(value, int) and abs(value) >= HUGE:
        return "a huge number"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def first_bytes(blob: bytes, most: int = SHOWN) -> str:
    """Write the first bytes of a file as text in quotes, or in hexadecimal where they are none.

    >>> first_bytes(b"%PDF-1.7 ..."), first_bytes(bytes((255, 216, 255)))
    ('"%PDF-1.7"', 'ff d8 ff')
    """
    start = blob[:most]
    text = start.decode("latin-1")
    return f'"{text}"' if text.isascii() and text.isprintable() else start.hex(" ")
