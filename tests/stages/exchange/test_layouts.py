"""The layouts of tensors as docs/other-programs.md has them: its NumPy gives the outputs of nn."""

import re
from pathlib import Path

import numpy as np
from random_networks import save_random
from support import REPOSITORY

from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.exchange.export import export
from nndigits.stages.runs import network_artifacts
from nndigits.stages.store import artifacts

PAGE = (REPOSITORY / "docs" / "other-programs.md").read_text(encoding="utf-8")


def test_the_numpy_of_the_page_gives_the_outputs_of_nn(tmp_path: Path) -> None:
    layers = re.search("network `(conv[^`]*)` in NumPy", PAGE)[1]
    code = re.search(r"in NumPy:\n\n```python\n(.*?)```", PAGE, re.DOTALL)[1]
    weights = save_random(tmp_path / "weights.npz", layers)
    export([weights], tmp_path / "network.safetensors")
    images = np.random.default_rng(0).integers(0, 256, (200, 28, 28)).astype(np.uint8)
    found = {"images": images}
    exec(code, found)
    network = network_artifacts.from_artifact(artifacts.load(weights, "weights"))
    assert np.abs(found["outputs"] - network.outputs(images)).max() < 1e-5
    assert np.abs(found["probabilities"] - EnsemblePredictor(weights).probabilities(images)).max() < 1e-5
    assert found["outputs"].std(axis=0).max() > 1e-3  # the images differ
