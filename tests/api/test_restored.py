"""After a restore to an earlier point, clients that have seen more start over, and nothing that follows is hidden."""

import pytest

from inbox_app.data import epoch
from inbox_app.data.engine import database, unit_of_work, use_database
from inbox_app.domain.replay import ORIGIN
from tests.api.conftest import People

FLOOR = 1_000
"""Where the numbers of a restored conversation go on."""


async def begin_epoch(name: str) -> None:
    """What `inbox restore` does to a restored database, and the start of a server on it."""
    async with unit_of_work() as session:
        connection = await session.connection()
        await epoch.begin_epoch(connection, name, replaced_seq=FLOOR, restored_to="", end_sessions=False, now=ORIGIN)
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
    """Restored by other means, the numbers alone don't tell: as many entries were added since as were lost."""
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


@pytest.mark.parametrize("by", ["header", "query"])
async def test_a_client_without_an_epoch_that_was_overtaken_is_reset(people: People, by: str) -> None:
    """It has seen entry 3, which the restore lost; what follows has higher numbers than it can have seen."""
    vera, ana, chat_id = await people.chat()
    await begin_epoch("second")
    for text in ("four", "five"):
        await ana.write(chat_id, text)
    where = {"last_event_id": "3"} if by == "header" else {"query": "after=3"}
    async with vera.listen(events_of(chat_id), **where) as stream:
        events = [await stream.any() for _ in range(5)]
    assert [(event.kind, event.id) for event in events if event] == [
        ("reset", None), ("message", 1), ("state", 2), ("message", FLOOR + 1), ("message", FLOOR + 2),
    ]  # fmt: skip


@pytest.mark.parametrize("by", ["header", "query"])
async def test_a_client_without_an_epoch_that_has_only_what_was_restored_is_not_reset(people: People, by: str) -> None:
    vera, ana, chat_id = await people.chat()
    await begin_epoch("second")
    where = {"last_event_id": "2"} if by == "header" else {"query": "after=2"}
    async with vera.listen(events_of(chat_id), **where) as stream:
        await vera.write("after the restore")
        written = await stream.any()
        await ana.write(chat_id, "so is this")
        answered = await stream.any()
    assert [(event.kind, event.id) for event in (written, answered) if event] == [
        ("message", FLOOR + 1), ("message", FLOOR + 2),
    ]  # fmt: skip


async def test_numbers_go_on_above_the_gap_for_messages_and_steps_of_both_sides(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    await begin_epoch("second")
    assert (await vera.write("One")).json()["seq"] == FLOOR + 1
    assert (await ana.write(chat_id, "Two")).json()["seq"] == FLOOR + 2
    await ana.post(f"/conversations/{chat_id}/end")
    async with vera.listen(events_of(chat_id), f"after={FLOOR + 2}") as stream:
        assert [(event.kind, event.id) for event in await stream.rest() if event.id] == [("state", FLOOR + 3)]


async def test_a_step_can_be_the_first_after_the_gap(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    await begin_epoch("second")
    await ana.post(f"/conversations/{chat_id}/end")
    async with vera.listen(events_of(chat_id), "after=2") as stream:
        assert [(event.kind, event.id) for event in await stream.rest() if event.id] == [("state", FLOOR + 1)]
    assert (await vera.get(events_of(chat_id), after=FLOOR + 1)).status_code == 204


async def test_a_chat_that_begins_after_a_restore_is_numbered_from_one(people: People) -> None:
    await begin_epoch("second")
    vera, ana, chat_id = await people.chat()
    assert (await ana.write(chat_id)).json()["seq"] == 3
    assert (await vera.get(f"/conversations/{chat_id}")).json()["last_seq"] == 3


async def test_the_gap_counts_neither_as_unread_nor_as_messages(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    await ana.post(f"/conversations/{chat_id}/seen", seq=1)
    await begin_epoch("second")
    await ana.post(f"/conversations/{chat_id}/seen", seq=9)  # what it saw before the restore
    written = (await vera.write("After the restore")).json()
    assert (await ana.get("/conversations")).json()["items"][0]["unread"] == 1
    await ana.post(f"/conversations/{chat_id}/seen", seq=written["seq"])
    assert (await ana.get("/conversations")).json()["items"][0]["unread"] == 0
    assert (await vera.get(f"/conversations/{chat_id}")).json()["seen"]["agent"] == written["seq"]
    await ana.post(f"/conversations/{chat_id}/end")
    max_ = await people.agent("Max", role="manager")
    assert [row["messages"] for row in (await max_.get("/history")).json()["items"]] == [4]


async def test_an_agents_stream_tells_of_every_message_across_the_gap(people: People) -> None:
    vera, ana, _ = await people.chat()
    await begin_epoch("second")
    async with ana.listen("/agent/events") as stream:
        await stream.next("ready")
        for text in ("One", "Two"):
            await vera.write(text)
        told = [(await stream.next("message")).data for _ in range(2)]
    assert [(data["seq"], data["text"]) for data in told] == [(FLOOR + 1, "One"), (FLOOR + 2, "Two")]


async def test_a_number_that_no_database_holds_is_refused(people: People) -> None:
    vera, _, chat_id = await people.chat()
    vera.http.headers["Last-Event-ID"] = str(2**31)
    answer = await vera.get(events_of(chat_id))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Last-Event-ID")


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
        ({"after": FLOOR + 9}, ["Hello", "Hi", "After"], True),
        ({"after": 3}, ["After"], False),
        ({"after": 3, "epoch": ""}, ["Hello", "Hi", "After"], True),
        ({"after": 4}, ["Hello", "Hi", "After"], True),
        ({"after": FLOOR}, ["Hello", "Hi", "After"], True),
        ({"after": FLOOR + 1}, [], False),
        ({"after": 0}, ["Hello", "Hi", "After"], False),
        ({"after": 1, "epoch": "second"}, ["Hi", "After"], False),
        ({}, ["Hello", "Hi", "After"], False),
    ],
)
async def test_an_agent_that_is_ahead_reads_from_the_start(
    people: People, query: dict[str, str | int], texts: list[str], *, is_reset: bool
) -> None:
    _, ana, chat_id = await people.chat()
    await ana.write(chat_id, "Hi")
    await begin_epoch("second")
    await ana.write(chat_id, "After")
    found = (await ana.get(f"/conversations/{chat_id}/messages", **query)).json()
    assert ([item["text"] for item in found["items"]], found["reset"]) == (texts, is_reset)
