"""TOML from a file that a stranger may have written, within limits that are checked before the parser begins.

For a dotted key of n names, the parser stores all n beginnings of it: 65 kB of ``a.a.a`` would take 4 GB. A key stands
on one line, so a limit on the length of a line limits its depth.
"""

import tomllib
from typing import Any

from nndigits.stages.parsing.patterns import SchemaError

MOST_BYTES = 2**14
MOST_LINE = 1000
"""Characters. Longer texts may be written on several lines, between triple quotes."""


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML; raises SchemaError for other text, and for text beyond the limits."""
    size = len(text.encode())
    if size > MOST_BYTES:
        raise SchemaError(f"has {size:,} bytes, at most {MOST_BYTES:,} are read")
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MOST_LINE:
            raise SchemaError(f"has {len(line):,} characters in line {number}, at most {MOST_LINE:,} are read")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"is not TOML: {error}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets inside brackets
        raise SchemaError("is not TOML: it has a number or a nesting of impossible size") from None
