"""Whose address counts, however proxies write it down."""

from collections.abc import Callable

import pytest
from starlette.requests import HTTPConnection

from inbox_app.api.limits import address_of
from inbox_app.settings import Settings

PROXIES = "127.0.0.1, 10.0.0.0/8, fd00::/8"


@pytest.mark.parametrize(
    ("peer", "lines", "address"),
    [
        pytest.param("198.51.100.7", [], "198.51.100.7", id="nobody in between"),
        pytest.param("198.51.100.7", ["203.0.113.5"], "198.51.100.7", id="a claim of a stranger"),
        pytest.param("127.0.0.1", ["203.0.113.5"], "203.0.113.5", id="one proxy"),
        pytest.param("127.0.0.1", ["203.0.113.5, 10.0.0.4"], "203.0.113.5", id="two proxies"),
        pytest.param("127.0.0.1", ["192.0.2.1, 203.0.113.5"], "203.0.113.5", id="a claim before the proxy's entry"),
        pytest.param("127.0.0.1", ["192.0.2.1", "203.0.113.5"], "203.0.113.5", id="a claim in a line of its own"),
        pytest.param("127.0.0.1", ["203.0.113.5:51234"], "203.0.113.5", id="an entry with a port"),
        pytest.param("fd00::1", ["[2001:db8::5]:51234"], "2001:db8::5", id="IPv6 with a port"),
        pytest.param("fd00::1", ["2001:DB8:0::5"], "2001:db8::5", id="IPv6 in another notation"),
        pytest.param("::ffff:127.0.0.1", ["203.0.113.5"], "203.0.113.5", id="a proxy on a dual-stack socket"),
        pytest.param("127.0.0.1", ["::ffff:203.0.113.5"], "203.0.113.5", id="IPv4 written as IPv6"),
        pytest.param("127.0.0.1", ["unknown"], "unknown", id="no address at all"),
        pytest.param("127.0.0.1", [" , "], "127.0.0.1", id="an empty header"),
    ],
)
def test_the_last_entry_that_no_trusted_proxy_wrote_counts(
    settings_with: Callable[..., Settings], peer: str, lines: list[str], address: str
) -> None:
    settings_with(trusted_proxies=PROXIES)
    headers = [(b"x-forwarded-for", line.encode()) for line in lines]
    assert address_of(HTTPConnection({"type": "http", "client": (peer, 5000), "headers": headers})) == address
