"""The API with rate limits on, and addresses that weren't counted yet."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from inbox_app.api.application import build_api
from inbox_app.live.counts import counts
from inbox_app.live.leases import leases
from inbox_app.settings import Settings
from tests.api.conftest import People

SettingsWith = Callable[..., Settings]
SITE = "https://shop.example"


@pytest.fixture
async def limited(database: str, settings_with: SettingsWith) -> AsyncIterator[People]:
    """The API with rate limits on, behind a proxy at 10.0.0.1."""
    counts.cache_clear()
    leases.cache_clear()
    settings_with(rate_limits="on", trusted_proxies="10.0.0.0/8", allowed_origins=SITE)
    async with AsyncExitStack() as stack:
        yield People(build_api(), stack)
    counts.cache_clear()
    leases.cache_clear()


_addresses = (f"198.51.{a}.{b}" for a in range(256) for b in range(1, 255))


def new_address() -> str:
    """One that was not counted yet."""
    return next(_addresses)
