"""Networks as data for the page's script, ``pages/draw/network.js``."""

import base64
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nndigits.models.network.network import Network
from nndigits.stages.results.wording import name_of
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts, files
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.words.escaping import printable

MOST_NETWORKS = 12
"""Networks side by side on a page."""

MOST_BYTES = 25_000_000
"""The largest page. A browser on a phone opens that in some seconds."""

LAYERS = ("dense", "conv", "max", "norm", "flatten", "dropout")
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky-relu", "softplus", "softmax", "step")
"""What ``pages/draw/layers.js`` and ``pages/shared/activations.js`` compute; a network with more is refused."""

BYTES_OF_REST = 500_000
"""The most that everything but the weights takes: scripts, styles, texts and samples."""


def load(paths: Sequence[Path]) -> list[tuple[Artifact, Network]]:
    """Read networks that can be shown on one page.

    Raises
    ------
    InputError
        A file is unusable or is no network, they differ in image size or classes, or they are too large for a page.
    UsageError
        There are none, or too many.
    """
    if not 1 <= len(paths) <= MOST_NETWORKS:
        raise UsageError(f"expected 1 to {MOST_NETWORKS} networks, got {len(paths)}", "weights")
    files.check_named_once(paths)
    loaded = [artifacts.load(path, "weights") for path in paths]
    networks = [network_artifacts.from_artifact(one) for one in loaded]
    for artifact in loaded:
        _check_layers(artifact)
    try:
        network_artifacts.same_images(loaded)
    except ValueError as error:
        raise InputError(f"{', '.join(map(str, paths))}: {error}; write a page for each") from None
    size = sum(layer.size for network in networks for layer in network.trainable_layers) * 4 * 4 // 3 + BYTES_OF_REST
    if size > MOST_BYTES:
        raise InputError(
            f"{', '.join(map(str, paths))}: the page would have {size / 1e6:,.0f} MB, at most {MOST_BYTES / 1e6:.0f} "
            "are written. Take fewer networks, or smaller ones"
        )
    return list(zip(loaded, networks, strict=True))


def _check_layers(artifact: Artifact) -> None:
    """Raise InputError for a layer or an activation that the page's script does not have."""
    for text in artifact.about["layers"]:
        kind, *words = text.split()
        unknown = kind not in LAYERS + ACTIVATIONS or (kind == "dense" and words[-1] not in ACTIVATIONS)
        if unknown:
            raise InputError(
                f"{artifact.path}: has the layer {text!r}, which the page cannot compute: it has "
                f"{', '.join(LAYERS)} and the activations {', '.join(ACTIVATIONS)}. "
                "Add it to pages/draw/layers.js or pages/shared/activations.js"
            )


def exported(loaded: Sequence[tuple[Artifact, Network]]) -> list[dict[str, Any]]:
    """Return each network as the page's script reads it; files of the same name are numbered."""
    names = [printable(artifact.path.name) for artifact, _ in loaded]
    result = []
    for place, (artifact, network) in enumerate(loaded):
        name, about = names[place], artifact.about
        calibration = about.get("calibration", {})
        total = about["validation_total"]
        result.append(
            {
                "name": f"{name} ({names[:place].count(name) + 1})" if Counter(names)[name] > 1 else name,
                "what": name_of(artifact.meta),
                "layers": about["layers"],
                "image": about["image"],
                "classes": network.classes,
                "rejects": network.has_reject_class,
                "temperature": float(calibration.get("temperature", 1.0)),
                "calibrated": bool(calibration.get("images")),
                "accuracy": about["validation_correct"] / total if total else None,
                "arrays": [
                    _encoded(artifact, array) for layer in network.trainable_layers for array in (layer.w, layer.b)
                ],
            }
        )
    return result


def _encoded(artifact: Artifact, array: Any) -> str:
    """Return numbers in single precision, the lowest byte first, in base64.

    In half precision, probabilities would differ by up to 0.0017.
    """
    with np.errstate(over="ignore"):
        single = array.astype("<f4")
    if not np.isfinite(single).all():
        raise InputError(
            f"{artifact.path}: has a weight of {np.abs(array).max():.3g}, which is too large for a page: at most "
            f"{np.finfo(np.float32).max:.3g}. Train again with a smaller eta"
        )
    return base64.b64encode(single.tobytes()).decode()
