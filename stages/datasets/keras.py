"""Reader of archives of NumPy that other programs made, such as a Keras-style ``mnist.npz``.

They are the only archives of other programs that nn reads (``zip_members.py``).
"""

import math
from collections.abc import Mapping

import numpy as np

from nndigits.models.arrays.types import Bytes
from nndigits.stages.datasets import zip_members
from nndigits.stages.datasets.idx import check_ratio
from nndigits.stages.store.files import Buffer
from nndigits.stages.store.npz import AnyArray, FormatError, parse_npy

BYTES = ("|u1",)
WHOLE_NUMBERS = ("|u1", "|i1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8")
"""The types of pixels, and of labels."""


def arrays(blob: bytes, names: Mapping[str, str]) -> dict[str, Bytes]:
    """Read the arrays of bytes in ``names``, key -> name in the archive; raises FormatError or IdxError."""
    return typed_arrays(blob, {key: (name, BYTES) for key, name in names.items()})


def has_arrays(blob: bytes, *names: str) -> bool:
    """Return whether an archive has arrays of these names; raises FormatError."""
    entries = zip_members.of_bytes(blob).entries
    return all(f"{name}.npy" in entries for name in names)


def typed_arrays(blob: bytes, wanted: Mapping[str, tuple[str, tuple[str, ...]]]) -> dict[str, AnyArray]:
    """Read arrays, key -> name in the archive and the types that are allowed; raises FormatError or IdxError."""
    archive = zip_members.of_bytes(blob)
    for name, _ in wanted.values():
        if f"{name}.npy" not in archive.entries:
            raise FormatError(f"has no array {name}")
    # Added up, because members may lie over each other, and not more than the file, because an entry may lie.
    entries = [archive.entries[f"{name}.npy"] for name, _ in wanted.values()]
    packed, unpacked = sum(one.packed for one in entries), sum(one.unpacked for one in entries)
    if packed > len(blob):
        raise FormatError(f"has members of {packed:,} packed bytes, more than its own {len(blob):,}")
    check_ratio(unpacked, packed)
    return {key: _array(archive.member(f"{name}.npy"), name, types) for key, (name, types) in wanted.items()}


def _array(content: Buffer, name: str, types: tuple[str, ...]) -> AnyArray:
    dtype, shape, header = parse_npy(content)
    size = len(content) - header
    if dtype not in types:
        wanted = "bytes (|u1)" if types == BYTES else "whole numbers"
        raise FormatError(f"has {name} of {dtype}: it should hold {wanted}")
    if math.prod(shape) * np.dtype(dtype).itemsize != size or not size:
        raise FormatError(f"has {name} of shape {shape} in {size:,} bytes: its length should be that of its shape")
    return np.frombuffer(content, dtype, offset=header).reshape(shape)
