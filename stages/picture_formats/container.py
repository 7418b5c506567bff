"""What a picture file says of itself before any pixel is decoded.

The readers of this folder walk through a file's segments, chunks or blocks, check that it is whole, and count what
costs time. Pillow then gets only what the pixels need: its own handling of profiles, comments and frames can
take minutes.
"""

from dataclasses import dataclass

MOST_PIXELS, MOST_LAYERED, MOST_HEAVY = 12_500_000, 8_000_000, 5_000_000
"""The most pixels that are decoded, by the memory that each needs.

4,032 x 3,024 pixels of a phone's camera take 50 MB in colour. The lower limits are for pictures that have transparency,
are progressive or are CMYK, and for WebP and progressive CMYK.
"""


class DamagedPicture(ValueError):
    """A picture that is cut, or breaks the rules of its format; the message says how."""


class CostlyPicture(ValueError):
    """A picture that would cost too much time or memory, whatever it shows; the message says why."""


@dataclass(frozen=True)
class Container:
    """A picture without anything that its pixels do not need.

    Attributes
    ----------
    size
        Width and height in pixels.
    content
        The bytes that Pillow decodes.
    most
        The most pixels that may be decoded.
    orientation
        How the camera was held, from 1 to 8 (Exif 2.3). 1 is upright.
    is_scalable
        Whether it can be decoded at a smaller size, without memory for the whole: a JPEG of one scan.
    """

    size: tuple[int, int]
    content: bytes
    most: int = MOST_PIXELS
    orientation: int = 1
    is_scalable: bool = False


def check_count(what: str, found: int, most: int) -> None:
    """Raise CostlyPicture if a file has more of something than any program writes."""
    if found > most:
        raise CostlyPicture(f"has more than {most:,} {what}")


def check_whole(end: int, blob: bytes) -> None:
    """Raise DamagedPicture if a file ends before ``end``, in bytes from its start."""
    if end > len(blob):
        raise DamagedPicture(f"is cut off: has {len(blob):,} bytes, expected at least {end:,}")
