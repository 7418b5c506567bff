"""What the environment decides: the versions of libraries, and the default paths."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

USUAL_FOLDER = Path("artifacts")

PRETRAINED = Path("pretrained")
"""The name of the network that comes with nn, wherever weights are read. A file called so needs its whole path."""

PRETRAINED_FILE = Path(__file__).parents[1] / "classifiers" / "pretrained.npz"
"""That network, made by ``make pretrained``."""

EXAMPLES = {Path(name): PRETRAINED_FILE.with_name(f"{name}.png") for name in ("example-digit", "example-page")}
"""The pictures that come with nn, by the names of them that `nn predict` and `nn read` take."""

ARITHMETIC = ("nn", "numpy", "simd", "blas", "kernel")
"""What a result of matrix products and exponentials depends on."""

USED: dict[str, tuple[str, ...]] = {
    "dataset": ("nn",),  # the bytes of the source, split
    "random": ("nn",),  # only a seed
    "darkness": ("nn", "numpy"),  # sums whose order is NumPy's
    **dict.fromkeys(("svm", "svm-pairs", "search", "eval", "confusion", "compare"), ARITHMETIC),
}
"""The versions that the bytes of a kind of artifact depend on; those of any other kind depend on all of them."""


def artifacts_folder() -> Path:
    """Return the folder of the default paths of data, weights and results: ``NN_ARTIFACTS``, or ``artifacts``."""
    return Path(os.environ.get("NN_ARTIFACTS") or USUAL_FOLDER)


def file_of(weights: Path) -> Path:
    """Return the file that a path of weights means: that of nn for ``PRETRAINED``, and the path itself otherwise."""
    return PRETRAINED_FILE if weights == PRETRAINED else weights


@cache
def versions() -> dict[str, str]:
    """Return all versions that a result can depend on.

    These are nn, NumPy and the widest vector instructions that it uses (``simd``), SciPy, and BLAS with its kernel.
    NumPy and SciPy may each have a BLAS of their own. NumPy and BLAS choose instructions by the processor.
    """
    from importlib.metadata import version

    import numpy as np
    from threadpoolctl import threadpool_info

    config = np.show_config(mode="dicts")
    blas, simd = config["Build Dependencies"]["blas"], config.get("SIMD Extensions", {})
    loaded = [library for library in threadpool_info() if library["user_api"] == "blas"]
    kernels = {str(library.get("architecture", "unknown")) for library in loaded}
    return {
        "nn": version("nn-digits"),
        "numpy": np.__version__,
        "simd": ([*simd.get("baseline", ()), *simd.get("found", ())] or ["none"])[-1],
        "scipy": version("scipy"),
        "blas": f"{blas['name']} {blas['version']}",
        "kernel": " ".join(sorted(kernels)),
    }


def versions_of(kind: str) -> dict[str, str]:
    """Return the current versions that the bytes of a kind of artifact depend on."""
    today = versions()
    return {name: today[name] for name in USED.get(kind, today)}


def changed_versions(then: Mapping[str, str], kind: str) -> dict[str, tuple[str, str]]:
    """Return the versions that differ since an artifact of this kind was made, then and now.

    Names that only one of them has are not compared.
    """
    today = versions_of(kind)
    return {name: (old, today[name]) for name, old in then.items() if name in today and old != today[name]}
