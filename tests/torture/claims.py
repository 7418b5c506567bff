"""Every value that an artifact says of itself, exchanged for each of a list of strange ones, and put to use.

A file that is forged with care passes for an artifact; what it says must then be either refused, or true enough to
work with. Anything but one of our own errors is a bug.
"""

import copy
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from small import SMALL

from nn.stages.evaluate import evaluate
from nn.stages.runs.parameters import Parameters
from nn.stages.show import show
from nn.stages.store import artifacts
from nn.stages.store.errors import NNError
from nn.stages.train import train
from torture.door import memory
from torture.figures import Figure, Size
from torture.forge import written

SECTION = "A"
STRANGE = (None, True, -1, 0, 1, 257, 2**31, 2**63, 10**40, 0.0, -0.5, 1e308, 5e-324, "", "x", "\x1b[2J", "9" * 400)
STRANGE_LISTS: tuple[Any, ...] = ([], [[]], [0], [-1, 2**63], ["x"], ["dense 10 sigmoid"], {}, {"a": 1}, {"layers": []})


def figures(_: Size) -> Iterator[Figure]:
    """One figure over all kinds."""
    tried, escapes = 0, []
    with tempfile.TemporaryDirectory(dir=memory()) as name:
        folder = Path(name)
        artifacts.save(folder / "data.npz", *SMALL["dataset"]())
        data = artifacts.load(folder / "data.npz")
        for kind, small in SMALL.items():
            meta, arrays = small()
            if kind == "checkpoint":
                meta = {**meta, "parameters": PARAMETERS.as_json(), "inputs": {"data": data.sha256}}
            (folder / "forged.npz").write_bytes(written(meta, arrays))
            for use in USES[kind]:
                use(folder)  # as it is, it works
            for where, forged in exchanged(meta):
                (folder / "forged.npz").write_bytes(written(forged, arrays))
                for use in USES[kind]:
                    tried += 1
                    try:
                        use(folder)
                    except NNError:
                        pass
                    except Exception as error:
                        escapes.append(f"{kind} {where}: {type(error).__name__}: {error}"[:150])
    for escape in escapes[:10]:
        print("   ", escape)
    what = f"every value of every description exchanged, {tried:,} times put to use"
    yield Figure(SECTION, what, f"{len(escapes)} bugs", "0 bugs", not escapes)


def exchanged(meta: Any) -> Iterator[tuple[str, Any]]:
    """The description with one value exchanged, for every value and every strange one."""
    for where in paths(meta):
        for value in (*STRANGE, *STRANGE_LISTS):
            forged = copy.deepcopy(meta)
            inner = forged
            for key in where[:-1]:
                inner = inner[key]
            inner[where[-1]] = value
            yield f"{'.'.join(map(str, where))} = {str(value)[:20]!r}", forged


def paths(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where values stand in a description."""
    if where:
        yield where
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        if key != "versions":
            yield from paths(inner, (*where, key))


PARAMETERS = Parameters(hidden=(3,), epochs=1, batch=2, threads=1, optimizer="momentum")


def _show(folder: Path) -> None:
    show(folder / "forged.npz")


def _evaluate(folder: Path) -> None:
    evaluate(folder / "forged.npz", folder / "data.npz", folder / "eval.json", split="test")


def _learn(folder: Path) -> None:
    train(folder / "forged.npz", folder / "weights.npz", PARAMETERS)


def _resume(folder: Path) -> None:
    (folder / "checkpoint.npz").write_bytes((folder / "forged.npz").read_bytes())
    train(folder / "data.npz", folder / "weights.npz", PARAMETERS, resume=True)


USES: dict[str, tuple[Callable[[Path], None], ...]] = {
    "dataset": (_show, _learn),
    "weights": (_show, _evaluate),
    "checkpoint": (_show, _resume),
    "random": (_show, _evaluate),
    "darkness": (_show, _evaluate),
    "svm": (_show, _evaluate),
    "svm-pairs": (_show,),
}
