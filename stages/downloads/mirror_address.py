"""Addresses of mirrors: which ones are asked at all, and how they are written in messages.

The standard library takes nearly any text for an address. It connects to port 99999 modulo 65536, looks up
``user:password@host`` as a name, and fails at letters that are not ASCII with an error of its own.
"""

import re
from urllib.parse import urlsplit

from nndigits.stages.store.errors import UsageError
from nndigits.stages.words.escaping import printable

SCHEMES = ("http", "https")
ALLOWED = re.compile(r"[!-~]*")
"""The characters of an address: ASCII without spaces and control characters. Others are written %C3%A9 or xn--."""
DRIVE = re.compile(r"[A-Za-z]:(?!//)")
"""How a path of Windows begins; no scheme has one letter."""

MOST_LETTERS, MOST_SHOWN = 2000, 300


def check(address: str) -> None:
    """Raise UsageError for an address that cannot be one of a mirror; nothing is asked."""
    problem = problem_of(address)
    if problem:
        raise UsageError(f"{shown(address) or 'an empty address'} {problem}", "mirror")


def problem_of(address: str, schemes: tuple[str, ...] = SCHEMES) -> str:
    """Return what is wrong with an address, or an empty text."""
    if len(address) > MOST_LETTERS:
        return f"has {len(address):,} characters, at most {MOST_LETTERS:,} are expected"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "is not an address"
    if DRIVE.match(address):
        return "is a path on a drive; `nn fetch --from PATH` reads a file or a folder"
    if parts.scheme not in schemes or not host:
        return f"is not an {' or '.join(schemes)} address, such as https://example.org/mnist/"
    if parts.username is not None:
        return "has a user or a password, which nn does not send; leave them out"
    if not ALLOWED.fullmatch(address):
        return "has spaces or characters that are not ASCII, which an address writes as %20 or xn--"
    if any(not 0 < len(label) < 64 for label in host.rstrip(".").split(".")):
        return "has a host name that cannot exist"
    try:
        port = parts.port
    except ValueError:
        port = 0
    return "has a port that cannot exist, expected 1 to 65,535" if port == 0 else ""


def shown(address: str) -> str:
    """Return an address for a message: on one line, not too long, and without a password."""
    scheme, slashes, rest = address.partition("://")
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    _, at, host = authority.rpartition("@")
    text = printable(f"{scheme}{slashes}...@{host}{rest[len(authority) :]}" if at else address)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
