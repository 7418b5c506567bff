"""`nn` from Python: the stages as functions, and the estimators, imported where they are used.

>>> from nndigits import fetch, train, evaluate, Parameters, NetworkClassifier
"""

from importlib import import_module

PUBLIC = {
    "fetch": "stages.fetch",
    "train": "stages.training.train",
    "evaluate": "stages.evaluate",
    "predict": "stages.predict",
    "read": "stages.read",
    "compare": "stages.compare",
    "Parameters": "stages.runs.parameters",
    "NetworkClassifier": "sklearn",
    "DarknessClassifier": "sklearn",
    "NNError": "stages.store.errors",
}
"""Each public name, and the module that defines it."""

__all__ = [*PUBLIC, "__version__"]


def __getattr__(name: str) -> object:
    """Import a public name, or look up the version, when it is first used: Ctrl-C is heeded only after this import."""
    if name == "__version__":
        from importlib.metadata import version

        return version("nn-digits")
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{PUBLIC[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
