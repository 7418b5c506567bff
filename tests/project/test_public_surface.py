"""The names that docs/python.md promises: they exist, they are documented, and their parameters stay."""

import inspect
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from support import REPOSITORY

import nndigits

PAGE = (REPOSITORY / "docs" / "python.md").read_text()
ROWS = re.findall(r"^\| `(nndigits[\w.]*)` \| (.*) \|$", PAGE, re.MULTILINE)
NAMES = [(module, name) for module, names in ROWS for name in re.findall(r"`(\w+)`", names)]

PARAMETERS = {
    "nndigits.fetch": "out dataset",
    "nndigits.train": "data out parameters inputs resume on_start on_epoch on_images",
    "nndigits.evaluate": "weights data out",
    "nndigits.predict": "files weights top seen",
    "nndigits.read": "path weights length",
    "nndigits.stages.exchange.export.export": "weights out",
    "nndigits.stages.exchange.import_network.import_network": "path out preparation",
    "nndigits.models.network.network.random_network": "sizes rng dtype cost",
    "nndigits.models.training.loop.train_epoch": "trainer batches total progress",
    "nndigits.models.training.mini_batches.mini_batches": "images labels encoding size order fill",
    "nndigits.models.images.digit_finder.find_digit": "grey height width",
    "nndigits.NetworkClassifier": (
        "hidden epochs batch eta random_state dtype keep threads layers activation cost init optimizer momentum "
        "schedule warm_up patience average l2 l1 max_norm distort image_shape validation_fraction warm_start"
    ),
}
"""Parameters that calls may name. Others may be added, and none of these goes."""


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_public_name_is_there_and_documented(module: str, name: str) -> None:
    assert inspect.getdoc(getattr(import_module(module), name))


def test_the_page_has_all_that_imports_from_the_package() -> None:
    assert {name for module, name in NAMES if module == "nndigits"} == set(nndigits.PUBLIC)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_public_function_keeps_its_parameters(name: str) -> None:
    module, _, last = name.rpartition(".")
    assert (module, last) in NAMES
    assert set(PARAMETERS[name].split()) <= set(inspect.signature(getattr(import_module(module), last)).parameters)


def test_the_pages_blocks_run_one_after_the_other(tmp_path: Path) -> None:
    program = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("64-30-10 ")
    assert float(lines[1]) > 0.6
