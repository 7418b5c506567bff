"""Damaged and forged files and those of other programs are refused, each for its own reason, in one line."""

from collections import Counter
from pathlib import Path

import pytest
from torture.hostile.case import Case
from torture.hostile.corpus import cases
from torture.inputs.data_sets import data_set_cases
from torture.inputs.pictures import picture_cases
from torture.inputs.refusal import fetch_command

from nndigits.stages.classifiers import pictures
from nndigits.stages.datasets.loaders import from_path
from nndigits.stages.show import show
from nndigits.stages.store.errors import InputError

CASES = list(cases())


def test_the_corpus_has_400_cases_or_more_with_unique_names() -> None:
    assert len(CASES) >= 400
    assert Counter(case.name for case in CASES).most_common(1)[0][1] == 1


@pytest.mark.parametrize("case", [case for case in CASES if not case.heavy], ids=lambda case: case.name)
def test_artifacts_are_refused_with_the_reason(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "hostile.npz"
    path.write_bytes(case.make())
    with pytest.raises(InputError, match=case.reason) as caught:
        show(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "`nn " in message
    assert "\n" not in message


@pytest.mark.parametrize("case", [case for case in data_set_cases() if not case.heavy], ids=lambda case: case.name)
def test_data_sets_are_refused_with_the_reason(case: Case, tmp_path: Path) -> None:
    command = fetch_command(case, tmp_path)
    with pytest.raises(InputError, match=case.reason) as caught:
        from_path(tmp_path / command[2])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("case", [case for case in picture_cases() if not case.heavy], ids=lambda case: case.name)
def test_pictures_are_refused_with_the_reason(case: Case, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(case.make())
    with pytest.raises(InputError, match=case.reason) as caught:
        pictures.load(tmp_path / "picture")
    assert "\n" not in str(caught.value)
