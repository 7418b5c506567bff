"""The import of matplotlib without the settings of the current folder and of the environment.

While it is imported, matplotlib reads ``matplotlibrc`` in the current folder, ``MATPLOTLIBRC`` and ``MPLBACKEND``.
Figures are drawn with its defaults alone, and a damaged file of settings, or one of a stranger, must not stop nn.
"""

import os
from collections.abc import Iterator
from contextlib import chdir, contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SETTINGS = {"MATPLOTLIBRC": None, "MPLBACKEND": "agg"}
"""What these variables are during the import; None removes one."""


@cache
def load() -> Any:
    """Import matplotlib and return it."""
    spec = find_spec("matplotlib")
    defaults = Path(spec.origin).parent / "mpl-data" if spec and spec.origin else Path()
    with _environment(), suppress(OSError), chdir(defaults):  # fails where the current folder is gone
        import_module("matplotlib")
    return import_module("matplotlib")


@contextmanager
def _environment() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in SETTINGS}
    _set(SETTINGS)
    try:
        yield
    finally:
        _set(before)


def _set(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
