"""The stage `draw`: what the page holds, what it refuses, and that nothing in it can break out."""

import base64
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from random_networks import save_random
from small import SMALL
from support import TINY, Run

from nndigits.stages.pages import networks
from nndigits.stages.pages.draw import draw
from nndigits.stages.runs import network_artifacts
from nndigits.stages.runs.parameters import Parameters
from nndigits.stages.store import artifacts
from nndigits.stages.store.errors import InputError, UsageError
from nndigits.stages.training.train import train


@pytest.fixture(scope="module")
def made(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small digits and two networks."""
    folder = tmp_path_factory.mktemp("draw")
    shutil.copy(digits, folder / "data.npz")
    train(folder / "data.npz", folder / "weights.npz", Parameters(hidden=(6,), epochs=1))
    deep = Parameters(layers="conv 2 3x3 relu, dense 10 softmax", hidden=(), epochs=1, cost="log-likelihood")
    train(folder / "data.npz", folder / "deep.npz", deep)
    return folder


def data_of(page: Path) -> Any:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(), re.DOTALL)
    return json.loads(text)


def test_samples_of_another_set_are_said(digits: Path, tmp_path: Path) -> None:
    train(digits, tmp_path / "weights.npz", TINY)
    data = artifacts.load(digits)
    other = {**data.meta, "dataset": {**data.meta["dataset"], "name": "mine", "source": {"train_images": "0" * 64}}}
    artifacts.save(tmp_path / "other.npz", other, data.arrays)
    report = draw([tmp_path / "weights.npz"], tmp_path / "draw.html", data=tmp_path / "other.npz")
    assert len(report.other_data) == 1
    assert "was trained on digits" in report.other_data[0]
    assert draw([tmp_path / "weights.npz"], tmp_path / "draw.html", data=digits).other_data == ()


def test_the_page_has_the_networks_of_the_files_to_the_last_bit(made: Path, tmp_path: Path) -> None:
    report = draw([made / "weights.npz", made / "deep.npz"], tmp_path / "d.html", data=made / "data.npz")
    data = data_of(report.out)
    assert (report.samples, report.bytes) == (30, report.out.stat().st_size)
    assert [one["what"] for one in data["networks"]] == ["64-6-10", "conv 2 3x3, relu, flatten, dense 10 softmax"]
    for name, stored in zip(("weights", "deep"), data["networks"], strict=True):
        network = network_artifacts.from_artifact(artifacts.load(made / f"{name}.npz", "weights"))
        arrays = [array for layer in network.trainable_layers for array in (layer.w, layer.b)]
        for array, encoded in zip(arrays, stored["arrays"], strict=True):
            np.testing.assert_array_equal(np.frombuffer(base64.b64decode(encoded), "<f4").reshape(array.shape), array)
    test = artifacts.load(made / "data.npz", "dataset").arrays
    for sample in data["samples"]:
        assert test["test_labels"][sample["index"]] == sample["label"]
        assert base64.b64decode(sample["image"]) == test["test_images"][sample["index"]].tobytes()


def test_a_page_for_other_classes_does_not_speak_of_digits(made: Path, tmp_path: Path) -> None:
    loaded = artifacts.load(made / "data.npz", "dataset")
    dataset = {**loaded.meta["dataset"], "name": "mine", "names": list("abcdefghij"), "source": {}}
    parameters = loaded.meta["parameters"]
    meta = artifacts.describe("dataset", parameters=parameters, dataset=dataset)
    artifacts.save(tmp_path / "data.npz", meta, loaded.arrays)
    train(tmp_path / "data.npz", tmp_path / "weights.npz", Parameters(hidden=(4,), epochs=1))
    page = draw([tmp_path / "weights.npz"], tmp_path / "d.html").out
    texts = data_of(page)["texts"]
    spoken = {key: text for key, text in texts.items() if "digit" in text["en"].lower() or "数字" in text["zh"]}
    assert spoken == {}
    assert texts["none"]["en"] == "nothing found"
    assert "<title>A page to draw on</title>" in page.read_text(encoding="utf-8")


def test_equal_files_give_equal_bytes_and_only_the_page_is_written(made: Path, tmp_path: Path) -> None:
    pages = [draw([made / "weights.npz"], tmp_path / name, data=made / "data.npz").out for name in ("a.html", "b.html")]
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!data:)", pages[0].read_text())


def test_without_the_default_data_there_are_no_samples(made: Path, tmp_path: Path, digits: Path) -> None:
    missing = tmp_path / "data.npz"
    report = draw([made / "weights.npz"], tmp_path / "d.html", default_data=missing)
    assert report.samples == 0
    assert "no such file" in report.passed_over[0]
    with pytest.raises(InputError, match="no such file"):
        draw([made / "weights.npz"], tmp_path / "d.html", data=missing)
    other = save_random(tmp_path / "w.npz", "dense 10 sigmoid")
    with pytest.raises(InputError, match="takes images of 28 x 28"):
        draw([other], tmp_path / "d.html", data=digits)
    assert "takes images of 28 x 28" in draw([other], tmp_path / "d.html", default_data=digits).passed_over[0]


def test_what_is_no_network_for_one_page_is_refused(made: Path, tmp_path: Path, monkeypatch: Any) -> None:
    out, weights = tmp_path / "d.html", made / "weights.npz"
    artifacts.save(tmp_path / "svm.npz", *SMALL["svm"]())
    with pytest.raises(InputError, match=r"svm.npz: .*support vector"):
        draw([tmp_path / "svm.npz"], out)
    with pytest.raises(InputError, match="28 x 28 with 10 digits; write a page for each"):
        draw([weights, save_random(tmp_path / "w.npz", "dense 10 sigmoid")], out)
    with pytest.raises(UsageError, match="expected 1 to 12 networks, got 13"):
        draw([weights] * 13, out)
    with pytest.raises(UsageError, match=r"ending in \.html"):
        draw([weights], tmp_path / "d.htm")
    with pytest.raises(UsageError):
        draw([tmp_path / "w.html"], tmp_path / "w.html")
    with monkeypatch.context() as fewer:
        fewer.setattr(networks, "ACTIVATIONS", ("tanh",))
        with pytest.raises(InputError, match="has the layer 'dense 6 sigmoid', which the page cannot compute"):
            draw([weights], out)
    monkeypatch.setattr(networks, "MOST_BYTES", 500_100)
    with pytest.raises(InputError, match="the page would have 1 MB, at most 1 are written"):
        draw([weights], out)
    assert not out.exists()


def test_a_weight_beyond_single_precision_is_refused(tmp_path: Path) -> None:
    meta, arrays = SMALL["weights"]()
    doubles = {name: array.astype(np.float64) for name, array in arrays.items()}
    doubles["weights_1"][0, 0] = 1e300
    artifacts.save(tmp_path / "w.npz", meta, doubles)
    with pytest.raises(InputError, match=r"has a weight of 1e\+300, which is too large for a page"):
        draw([tmp_path / "w.npz"], tmp_path / "d.html")


def test_names_are_text_and_equal_names_are_numbered(made: Path, tmp_path: Path) -> None:
    hostile = "</scr" + "ipt><b> ' \" \u2028\x1b[31m.npz"
    strange = tmp_path / hostile.replace("/", "_")
    paths = [strange, tmp_path / "weights.npz", made / "weights.npz"]
    for path in paths[:2]:
        shutil.copy(made / "weights.npz", path)
    page = draw(paths, tmp_path / "d.html").out
    names = [one["name"] for one in data_of(page)["networks"]]
    assert names[1:] == ["weights.npz (1)", "weights.npz (2)"]
    assert names[0].isprintable()
    assert not re.search("[\u2028\x1b]|<b>", page.read_text())


def test_the_command_says_where_the_page_is(made: Path, nn: Run) -> None:
    shutil.copytree(made, "artifacts")
    done = nn("draw")
    assert (done.returncode, Path("artifacts/draw.html").exists()) == (0, True)
    assert "64-6-10 -> artifacts/draw.html" in done.stdout
    report = json.loads(nn("draw", "--weights", "artifacts/deep.npz", "-o", "other.html", "--json").stdout)
    assert report["out"] == "other.html"
    assert nn("draw", "--weights", "artifacts/data.npz").returncode == 3
