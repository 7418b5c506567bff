"""Prediction with one classifier or an ensemble, without a data set, and the calibration of its probabilities."""

from pathlib import Path

import numpy as np
import pytest

from nndigits.models.network import calibration
from nndigits.models.network.calibration import best_temperature, calibration_error, temperature_scaled
from nndigits.models.network.ensemble import normalized
from nndigits.stages.classifiers import classifier
from nndigits.stages.classifiers.ensemble_predictor import EnsemblePredictor
from nndigits.stages.classifiers.simple_baselines import darkness
from nndigits.stages.evaluate import evaluate
from nndigits.stages.fetch import fetch
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.train import train


@pytest.fixture(scope="module")
def weights(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("weights") / "weights.npz"
    train(digits, out, Parameters(epochs=3))
    return out


def test_answers_are_those_of_the_weights_and_add_up_to_one(digits: Path, weights: Path, tmp_path: Path) -> None:
    darkness(digits, tmp_path / "darkness.npz")
    images = artifacts.load(digits).arrays["test_images"]
    for paths in ([weights], [weights, weights], [tmp_path / "darkness.npz"]):
        reader, alone = EnsemblePredictor(paths), classifier.make_classifier(artifacts.load(paths[0]))
        found = reader.probabilities(images)
        assert (reader.image, reader.classes, found.shape) == ((8, 8), 10, (256, 10))
        np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)
        np.testing.assert_array_equal(found.argmax(axis=1), alone.outputs(images).argmax(axis=1))
    assert str(EnsemblePredictor([weights, weights])) == "the vote of 2 (64-30-10)"


def test_what_does_not_go_together_is_refused(digits: Path, weights: Path, idx_folder: Path, tmp_path: Path) -> None:
    fetch(tmp_path / "other.npz", source=idx_folder)
    train(tmp_path / "other.npz", tmp_path / "w.npz", Parameters(epochs=1))
    with pytest.raises(InputError, match="5 x 4 with 10 digits and 8 x 8 with 10 digits; they cannot vote"):
        EnsemblePredictor([weights, tmp_path / "w.npz"])
    with pytest.raises(InputError, match="is a data set, not a trained network"):
        EnsemblePredictor(digits)
    with pytest.raises(UsageError, match="nothing to read with"):
        EnsemblePredictor([])


def test_training_finds_a_temperature_and_keeps_it(
    digits: Path, weights: Path, idx_folder: Path, tmp_path: Path
) -> None:
    kept, reader = artifacts.load(weights).about["calibration"], EnsemblePredictor(weights)
    data = artifacts.load(digits).arrays
    assert kept["images"] == len(data["validation_images"])
    assert reader.calibrated
    assert reader.temperature == kept["temperature"] != 1
    sure = reader.probabilities(data["validation_images"])
    assert calibration_error([(sure, data["validation_labels"])]) == pytest.approx(kept["error_after"])
    report = evaluate(weights, digits, tmp_path / "eval.json", split="validation")
    assert report.calibration_error == pytest.approx(kept["error_after"])
    a = network_artifacts.from_artifact(artifacts.load(weights)).outputs(data["validation_images"][:1]).astype(float)
    claimed = (a / (1 - a)) ** (1 / kept["temperature"])  # odds, as its last layer is of sigmoid neurons
    np.testing.assert_allclose(sure[:1], claimed / claimed.sum(), rtol=1e-4)

    fetch(tmp_path / "data.npz", source=idx_folder, validation=0)
    train(tmp_path / "data.npz", tmp_path / "w.npz", Parameters(epochs=1))
    assert "calibration" not in artifacts.load(tmp_path / "w.npz").about
    assert not EnsemblePredictor(tmp_path / "w.npz").calibrated


def test_the_temperature_found_is_the_one_that_was_put_in() -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(0, 3, (20_000, 10))
    true = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    labels = (true.cumsum(axis=1) > rng.random((len(z), 1))).argmax(axis=1)
    for temperature in (0.5, 1.0, 3.0):
        claimed = temperature_scaled(true, 1 / temperature)
        assert best_temperature([(claimed, labels)]) == pytest.approx(temperature, rel=0.03)
        mended = temperature_scaled(claimed, temperature)
        assert calibration_error([(mended, labels)]) < 0.015
        np.testing.assert_allclose(mended, true, rtol=1e-6)
        np.testing.assert_array_equal(mended.argmax(axis=1), claimed.argmax(axis=1))


@pytest.mark.parametrize("piece", [7, 400, 10_000])
def test_calibration_in_pieces_is_that_of_all_at_once(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    outputs, labels = rng.random((300, 4)), rng.integers(0, 4, 300)
    monkeypatch.setattr(calibration, "PIECE", piece)
    made = list[int]()

    def make(rows: np.ndarray) -> np.ndarray:
        made.append(len(rows))
        return normalized(rows**3)

    pieces, whole = calibration.InPieces(make, outputs, labels), [(normalized(outputs**3), labels)]
    assert best_temperature(pieces) == pytest.approx(best_temperature(whole), rel=1e-6)
    for temperature in (1.0, 0.5):
        assert calibration_error(pieces, temperature) == pytest.approx(calibration_error(whole, temperature))
    assert max(made) == min(300, max(1, piece // 4))
    assert (len(made) == 1) == (piece == 10_000), "a single piece is made once"


def test_the_calibration_error_by_hand() -> None:
    claimed = np.array([[0.95, 0.05], [0.95, 0.05], [0.38, 0.62], [0.4, 0.6]])  # bins 14, 14, 9 and 9 of 15
    labels = np.array([0, 1, 1, 1])
    # Bin 14 claims 1.90 right and has 1; bin 9 claims 1.22 and has 2: (0.90 + 0.78) / 4.
    assert calibration_error([(claimed, labels)]) == pytest.approx(0.42)
