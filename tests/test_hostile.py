"""Files that are damaged, dishonest or another program's are refused, each for its own reason, in one line."""

from collections import Counter
from pathlib import Path

import pytest
from torture.hostile import Case, cases

from nn.stages.errors import InputError
from nn.stages.show import show

CASES = list(cases())


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len(CASES) >= 400
    assert Counter(case.name for case in CASES).most_common(1)[0][1] == 1


@pytest.mark.parametrize("case", [case for case in CASES if not case.heavy], ids=lambda case: case.name)
def test_refused_with_the_reason(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "hostile.npz"
    path.write_bytes(case.make())
    with pytest.raises(InputError, match=case.reason) as caught:
        show(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "`nn " in message
    assert "\n" not in message
