"""A limit on the memory of this process while a library decodes a file: where the library asks for more, it fails.

Linux enforces it. It is the second guard: a format's own reader computes what the pixels need, but not what tables
inside compressed data, such as those of a lossless WebP, make a decoder allocate.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from nndigits.stages.picture_formats.container import CostlyPicture
from nndigits.stages.store.errors import is_out_of_memory
from nndigits.stages.system.machine import memory_limited


@contextmanager
def at_most(more: int) -> Iterator[None]:
    """Let this process map at most ``more`` bytes than now; where it needs them, CostlyPicture is raised."""
    with memory_limited(more) as is_limited:
        try:
            yield
        except Exception as error:
            if is_limited and is_out_of_memory(error):
                raise CostlyPicture(f"needs more than {more // 2**20} MB of memory to decode") from None
            raise
