"""The locked versions: every dependency is in them, within its bounds, with hashes, and without a host or a path."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from support import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        ("requirements-dev.txt", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_a_lock_has_every_dependency_within_its_bounds(lock: str, wanted: list[str]) -> None:
    text = (REPOSITORY / lock).read_text()
    locked: dict[str, list[str]] = {}
    for name, version in re.findall(r"^(\S+)==(\S+)", text, re.MULTILINE):
        locked.setdefault(name, []).append(version)
    for one in (*map(Requirement, wanted), Requirement("setuptools>=77")):
        assert locked[one.name]
        assert all(one.specifier.contains(version) for version in locked[one.name]), one
    assert all("\n    --hash=sha256:" in entry for entry in re.findall(r"^\S+==[^#]*?(?=^\S|\Z)", text, re.MULTILINE))
    assert not re.search(r"https?:|/|@|--index|--find-links", text)
