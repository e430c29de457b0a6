"""Shared calendars over HTTP (CONTRACT): into a chat and back, who can be shared, and the free times of one."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox_app import clock
from inbox_app.domain.people import Role
from tests.api.booking import book, booked, code_of, shared, starts, wrong_fields
from tests.api.conftest import People
from tests.services.booking_builders import disable, set_meetings


async def test_an_own_and_a_colleagues_calendar_are_told_to_both_sides_and_replayed(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    ben = await people.agent("Ben")
    async with (
        vera.listen(f"/conversations/{chat_id}/events", "after=2") as of_vera,
        ana.listen("/agent/events") as of_ana,
    ):
        await of_ana.next("ready")
        for seq, agent in enumerate((ana, ben), start=3):
            answer = await ana.post(f"/conversations/{chat_id}/calendar-shares", agent_id=agent.member.id)
            card = {"agent": {"id": agent.member.id, "name": agent.member.name}, "withdrawn": False}
            assert answer.status_code == 201
            share_id = answer.json()["id"]
            assert answer.json() == {"id": share_id, "conversation_id": chat_id} | card
            event = await of_vera.next("calendar_share")
            assert (event.id, event.data.pop("at")[-1]) == (seq, "Z")
            assert event.data == {"seq": seq, "id": share_id} | card
            told = await of_ana.next("calendar_share")
            assert told.data == {"conversation_id": chat_id, "id": share_id} | card
    async with vera.listen(f"/conversations/{chat_id}/events", "after=3") as stream:
        replayed = await stream.next("calendar_share")
    assert (replayed.id, replayed.data["id"], replayed.data["agent"]["name"]) == (4, share_id, "Ben")


async def test_a_calendar_is_taken_back_once_and_nothing_is_booked_by_it(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    (first, *_) = await starts(vera, share_id)
    async with vera.listen(f"/conversations/{chat_id}/events", "after=3") as stream:
        for _ in range(2):
            answer = await ana.http.delete(f"{ana.prefix}/calendar-shares/{share_id}")
            assert (answer.status_code, answer.content) == (204, b"")
        event = await stream.next("calendar_share")
    assert (event.id, event.data["id"], event.data["withdrawn"]) == (4, share_id, True)
    assert (await vera.get(f"/conversations/{chat_id}")).json()["last_seq"] == 4
    assert (await vera.get(f"/calendar-shares/{share_id}")).json()["withdrawn"] is True
    for refused in (await book(vera, share_id, first), await vera.get(f"/calendar-shares/{share_id}/slots")):
        assert code_of(refused) == (409, "share_withdrawn")


async def test_a_calendar_is_shared_in_ones_own_open_chat_only(people: People) -> None:
    _, ana, chat_id = await people.chat()
    ben = await people.agent("Ben")
    share_id = await shared(ana, chat_id)
    path = f"/conversations/{chat_id}/calendar-shares"
    assert code_of(await ben.post(path, agent_id=ben.member.id)) == (404, "not_found")
    assert code_of(await ben.http.delete(f"{ben.prefix}/calendar-shares/{share_id}")) == (404, "not_found")
    for nobody in ("unknown", "un\x00known", ""):
        assert wrong_fields(await ana.post(path, agent_id=nobody)) == ["agent_id"]
    assert wrong_fields(await ana.post(path)) == ["agent_id"]
    await ana.post(f"/conversations/{chat_id}/end")
    assert code_of(await ana.post(path, agent_id=ana.member.id)) == (409, "conversation_ended")


async def test_whose_calendars_can_be_shared_ones_own_first(people: People) -> None:
    ana, ben = await people.agent(), await people.agent("Ben")
    zoe, mia = await people.agent("Zoe"), await people.agent("Mia", role=Role.MANAGER)
    await set_meetings(ben.member, blocks=[])
    assert code_of(await (await people.somebody()).get("/agents")) == (401, "not_signed_in")
    items = (await zoe.get("/agents")).json()["items"]
    assert [(one["name"], one["is_me"], one["is_bookable"]) for one in items] == [
        ("Zoe", True, True), ("Ana", False, True), ("Ben", False, False),
    ]  # fmt: skip
    for one in items:
        assert one.keys() == {"id", "name", "is_me", "is_bookable", "why_not", "next_slot"}
        assert (one["why_not"] is None, one["next_slot"] is None) == (one["is_bookable"], not one["is_bookable"])
    assert datetime.fromisoformat(items[0]["next_slot"]) > clock.now() + timedelta(hours=24)
    assert [one["id"] for one in items] == [zoe.member.id, ana.member.id, ben.member.id]
    assert not any(one["is_me"] for one in (await mia.get("/agents")).json()["items"])


async def test_who_cannot_be_booked_is_not_shared_and_the_reason_is_said(people: People) -> None:
    _, ana, chat_id = await people.chat()
    await set_meetings(ana.member, blocks=[])
    answer = await ana.post(f"/conversations/{chat_id}/calendar-shares", agent_id=ana.member.id)
    assert code_of(answer) == (409, "not_bookable")
    assert answer.json()["detail"] == "This agent has no hours for meetings."


async def test_the_free_times_of_days_in_a_zone(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    first = datetime.fromisoformat((await starts(vera, share_id))[0]).date()
    query = {"from": first, "to": first + timedelta(days=30), "time_zone": "Asia/Kathmandu"}
    answer = await vera.get(f"/calendar-shares/{share_id}/slots", **query)
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"time_zone", "duration_minutes", "slots", "next_slot", "last_day", "why_not"}
    assert (body["time_zone"], body["duration_minutes"]) == ("Asia/Kathmandu", 30)
    times = [datetime.fromisoformat(start) for start in body["slots"]]
    assert times == sorted(set(times))
    assert {(time.tzinfo, time.minute % 30, time.weekday() < 5, 9 <= time.hour < 17) for time in times} == {
        (UTC, 0, True, True)
    }
    assert all(start.endswith("Z") for start in body["slots"])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=tomorrow", "from"), ("from=2026-02-30", "from"), ("from=", "from"), ("from=%00", "from"),
        ("from=0001-01-01", "from"), ("to=12/24/2026", "to"), ("to=9999-12-31", "to"),
        ("from=2026-12-02&to=2026-12-01", "to"), ("from=2026-12-01&to=2027-01-01", "to"),
        ("time_zone=Middle/Earth", "time_zone"), ("time_zone=../etc", "time_zone"), ("time_zone=%00", "time_zone"),
        ("time_zone=%FF", "time_zone"), ("time_zone=" + "x" * 3_000, "time_zone"), ("time_zone=Europe", "time_zone"),
    ],
)  # fmt: skip
async def test_a_question_for_times_that_is_wrong_is_422_and_named(
    sqlite_people: People, query: str, field: str
) -> None:
    vera, ana, chat_id = await sqlite_people.chat()
    share_id = await shared(ana, chat_id)
    path = f"{vera.prefix}/calendar-shares/{share_id}/slots"
    assert wrong_fields(await vera.http.get(f"{path}?{query}")) == [field]


async def test_31_days_are_one_question(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    for days, status in ((30, 200), (31, 422)):
        query = {"from": "2026-12-01", "to": datetime(2026, 12, 1, tzinfo=UTC).date() + timedelta(days=days)}
        assert (await vera.get(f"/calendar-shares/{share_id}/slots", **query)).status_code == status


async def test_another_visitors_share_and_an_unknown_one_are_the_same_404(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id, stranger = await shared(ana, chat_id), await people.visitor()
    (first, *_) = await starts(vera, share_id)
    answers = []
    for one in (share_id, "unknown", "%00", "x" * 3_000):
        answers += [
            await stranger.get(f"/calendar-shares/{one}"),
            await stranger.get(f"/calendar-shares/{one}/slots"),
            await book(stranger, one, first),
        ]
    assert {(code_of(answer), answer.content) for answer in answers} == {((404, "not_found"), answers[0].content)}
    assert (await starts(vera, share_id))[0] == first


async def test_an_agent_who_is_no_longer_here_is_not_bookable(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id, of=(ben := await people.agent("Ben")))
    (first, *_) = await starts(vera, share_id)
    await disable(ben.member)
    for answer in (await book(vera, share_id, first), await vera.get(f"/calendar-shares/{share_id}/slots")):
        assert code_of(answer) == (409, "not_bookable")
    path = f"/conversations/{chat_id}/calendar-shares"
    assert wrong_fields(await ana.post(path, agent_id=ben.member.id)) == ["agent_id"]


async def test_a_shared_calendar_shows_what_was_booked_by_it(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    before = (await vera.get(f"/calendar-shares/{share_id}")).json()
    assert before.keys() == {
        "id", "conversation_id", "withdrawn", "agent", "why_not", "time_zone", "visitor", "meeting",
    }  # fmt: skip
    assert (before["conversation_id"], before["withdrawn"], before["meeting"]) == (chat_id, False, None)
    meeting = await booked(vera, share_id)
    after = (await vera.get(f"/calendar-shares/{share_id}")).json()["meeting"]
    assert {name: after[name] for name in ("id", "start", "status")} == {
        name: meeting[name] for name in ("id", "start", "status")
    }
