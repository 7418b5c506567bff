"""What the tests of the demonstrations share."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def _few(few_digits: None) -> None:
    """All of them take few digits unless they name data."""
