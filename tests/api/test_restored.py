"""After a restore to an earlier point, clients that have seen more start over, and nothing that follows is hidden."""

import pytest

from inbox_app.data.engine import database, unit_of_work, use_database
from inbox_app.data.epoch import KEY
from inbox_app.data.tables import SettingRow
from tests.api.conftest import People


async def begin_epoch(name: str) -> None:
    """What `inbox restore` does to a restored database, and the start of a server on it."""
    async with unit_of_work() as session:
        await session.merge(SettingRow(key=KEY, value=name))
    await use_database(database().url)


def events_of(chat_id: str) -> str:
    return f"/conversations/{chat_id}/events"


@pytest.mark.parametrize("by", ["header", "query"])
async def test_a_stream_that_is_ahead_is_reset_and_replayed_from_the_start(people: People, by: str) -> None:
    vera, ana, chat_id = await people.chat()
    where = {"last_event_id": "7"} if by == "header" else {"query": "after=7"}
    async with vera.listen(events_of(chat_id), **where) as stream:
        events = [await stream.any() for _ in range(3)]
        assert [(event.kind, event.id) for event in events if event] == [("reset", None), ("message", 1), ("state", 2)]
        await ana.write(chat_id, "After the restore")
        message = await stream.next("message")
    assert (message.id, message.data["text"]) == (3, "After the restore")


async def test_a_stream_that_was_overtaken_is_reset_by_its_epoch(people: People) -> None:
    """The numbers alone no longer tell: since the restore, as many entries were added as were lost."""
    vera, ana, chat_id = await people.chat()
    await ana.write(chat_id, "Lost by the restore, then written anew")
    await begin_epoch("second")
    async with vera.listen(events_of(chat_id), "after=3&epoch=") as stream:
        reset = await stream.any()
        assert reset is not None
        assert (reset.kind, reset.data) == ("reset", {"epoch": "second"})
        assert [event.id for event in [await stream.any() for _ in range(3)] if event] == [1, 2, 3]
    async with vera.listen(events_of(chat_id), "after=2&epoch=second") as again:
        event = await again.any()
    assert event is not None
    assert (event.kind, event.id) == ("message", 3), "it's told once"


async def test_a_client_without_an_epoch_resumes_where_it_was(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    await ana.write(chat_id, "three")
    await begin_epoch("second")
    async with vera.listen(events_of(chat_id), "after=2") as stream:
        event = await stream.any()
    assert event is not None
    assert (event.kind, event.id) == ("message", 3)


async def test_a_chat_that_is_over_is_replayed_for_a_client_that_is_ahead(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    await ana.post(f"/conversations/{chat_id}/end")
    async with vera.listen(events_of(chat_id), "after=9") as stream:
        assert [event.kind for event in await stream.rest() if event.id or event.kind == "reset"] == [
            "reset", "message", "state", "state",
        ]  # fmt: skip
    assert (await vera.get(events_of(chat_id), after=3)).status_code == 204


async def test_the_agents_stream_tells_the_epoch(people: People) -> None:
    ana = await people.agent()
    await begin_epoch("second")
    async with ana.listen("/agent/events") as stream:
        ready = await stream.next("ready")
    assert ready.data == {"id": ana.member.id, "epoch": "second"}


@pytest.mark.parametrize(
    ("query", "texts", "is_reset"),
    [
        ({"after": 9}, ["Hello", "Hi"], True),
        ({"after": 3}, [], False),
        ({"after": 3, "epoch": ""}, ["Hello", "Hi"], True),
        ({"after": 1, "epoch": "second"}, ["Hi"], False),
        ({}, ["Hello", "Hi"], False),
    ],
)
async def test_an_agent_that_is_ahead_reads_from_the_start(
    people: People, query: dict[str, str | int], texts: list[str], *, is_reset: bool
) -> None:
    _, ana, chat_id = await people.chat()
    await ana.write(chat_id, "Hi")
    await begin_epoch("second")
    found = (await ana.get(f"/conversations/{chat_id}/messages", **query)).json()
    assert ([item["text"] for item in found["items"]], found["reset"]) == (texts, is_reset)
