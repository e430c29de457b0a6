"""The proxies of deploy/ fit the server. What they do is in tests/e2e/production, with a browser."""

import re

import pytest
from granian.http import HTTP1Settings

from inbox_app.api.gate import BODY_LIMIT, UPLOAD_LIMITS
from inbox_app.settings import ROOT

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("file", "idle"), [("nginx.conf", r"keepalive_timeout (\d+)s;"), ("Caddyfile", r"\tkeepalive (\d+)s\n")]
)
def test_a_proxy_gives_up_an_idle_connection_before_the_server_does(file: str, idle: str) -> None:
    """A POST that meets the server's close is a 502: proxies don't repeat it, since it may have been done."""
    found = re.search(idle, (ROOT / "deploy" / file).read_text())
    assert found is not None
    assert int(found[1]) * 1000 < HTTP1Settings().header_read_timeout


def test_nginx_passes_on_every_body_that_the_server_takes() -> None:
    """Its own limit is 1 MB. Above the server's, so that it's the server that refuses a picture, in a sentence."""
    found = re.search(r"^    client_max_body_size (\d+)m;$", (ROOT / "deploy/nginx.conf").read_text(), re.MULTILINE)
    assert found is not None
    assert int(found[1]) * MEGABYTE > max(BODY_LIMIT, *UPLOAD_LIMITS.values())
