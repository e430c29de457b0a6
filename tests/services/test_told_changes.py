"""A new kind of news must be noticed while Redis is away: see `told_changes.py`."""

from inbox_app.live.topics import OF_PROCESSES
from tests.services.told_changes import TOLD
from tests.services.told_sources import told_by_services

NOTHING_STORED = {("conversation", "typing"), ("agent", "typing")}
OF_ENTRIES = {("conversation", "state")}
"""Told by `UseCase.tell_entry`, with the entry's kind."""


def test_every_kind_of_news_that_services_tell_has_a_change_that_is_noticed() -> None:
    of_processes = {(topic, kind) for topic, kind in told_by_services() if topic in OF_PROCESSES}
    assert told_by_services() - of_processes - NOTHING_STORED == set(TOLD) - OF_ENTRIES
