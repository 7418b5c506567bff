"""Addresses of mirrors: what cannot be one is refused before anything is asked, and messages stay short and private."""

from pathlib import Path

import pytest

from nndigits.stages.datasets import connection
from nndigits.stages.fetch import fetch
from nndigits.stages.store.errors import UsageError

GOOD = (
    "http://127.0.0.1:8000/mnist", "https://example.org/mnist/", "HTTP://EXAMPLE.org", "http://[::1]:65535/a%20b",
    "https://example.org./x?file=", "http://xn--caf-dma.example",
)  # fmt: skip
BAD = {
    "": "an empty address is not an http or https address",
    "foo": "foo is not an http",
    "C:\\digits": "is a path on a drive; `nn fetch --from PATH` reads a file or a folder",
    "c:/digits": "is a path on a drive",
    "http://": "http:// is not an http",
    "http:///mnist": "is not an http",
    "ftp://example.org/": "is not an http",
    "file:///etc/passwd": "is not an http",
    "http://127.0.0.1:99999/": "has a port that cannot exist",
    "http://127.0.0.1:0/": "has a port that cannot exist",
    "http://127.0.0.1:-1/": "has a port that cannot exist",
    "http://127.0.0.1:x/": "has a port that cannot exist",
    "http://[::1/": "is not an address",
    "http://example．org/": "characters that are not ASCII|is not an address",
    "http://café.example/": "characters that are not ASCII",
    "http://example.org/a b": "has spaces",
    "http://example.org/a\nb": "has spaces",
    "http://a..b/": "host name that cannot exist",
    f"http://{'x' * 64}.org/": "host name that cannot exist",
    f"http://example.org/{'x' * 10**5}": "has 100,019 characters",
}


@pytest.mark.parametrize("address", GOOD)
def test_addresses_that_may_be_asked(address: str) -> None:
    connection.check_address(address)


@pytest.mark.parametrize("address", BAD, ids=lambda text: text[:30])
def test_an_address_that_cannot_be_one_is_a_wrong_argument(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match=BAD[address]) as caught:
        fetch(tmp_path / "d.npz", mirrors=["https://example.org/", address], cache=tmp_path / "cache")
    assert len(str(caught.value)) < 500
    assert str(caught.value).isprintable()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["http://u:secret@host/x", "https://u:secret@h@host:99999/", "http://secret@/é"])
def test_a_password_is_refused_and_not_printed(place: str) -> None:
    with pytest.raises(UsageError) as caught:
        connection.check_address(place)
    assert "secret" not in str(caught.value)
