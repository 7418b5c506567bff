"""A limit on the memory of this process while a library decodes a file: where the library asks for more, it fails.

Linux enforces it. It is the second guard: a format's own reader computes what the pixels need, but not what tables
inside compressed data, such as those of a lossless WebP, make a decoder allocate.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nndigits.stages.picture_formats.container import CostlyPicture
from nndigits.stages.store.errors import is_out_of_memory

MEMORY_IN_USE = Path("/proc/self/statm")
"""Its first number is the address space of this process, in pages."""


@contextmanager
def at_most(more: int) -> Iterator[None]:
    """Let this process map at most ``more`` bytes than now; where it needs them, CostlyPicture is raised."""
    try:
        import resource

        now = int(MEMORY_IN_USE.read_text().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):  # not Linux
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if any(limit != resource.RLIM_INFINITY and limit < now + more for limit in (soft, hard)):
        yield  # a stricter limit holds already
        return
    resource.setrlimit(resource.RLIMIT_AS, (now + more, hard))
    try:
        yield
    except Exception as error:
        if is_out_of_memory(error):
            raise CostlyPicture(f"needs more than {more // 2**20} MB of memory to decode") from None
        raise
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
