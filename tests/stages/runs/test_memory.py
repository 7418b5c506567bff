"""A network that is too large for its checkpoint, or for the memory of the machine, is refused before it is made."""

from pathlib import Path

import numpy as np
import pytest
from small import SMALL
from support import TINY

from nndigits.stages.runs import new_network
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import UsageError, WorldError
from nndigits.stages.training.find_eta import find_eta
from nndigits.stages.training.train import companions, train


@pytest.fixture
def data(tmp_path: Path) -> Path:
    meta, arrays = SMALL["dataset"]()
    artifacts.save(tmp_path / "data.npz", meta, arrays)
    return tmp_path / "data.npz"


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"hidden": (32_000, 30_000)}, "hidden"),
        ({"hidden": (17_000, 17_000), "optimizer": "adam"}, "hidden"),
        ({"hidden": (), "layers": "dense 20000 tanh, dense 30000 tanh, dense 10 softmax"}, "layers"),
    ],
)
def test_a_checkpoint_that_no_file_holds_is_refused_at_once(data: Path, changed: dict, name: str) -> None:
    parameters = Parameters(**{**vars(TINY), **changed, "activation": "sigmoid"})
    for run in (lambda: train(data, data.with_name("w.npz"), parameters), lambda: find_eta(data, parameters)):
        with pytest.raises(UsageError, match="checkpoint would have") as refused:
            run()
        assert refused.value.parameter == name
    assert [path.name for path in data.parent.iterdir() if path.suffix == ".npz"] == ["data.npz"]


def test_a_machine_with_too_little_memory_is_an_error_at_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_network, "memory", lambda: 1e5)
    with pytest.raises(WorldError, match="MB of memory, this machine has 0 MB"):
        train(data, data.with_name("w.npz"), Parameters(hidden=(5000,)))


@pytest.mark.parametrize(("optimizer", "average"), [("sgd", 0.0), ("adam", 0.9), ("nesterov", 0.0)])
def test_a_checkpoint_is_as_large_as_computed(
    data: Path, optimizer: str, average: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = Parameters(hidden=(3000,), epochs=1, eta=0.01, optimizer=optimizer, average=average)
    checkpoint = companions(data.with_name("w.npz"))[1]
    train(data, data.with_name("w.npz"), parameters)
    written = checkpoint.stat().st_size
    for largest, fits in ((written + new_network.CHECKPOINT_EXTRAS, True), (written - 10_000, False)):
        monkeypatch.setattr(new_network.files, "LARGEST", largest)
        monkeypatch.setattr(new_network, "CHECKPOINT_EXTRAS", 0)
        if fits:
            train(data, data.with_name("again.npz"), parameters)
        else:
            with pytest.raises(UsageError, match="checkpoint would have"):
                train(data, data.with_name("again.npz"), parameters)


def test_a_batch_larger_than_the_data_takes_the_memory_of_the_data(data: Path) -> None:
    train(data, data.with_name("w.npz"), Parameters(hidden=(50,), epochs=1, batch=10**9))
    assert np.isfinite(artifacts.load(data.with_name("w.npz"), "weights").arrays["weights_1"]).all()
