"""Damaged and forged files and those of other programs are refused, each for its own reason, in one line."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from torture.files import containers, contents, networks, refusal
from torture.files.data_sets import data_set_cases
from torture.files.forge import Case
from torture.files.pictures import picture_cases

from nndigits.stages.datasets.loaders import from_path
from nndigits.stages.exchange.import_network import Preparation, import_network
from nndigits.stages.own_images import pictures
from nndigits.stages.results.show import show
from nndigits.stages.store.errors import InputError

CASES = [
    *((show, case) for case in (*containers.cases(), *contents.cases())),
    *((from_path, case) for case in data_set_cases()),
    *((pictures.load, case) for case in picture_cases()),
    *((import_network, case) for case in (*networks.safetensors_cases(), *networks.book_cases())),
]


def test_the_cases_have_unique_names() -> None:
    assert Counter(case.name for _, case in CASES).most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("read", "case"), [one for one in CASES if not one[1].heavy], ids=lambda value: getattr(value, "name", "")
)
def test_a_hostile_file_is_refused_with_the_reason(read: Callable, case: Case, tmp_path: Path) -> None:
    arguments: tuple[object, ...] = ()
    path = tmp_path / "hostile.npz"
    if read is from_path:
        written = refusal.data_set(case)
        path = tmp_path / written.file
        written.write(path)
    elif read is import_network:
        is_book, is_ours = case.name.startswith("book"), "nn's" in case.name
        path = tmp_path / ("hostile.json" if is_book else "hostile.safetensors")
        own = Preparation() if is_book or is_ours else Preparation(networks.LAYERS, (2, 2))
        arguments = tmp_path / "weights.npz", own
    if read is not from_path:
        path.write_bytes(case.make())
    with pytest.raises(InputError, match=case.reason) as caught:
        read(path, *arguments)
    message = str(caught.value)
    assert "\n" not in message
    if read is show:
        assert message.startswith(f"{path}: ")
        assert "`nn " in message
