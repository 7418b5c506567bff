"""Rows padded to whole cache lines: the padding changes no result, stays zero and is never stored."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import EVERYTHING, TINY

from nndigits.models.arrays import padded_rows
from nndigits.models.arrays.padded_rows import row_length, zero_rows
from nndigits.models.layers.dense import Dense
from nndigits.models.network.inputs import as_inputs
from nndigits.models.training.loop import train_epoch
from nndigits.models.training.optimizers import OPTIMIZERS
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.checkpoint import load, save
from nndigits.stages.runs.epochs import Run, run_on
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.runs.setup import epoch_batches
from nndigits.stages.store import artifacts
from nndigits.stages.store.artifacts import Artifact
from nndigits.stages.store.result_files import EpochRow

NEVER = 10**6
LAYERS = ("norm relu", "dropout 0.3", "relu", "conv 2 3x3 relu", "dense 6 tanh")


@pytest.fixture
def always_padded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(padded_rows, "MIN_PADDED", 0)


@pytest.fixture(scope="module")
def data(digits: Path) -> Artifact:
    return artifacts.load(digits)


def learned(parameters: Parameters, data: Artifact) -> Run:
    run = run_on(data, parameters)
    images, labels = data.arrays["train_images"][:200], data.arrays["train_labels"][:200]
    train_epoch(run.trainer, epoch_batches(run.parameters, run.trainer, images, labels, run.rng), len(images))
    return run


def test_long_rows_are_padded_to_whole_cache_lines() -> None:
    assert [row_length(inputs) for inputs in (4, 254, 255, 784, 799)] == [5, 255, 256, 800, 800]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("count", [0, 1, 7, 250])
def test_rows_start_at_a_cache_line(count: int, dtype: str) -> None:
    made = zero_rows(count, 800, dtype)
    assert made.shape == (count, 800)
    assert made.dtype == dtype
    assert not made.any()
    assert made.flags.c_contiguous
    assert all(row.ctypes.data % 64 == 0 for row in made)


def test_pixels_are_followed_by_a_one_and_zeros() -> None:
    images = np.full((2, 28, 28), 51, np.uint8)
    x = as_inputs(images, "float32")
    np.testing.assert_allclose(x, np.tile([*[0.2] * 784, 1, *[0] * 15], (2, 1)), rtol=1e-7)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("first", LAYERS)
def test_training_gives_the_same_result_with_and_without_padding(
    data: Artifact, monkeypatch: pytest.MonkeyPatch, optimizer: str, first: str
) -> None:
    parameters = Parameters(
        hidden=(), layers=f"{first}, dense 10 softmax", cost="log-likelihood", init="N(0,1/n)", optimizer=optimizer,
        eta=0.01, dtype="float64", epochs=1, **EVERYTHING,
    )  # fmt: skip
    found = []
    for minimum in (NEVER, 0):
        monkeypatch.setattr(padded_rows, "MIN_PADDED", minimum)
        network = learned(parameters, data).network
        numbers = [number for layer in network.trainable_layers for number in (layer.size, *layer.w.ravel(), *layer.b)]
        found.append([*numbers, *network.outputs(data.arrays["test_images"][:30]).ravel()])
    np.testing.assert_allclose(*found, atol=1e-12)


@pytest.mark.usefixtures("always_padded")
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_padding_stays_zero_in_parameters_and_optimizer_state(data: Artifact, optimizer: str, threads: int) -> None:
    run = learned(
        Parameters(hidden=(6,), init="N(0,1/n)", optimizer=optimizer, epochs=1, threads=threads, **EVERYTHING), data
    )
    first = run.network.layers[0]
    assert isinstance(first, Dense)
    for matrix in [first.parameters, *(kept[0] for kept in run.trainer.state().values())]:
        assert matrix.shape == (6, 80)
        assert matrix[:, :65].any()
        assert not matrix[:, 65:].any()
    run.trainer.close()


@pytest.mark.usefixtures("always_padded")
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_checkpoint_has_no_padding_and_a_resumed_run_has_it_again(
    data: Artifact, tmp_path: Path, optimizer: str
) -> None:
    parameters = replace(TINY, optimizer=optimizer, average=0.9)
    run = learned(parameters, data)
    run.best, run.best_epoch = network_artifacts.to_arrays(run.network), 0
    run.rows = [EpochRow(0, 1.0, 1, 1, 1.0, 1, 1, 1.0)]
    path = tmp_path / "checkpoint.npz"
    save(path, run, data)
    for name, array in artifacts.load(path).arrays.items():
        if name.endswith("weights_1"):
            assert array.shape == (5, 64)
    memory = load(path, parameters, data).trainer.state()
    for name, kept in run.trainer.state().items():
        for array, again in zip(kept, memory[name], strict=True):
            np.testing.assert_array_equal(array, again)
