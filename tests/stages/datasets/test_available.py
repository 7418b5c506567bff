"""`nn datasets`: which known sets are on this machine, and where the others come from."""

import dataclasses
import hashlib
from pathlib import Path

import pytest
from support import write_idx
from torture.files.data_sets import IMAGES, LABELS, gz, idx_bytes

from nndigits.stages.available import available
from nndigits.stages.datasets import known_sets, registry
from nndigits.stages.datasets.registry import FASHION, KMNIST, MNIST
from nndigits.stages.fetch import fetch


def places(**where: Path) -> dict[str, str]:
    return {row.name: row.here for row in available(**where)}


def test_every_choice_is_listed_with_its_size_and_its_classes() -> None:
    rows = {row.name: row for row in available()}
    assert set(rows) == set(known_sets.choices())
    assert (rows["mnist"].train, rows["mnist"].test, rows["mnist"].here) == (60_000, 10_000, "nn")
    assert (rows["digits"].here, rows["digits"].mirrors) == ("scikit-learn", ())
    assert len(rows["emnist-balanced"].classes) == 47
    assert rows["emnist-letters"].bytes == 561_753_746


def test_where_a_set_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, cache = tmp_path / "package", tmp_path / "cache"
    fashion = dataclasses.replace(FASHION, folders=(str(package),))
    monkeypatch.setattr(registry, "KNOWN_SETS", (MNIST, fashion, KMNIST))
    nowhere = places(cache=cache)
    assert nowhere == {"mnist": "nn", "digits": "scikit-learn", "fashion-mnist": "", "kmnist": ""}
    for folder in (package, cache / "kmnist"):
        folder.mkdir(parents=True)
        for part, name in FASHION.file_names.items():
            (folder / f"{name}.gz").write_bytes(gz(idx_bytes(IMAGES if part.endswith("images") else LABELS)))
    found = places(cache=cache)
    assert (found["fashion-mnist"], found["kmnist"]) == ("dataset-fashion-mnist", "the cache")


def test_a_package_is_read_before_the_cache_unless_it_holds_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, cache = tmp_path / "package", tmp_path / "cache"
    package.mkdir()
    files = {}
    for part, file in FASHION.files.items():
        write_idx(package / file.name, IMAGES if part.endswith("images") else LABELS)
        content = idx_bytes(IMAGES if part.endswith("images") else LABELS)
        files[part] = dataclasses.replace(file, sha256=hashlib.sha256(content).hexdigest())
    row = dataclasses.replace(FASHION, files=files, folders=(str(package),), mirrors=("http://127.0.0.1:1/",))
    monkeypatch.setattr(registry, "KNOWN_SETS", (MNIST, row))
    report = fetch(tmp_path / "data.npz", dataset="fashion-mnist", cache=cache)
    assert (report.source, report.verified) == ("Debian's package dataset-fashion-mnist", True)
    (cache / "fashion-mnist").mkdir(parents=True)
    for name in FASHION.file_names.values():
        (cache / "fashion-mnist" / name).write_bytes((package / name).read_bytes())
    for damage in (IMAGES[::-1], IMAGES[0, 0]):
        write_idx(package / FASHION.files["test_images"].name, damage)
        assert fetch(tmp_path / "again.npz", dataset="fashion-mnist", cache=cache).source == "the cache"
