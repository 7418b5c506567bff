"""Fill every array of every kind of file with extreme numbers, and take splits of a data set away, and use the file."""

import json
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np

from nndigits.stages.store.npz import decode
from torture.fuzzing import uses
from torture.harness.folders import ram_folder
from torture.harness.results import Result, Size, of
from torture.hostile.forge import artifact_bytes

SECTION = "A"
FLOATS = (0.0, -0.0, 1e-45, 1e25, 3e38, -3e38, 1e200, -1e308)
GATE = 200
"""In the gate, this many forged files, each used by one command."""

INTEGERS = (0, 1, -1, 255, 2**53, 2**62, -(2**63))


def results(size: Size) -> Iterator[Result]:
    """One result over all files, and one over networks that cannot be computed with."""
    yield uses.result(SECTION, "arrays of extreme numbers, splits without images", forged, size, GATE)
    yield overflowing()


def overflowing() -> Result:
    """Classify with networks of every activation whose weighted inputs overflow, in each precision."""
    said, total = 0, 0
    with tempfile.TemporaryDirectory(dir=ram_folder()) as name, uses.sandbox(Path(name)) as files:
        arrays = decode(files["weights.npz"])
        meta = json.loads(arrays.pop("__meta__").tobytes())
        for last, value in product(("sigmoid", "tanh", "relu", "softplus", "softmax"), (np.float32(3e38), 1e308)):
            meta["about"]["layers"] = ["dense 3 sigmoid", f"dense 3 {last}"]
            filled = {array: np.full(one.shape, value) for array, one in arrays.items()}
            Path("weights.npz").write_bytes(artifact_bytes(meta, filled))
            for words in (("eval", "{}", "--data", "data.npz", "-o", "out.json"), *uses.PREDICTED):
                problem = uses.failure(*(part.format("weights.npz") for part in words), must_succeed=True)
                said, total = said + problem.startswith("weights.npz: cannot classify"), total + 1
    what = "weighted inputs that overflow, whatever the activation: an error, no result"
    return Result(SECTION, what, of(said, total), "all", said == total)


def forged(file: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield an ``.npz`` with one array, or all, filled with one number or with its extremes, and without a split."""
    if not file.endswith(".npz"):
        return
    arrays = decode(content)
    meta = json.loads(arrays.pop("__meta__").tobytes())
    for name, array in arrays.items():
        for value in FLOATS if array.dtype.kind == "f" else INTEGERS:
            if np.can_cast(np.min_scalar_type(value), array.dtype) or array.dtype.kind == "f":
                with np.errstate(over="ignore"):
                    filled = np.full_like(array, value)
                yield f"{name} = {value}", artifact_bytes(meta, {**arrays, name: filled})
                if array.size > 1:
                    filled.flat[::2] = array.flat[::2]
                    yield f"half of {name} = {value}", artifact_bytes(meta, {**arrays, name: filled})
    every = {
        name: np.where(np.arange(a.size).reshape(a.shape) % 2, -3e38, 3e38).astype(a.dtype)
        if a.dtype.kind == "f"
        else a
        for name, a in arrays.items()
    }
    yield "all at the limits", artifact_bytes(meta, every)
    for splits in (("test",), ("validation",), ("validation", "test"), ("train",)):
        if "test_images" in arrays:
            kept = {name: a[:0] if name.split("_")[0] in splits else a for name, a in arrays.items()}
            yield f"no {' and '.join(splits)} images", artifact_bytes(meta, kept)
