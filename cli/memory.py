"""Too little memory: it is noticed before a library that would not end cleanly is loaded.

OpenBLAS, which NumPy and SciPy load, tries again forever or ends the program by itself where it gets no memory. So the
address space that a library takes is reserved, and released again, just before it is imported.
"""

import mmap
import sys
from importlib.abc import MetaPathFinder
from typing import Any

NEEDED = {"numpy": 128, "scipy": 128, "sklearn": 128, "matplotlib": 64}
"""Megabytes of address space: an import takes 80, 91, 76 and 34 as measured, and the first use of a BLAS 32."""

LEFT = 64
"""Megabytes. Where fewer are left, an unexpected error is one of memory."""


class MemoryCheck(MetaPathFinder):
    """Finds no module, but raises MemoryError for a library that has too little memory."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Check the memory for a library."""
        if name in NEEDED and not has(NEEDED[name]):
            raise MemoryError(f"{name} needs {NEEDED[name]} MB")


def check_before_imports() -> None:
    """Check the memory before each import of a large library from now on."""
    if not any(isinstance(finder, MemoryCheck) for finder in sys.meta_path):
        sys.meta_path.insert(0, MemoryCheck())


def has(megabytes: int) -> bool:
    """Return whether so much memory can be reserved."""
    try:
        mmap.mmap(-1, megabytes << 20).close()
    except (OSError, MemoryError):
        return False
    return True
