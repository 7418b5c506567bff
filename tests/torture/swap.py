"""A mutant in the place of its module, in a process that has imported it and whatever uses it.

The functions stay the objects that everybody knows, and get the mutant's code; other names of the module, its numbers
and patterns, are exchanged wherever they were imported.
"""

import inspect
import sys
import types
from typing import Any

from support import REPOSITORY

from torture.changes import Mutant, tree


def install(mutant: Mutant) -> None:
    """Exchange all that the mutant has otherwise; raises what importing it would raise."""
    module = sys.modules[f"nn.stages.{mutant.module.replace('/', '.')}"]
    fresh = types.ModuleType(module.__name__)
    path = str(REPOSITORY / "stages" / f"{mutant.module}.py")
    exec(compile(tree(mutant), path, "exec"), vars(fresh))
    for name, new in list(vars(fresh).items()):
        old = vars(module).get(name)
        if getattr(new, "__module__", None) == module.__name__ and isinstance(new, type):
            for inner, method in vars(new).items():
                exchange_code(vars(old).get(inner), method)
        elif getattr(new, "__module__", None) == module.__name__ and callable(new):
            exchange_code(old, new)
        elif not name.startswith("__") and old is not new and old != new:
            exchange_name(name, old, new)


def exchange_code(old: Any, new: Any) -> None:
    """Let a function, a property or what wraps one do what the new one does."""
    old, new = (getattr(inspect.unwrap(one), "fget", None) or inspect.unwrap(one) for one in (old, new))
    if isinstance(new, types.FunctionType) and new.__code__.co_filename.endswith(".py"):
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__


def exchange_name(name: str, old: Any, new: Any) -> None:
    """Put a new value wherever the old one has been imported under its name."""
    for other in list(sys.modules.values()):
        if vars(other).get(name, other) is old:
            setattr(other, name, new)
