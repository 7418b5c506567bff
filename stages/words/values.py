"""Values of parameters as they are typed, and how a file begins, without a programming language's marks."""

from typing import Any

SHOWN = 8  # bytes
STARTS = {
    b"PK\x03\x04": "an .npz file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"<!do": "a page for a browser",
    b"{": "a JSON document",
    b"# {": "a table of nn",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
}
"""How files begin that are named where another kind belongs."""

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

    >>> first_bytes(b"hello"), first_bytes(bytes((1, 2, 255))), first_bytes(b"%PDF-1.7 ...")
    ('"hello"', '01 02 ff', '"%PDF-1.7", as a PDF document does')
    """
    start = blob[:most]
    text = start.decode("latin-1")
    shown = f'"{text}"' if text.isascii() and text.isprintable() else start.hex(" ")
    kind = next((kind for beginning, kind in STARTS.items() if start.startswith(beginning)), "")
    return f"{shown}, as {kind} does" if kind else shown
