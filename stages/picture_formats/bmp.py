"""BMP: one header, and pixels that are hardly ever compressed (Microsoft, "Bitmap Storage")."""

import struct

from nndigits.stages.picture_formats.container import Container, DamagedPicture, check_count, check_whole

HEADERS = (12, 40, 52, 56, 64, 108, 124)
RUN_LENGTHS = (1, 2)
MOST_RUN_LENGTHS = 2**20
"""The most bytes of a run-length encoded picture: Pillow decodes two of them in a microsecond."""


def read(blob: bytes) -> Container:
    """Read the header of a BMP, and check that its pixels are there."""
    check_whole(26, blob)
    offset, length = struct.unpack_from("<II", blob, 10)
    if length not in HEADERS:
        raise DamagedPicture(f"its header has {length:,} bytes, expected one of {', '.join(map(str, HEADERS))}")
    check_whole(14 + length, blob)
    if length == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", blob, 18)
        return _checked(blob, width, height, bits, offset)
    width, height, _, bits, compression = struct.unpack_from("<IiHHI", blob, 18)
    if compression not in RUN_LENGTHS:
        return _checked(blob, width, abs(height), bits, offset)
    check_count("bytes of run lengths", len(blob), MOST_RUN_LENGTHS)
    return Container((width, abs(height)), blob)


def _checked(blob: bytes, width: int, height: int, bits: int, offset: int) -> Container:
    check_whole(offset + -(-width * bits // 32) * 4 * height, blob)
    return Container((width, height), blob)
