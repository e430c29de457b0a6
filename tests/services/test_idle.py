"""A chat in which nobody writes (PRODUCT 3.6): warned once a lull, one minute before, and then ended."""

from datetime import datetime

import pytest

from inbox_app import live
from inbox_app.data.tables import ConversationRow
from inbox_app.domain.people import Device, Member
from inbox_app.services import chat, chat_settings, conversations, sweeper
from tests.data.builders import NOW, a_device, a_member, a_uuid, rows_of
from tests.services.builders import a_request, an_active_chat, an_admin, later, listening, state_of, told_of

pytestmark = pytest.mark.usefixtures("database")


async def swept(*instants: datetime) -> None:
    for now in instants:
        await sweeper.run_due(now=now)


async def visitor_writes(chat_id: str, device: Device, now: datetime) -> None:
    await chat.send(chat_id, client_id=a_uuid(), text="Still here", device=device, now=now)


async def agent_writes(chat_id: str, member: Member, now: datetime) -> None:
    await conversations.send(chat_id, client_id=a_uuid(), text="Still here", member=member, now=now)


async def test_ten_quiet_minutes_end_a_chat_with_reason_idle() -> None:
    chat_id = await an_active_chat(await a_member())
    await swept(later(minutes=9), later(minutes=9.99))
    assert await state_of(chat_id) == "active"
    await swept(later(minutes=10))
    (row,) = await rows_of(ConversationRow)
    assert (row.state, row.end_reason, row.ended_at) == ("ended", "idle", later(minutes=10))


async def test_both_sides_are_warned_once_one_minute_before() -> None:
    ana = await a_member()
    chat_id = await an_active_chat(ana)
    async with listening(live.topics.conversation(chat_id), live.topics.agent(ana.id)) as changes:
        await swept(later(minutes=8.9))
        assert await told_of("idle", changes) == []
        await swept(later(minutes=9), later(minutes=9.1), later(minutes=9.9))
        warnings = await told_of("idle", changes)
    assert warnings == [{"conversation_id": chat_id, "ends_at": "2026-03-02T09:40:00.000Z"}] * 2


async def test_both_sides_are_told_of_the_end() -> None:
    ana = await a_member()
    chat_id = await an_active_chat(ana)
    await swept(later(minutes=9))
    async with listening(live.topics.conversation(chat_id), live.topics.agent(ana.id)) as changes:
        await swept(later(minutes=10))
        assert [event["end_reason"] for event in await told_of("state", changes)] == ["idle"] * 2


@pytest.mark.parametrize("is_agent", [True, False])
async def test_a_message_of_either_side_moves_the_end(is_agent: bool) -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await an_active_chat(ana, vera)
    await swept(later(minutes=9))
    await (agent_writes(chat_id, ana, later(570)) if is_agent else visitor_writes(chat_id, vera, later(570)))
    await swept(later(minutes=10), later(minutes=18.4), later(minutes=18.5), later(minutes=19.4))
    assert await state_of(chat_id) == "active"
    await swept(later(minutes=19.5))
    assert await state_of(chat_id) == "ended"


async def test_the_next_lull_is_warned_of_again() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await an_active_chat(ana, vera)
    async with listening(live.topics.conversation(chat_id)) as changes:
        await swept(later(minutes=9))
        await visitor_writes(chat_id, vera, later(570))
        await swept(later(minutes=10), later(minutes=18.5))
        ends = [event["ends_at"] for event in await told_of("idle", changes)]
    assert ends == ["2026-03-02T09:40:00.000Z", "2026-03-02T09:49:30.000Z"]


async def test_what_is_no_message_moves_nothing() -> None:
    ana, vera = await a_member(), await a_device()
    chat_id = await an_active_chat(ana, vera)
    await swept(later(minutes=9))
    await chat.typing(chat_id, is_active=True, device=vera)
    await chat.mark_seen(chat_id, 2, device=vera)
    await conversations.save_draft(chat_id, "Well", member=ana, now=later(580))
    await swept(later(minutes=10))
    assert await state_of(chat_id) == "ended"


async def test_who_was_not_warned_because_the_server_was_away_is_warned_first() -> None:
    ana = await a_member()
    chat_id = await an_active_chat(ana)
    async with listening(live.topics.conversation(chat_id)) as changes:
        await swept(later(minutes=25))
        (warning,) = await told_of("idle", changes)
    assert (warning["ends_at"], await state_of(chat_id)) == ("2026-03-02T09:56:00.000Z", "active")
    await swept(later(minutes=25.9))
    assert await state_of(chat_id) == "active"
    await swept(later(minutes=26))
    assert await state_of(chat_id) == "ended"


async def test_who_was_warned_before_the_server_was_away_is_ended_after_it() -> None:
    chat_id = await an_active_chat(await a_member())
    await swept(later(minutes=9), later(minutes=25))
    assert await state_of(chat_id) == "ended"


@pytest.mark.parametrize(("minutes", "warned_at"), [(1, 30), (2, 60), (240, 14_340)])
async def test_the_idle_time_of_the_settings_is_taken(minutes: int, warned_at: int) -> None:
    root, ana = await an_admin(), await a_member()
    await chat_settings.change({"idle_minutes": minutes}, member=root, now=NOW)
    chat_id = await an_active_chat(ana)
    async with listening(live.topics.conversation(chat_id)) as changes:
        await swept(later(warned_at - 1))
        assert await told_of("idle", changes) == []
        await swept(later(warned_at))
        assert len(await told_of("idle", changes)) == 1
    await swept(later(minutes=minutes))
    assert await state_of(chat_id) == "ended"


async def test_a_shorter_idle_time_is_in_force_at_once() -> None:
    root, ana = await an_admin(), await a_member()
    chat_id = await an_active_chat(ana)
    await chat_settings.change({"idle_minutes": 2}, member=root, now=later(30))
    async with listening(live.topics.conversation(chat_id)) as changes:
        await swept(later(minutes=1))
        assert len(await told_of("idle", changes)) == 1
    await swept(later(minutes=2))
    assert await state_of(chat_id) == "ended"


async def test_an_end_makes_room_for_who_waits() -> None:
    ana = await a_member("Ana", capacity=1)
    await an_active_chat(ana)
    await swept(later(minutes=9))
    waiting_id = await a_request(now=later(minutes=9.5))
    await swept(later(minutes=10))
    assert await state_of(waiting_id) == "offered"
