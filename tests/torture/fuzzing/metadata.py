"""Replace every metadata value of every kind by each of a list of unusual values, and use the artifact.

A well-forged file looks like an artifact. Its metadata must be refused, or be valid enough to work with. Any exception
except the project's own errors is a bug.
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
from torture.harness.folders import ram_folder
from torture.harness.results import Result, Size
from torture.hostile.forge import artifact_bytes

SECTION = "A"
UNUSUAL = (None, True, -1, 0, 1, 257, 2**31, 2**63, 10**40, 0.0, -0.5, 1e308, 5e-324, "", "x", "\x1b[2J", "9" * 400)
UNUSUAL_CONTAINERS: tuple[Any, ...] = (
    [],
    [[]],
    [0],
    [-1, 2**63],
    ["x"],
    ["dense 10 sigmoid"],
    {},
    {"a": 1},
    {"layers": []},
)


def results(_: Size) -> Iterator[Result]:
    """One result over all kinds."""
    tried, escapes = 0, []
    with tempfile.TemporaryDirectory(dir=ram_folder()) as name:
        folder = Path(name)
        artifacts.save(folder / "data.npz", *SMALL["dataset"]())
        data = artifacts.load(folder / "data.npz")
        for kind, small in SMALL.items():
            meta, arrays = small()
            if kind == "checkpoint":
                meta = {**meta, "parameters": PARAMETERS.as_json(), "inputs": {"data": data.sha256}}
            (folder / "forged.npz").write_bytes(artifact_bytes(meta, arrays))
            for use in USES[kind]:
                use(folder)  # the unchanged artifact works
            for where, forged in replaced_values(meta):
                (folder / "forged.npz").write_bytes(artifact_bytes(forged, arrays))
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
    what = f"every metadata value replaced by unusual ones: {tried:,} artifacts used"
    yield Result(SECTION, what, f"{len(escapes)} bugs", "0 bugs", not escapes)


def replaced_values(meta: Any) -> Iterator[tuple[str, Any]]:
    """Yield the metadata with one value replaced, for every value and every unusual one."""
    for where in paths(meta):
        for value in (*UNUSUAL, *UNUSUAL_CONTAINERS):
            forged = copy.deepcopy(meta)
            inner = forged
            for key in where[:-1]:
                inner = inner[key]
            inner[where[-1]] = value
            yield f"{'.'.join(map(str, where))} = {str(value)[:20]!r}", forged


def paths(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the keys that lead to each value."""
    if where:
        yield where
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
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
