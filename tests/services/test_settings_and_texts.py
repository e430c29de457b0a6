"""What admins set for the visitor's side, the mark of a demo, and a transcript as text."""

import pytest

from inbox_app.data import rule_settings, views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import SettingRow
from inbox_app.services import chat, chat_settings, conversations, demo_mark, transcripts
from tests.data.builders import NOW, a_device, a_member, a_uuid
from tests.services.builders import an_active_chat

pytestmark = pytest.mark.usefixtures("database")


async def store(value: object) -> None:
    async with unit_of_work() as session:
        await session.merge(SettingRow(key=rule_settings.KEY, value=value))


async def test_without_settings_the_defaults_stand() -> None:
    settings = await chat_settings.load()
    assert (settings.ask_name, settings.ask_email, settings.title) == ("required", "optional", "")


async def test_stored_settings_stand_over_defaults_and_unknown_ones_are_left_out() -> None:
    await store({"title": "Talk to us", "of_a_later_version": 1, "capacity": 99})
    settings = await chat_settings.load()
    assert (settings.title, settings.ask_name, settings.capacity) == ("Talk to us", "required", 5)


@pytest.mark.parametrize("value", [None, [], "text", 5])
async def test_a_row_that_is_no_object_counts_as_none(value: object) -> None:
    await store(value)
    assert await chat_settings.load() == chat_settings.ChatSettings()


async def test_a_demo_database_is_marked() -> None:
    assert not await demo_mark.is_demo_database()
    await demo_mark.mark_as_demo()
    assert await demo_mark.is_demo_database()


async def test_a_transcript_reads_as_a_page_in_the_readers_zone_and_language() -> None:
    ana, vera = await a_member("Ana", time_zone="Europe/Paris", language="fr"), await a_device("Vera")
    chat_id = await an_active_chat(ana, vera)
    await chat.send(chat_id, client_id=a_uuid(), text="Line 1\nLine 2", device=vera, now=NOW)
    await conversations.end(chat_id, member=ana, now=NOW)
    text = transcripts.as_text(await views.transcript(ana, chat_id), ana)
    assert "[2026-03-02 10:30:00] Vera: Line 1\nLine 2\n" in text
    assert "Europe/Paris" in text
    assert "ended the session" not in text
