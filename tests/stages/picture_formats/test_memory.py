"""The limit on memory while a picture is decoded."""

import resource
from pathlib import Path

import numpy as np
import pytest

from nndigits.stages.picture_formats import memory
from nndigits.stages.picture_formats.container import CostlyPicture
from nndigits.stages.system import machine

LIMITS = resource.getrlimit(resource.RLIMIT_AS)
ONLY_LINUX = pytest.mark.skipif(not machine.MEMORY_IN_USE.exists(), reason="only Linux enforces the limit")


@ONLY_LINUX
def test_more_memory_than_the_limit_is_refused_and_the_limit_is_lifted_again() -> None:
    with pytest.raises(CostlyPicture, match="needs more than 32 MB of memory"), memory.at_most(2**25):
        np.ones(2**32, np.uint8)  # more than can lie free in this process
    assert resource.getrlimit(resource.RLIMIT_AS) == LIMITS
    with memory.at_most(2**27):
        np.ones(2**26, np.uint8)


@ONLY_LINUX
def test_a_stricter_limit_stays(monkeypatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1, 2))
    monkeypatch.setattr(resource, "setrlimit", pytest.fail)
    with memory.at_most(2**25):
        pass


def test_elsewhere_there_is_no_limit(monkeypatch) -> None:
    monkeypatch.setattr(machine, "MEMORY_IN_USE", Path("/none"))
    with memory.at_most(1):
        np.ones(2**24, np.uint8)
