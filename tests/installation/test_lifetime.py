"""What runs as long as a process lets go of the database cleanly, at whatever moment it is told to stop."""

import asyncio
import logging

import pytest

from inbox_app.data.engine import use_database
from inbox_app.lifetime import lifetime


async def test_a_stop_cuts_no_query(database: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        for number in range(60):
            await use_database(database)
            async with lifetime():
                await asyncio.sleep(number % 25 / 1_000)
    assert caplog.messages == []
