"""PRODUCT 6.1: at most 15 KB gzip in all; at most 4 KB until first use. With room for the booking card."""

import gzip

import pytest

from tests.browsers import NewPage
from tests.servers import InboxServer

LAUNCHER_BYTES = 4 * 1024
ALL_BYTES = 15 * 1024


@pytest.fixture
def sizes(shared_server: InboxServer, new_page: NewPage) -> dict[str, int]:
    request = new_page(shared_server.url).request
    return {path: len(gzip.compress(request.get(path).body())) for path in ("/widget.js", "/widget-panel.js")}


def test_the_launcher_is_small(sizes: dict[str, int]) -> None:
    assert 0 < sizes["/widget.js"] <= LAUNCHER_BYTES


def test_the_whole_widget_is_small(sizes: dict[str, int]) -> None:
    assert sum(sizes.values()) <= ALL_BYTES, sizes
