"""The stage `export`: a trained network in the format of another program."""

import json
from dataclasses import dataclass
from pathlib import Path

from nndigits.models.network.network import Network
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.exchange import onnx_model
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts, files, metadata, safetensors
from nndigits.stages.store.environment import versions
from nndigits.stages.store.errors import InputError, UsageError

ONNX, SAFETENSORS = ".onnx", ".safetensors"
ENDINGS = (ONNX, SAFETENSORS)


@dataclass(frozen=True)
class ExportReport:
    """The file that was written, and the network or the vote that it holds."""

    out: Path
    weights: tuple[Path, ...]
    what: str
    bytes: int


def export(weights: list[Path], out: Path) -> ExportReport:
    """Write a network, or several that vote, to ``out``: ``.onnx`` or ``.safetensors`` by its ending.

    Raises
    ------
    InputError
        Weights are missing or unusable, differ in image size or classes, or have a layer that the format lacks.
    UsageError
        ``out`` has another ending, or several networks do not fit into the format.
    WorldError
        The library onnx is not installed.
    """
    if out.suffix not in ENDINGS:
        raise UsageError(f"expected a file ending in {' or '.join(ENDINGS)}", "out", out)
    artifacts.check_output(out, "model", *weights, example=f"network{out.suffix}")
    if out.suffix == SAFETENSORS:
        if len(weights) > 1:
            raise UsageError("a .safetensors file holds one network; write several to .onnx", "weights")
        return _as_safetensors(weights[0], out)
    return _as_onnx(weights, out)


def _as_safetensors(weights: Path, out: Path) -> ExportReport:
    artifact = artifacts.load(weights, "weights")
    what = str(network_artifacts.from_artifact(artifact))
    files.write(out, safetensors.encode(artifact.arrays, {safetensors.OWN: metadata.to_json(artifact.meta).decode()}))
    return ExportReport(out, (weights,), what, out.stat().st_size)


def _as_onnx(weights: list[Path], out: Path) -> ExportReport:
    made = [artifacts.load(path, "weights") for path in weights]
    voters = EnsemblePredictor(made)
    networks = [member for member in voters.members if isinstance(member, Network)]
    texts = {
        "classes": json.dumps(voters.names),
        "dataset": made[0].meta["dataset"]["name"],
        "data_sha256": json.dumps([one.meta["inputs"].get("data") for one in made]),
        "parameters": json.dumps([one.meta["parameters"] for one in made]),
        "layers": json.dumps([one.about["layers"] for one in made]),
        "weights_sha256": json.dumps([one.sha256 for one in made]),
        "nn": versions()["nn"],
    }
    try:
        blob = onnx_model.encode(networks, voters.temperatures, voters.image, texts)
    except ValueError as error:
        raise InputError(f"{', '.join(map(str, weights))}: cannot be written as ONNX: {error}") from None
    files.write(out, [blob])
    return ExportReport(out, tuple(weights), str(voters), len(blob))
