"""Meetings over HTTP (CONTRACT): booked once or refused by field, listed for whom they concern, cancelled."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from inbox_app import clock
from inbox_app.data.instants import iso
from inbox_app.domain.people import Role
from tests.api.booking import EMAIL, book, booked, code_of, shared, starts, wrong_fields
from tests.api.conftest import People
from tests.data.builders import a_uuid

MEETING = {
    "id", "share_id", "agent", "start", "end", "status", "time_zone", "visitor", "video_link", "can_change", "token",
}  # fmt: skip
HALF_AN_HOUR = timedelta(minutes=30)


async def test_a_booking_has_the_shape_of_the_contract_and_is_told_to_both_sides(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    (start, *_) = await starts(vera, share_id)
    async with (
        vera.listen(f"/conversations/{chat_id}/events", "after=3") as of_vera,
        ana.listen("/agent/events") as of_ana,
    ):
        await of_ana.next("ready")
        answer = await book(vera, share_id, start, name="Vera", time_zone="Europe/Paris")
        to_vera, to_ana = await of_vera.next("meeting"), await of_ana.next("meeting")
    assert answer.status_code == 201
    meeting = answer.json()
    assert meeting.keys() == MEETING
    card = {
        "id": meeting["id"], "share_id": share_id, "agent": {"id": ana.member.id, "name": "Ana"}, "start": start,
        "end": iso(datetime.fromisoformat(start) + HALF_AN_HOUR), "status": "scheduled",
    }  # fmt: skip
    assert {name: meeting[name] for name in card} == card
    assert (meeting["visitor"], meeting["time_zone"]) == ({"name": "Vera", "email": EMAIL}, "Europe/Paris")
    assert (meeting["can_change"], meeting["video_link"]) == (True, None)
    assert (to_vera.id, to_vera.data.pop("at")[-1]) == (4, "Z")
    assert to_vera.data == {"seq": 4} | card
    assert to_ana.data == {"conversation_id": chat_id} | card
    assert start not in await starts(vera, share_id)


async def test_the_agent_whose_calendar_it_is_is_told_too(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    ben = await people.agent("Ben")
    share_id = await shared(ana, chat_id, of=ben)
    async with ben.listen("/agent/events") as stream:
        await stream.next("ready")
        meeting = await booked(vera, share_id)
        told = await stream.next("meeting")
    assert (told.data["id"], told.data["agent"]["name"]) == (meeting["id"], "Ben")


async def test_the_same_client_id_again_is_200_and_the_same_meeting(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    first, second, *_ = await starts(vera, share_id)
    one, again = [await book(vera, share_id, start, client_id=a_uuid("1")) for start in (first, second)]
    assert (one.status_code, again.status_code) == (201, 200)
    assert one.json() | {"token": ""} == again.json() | {"token": ""}
    assert second in await starts(vera, share_id)
    other = await book(vera, share_id, second, client_id=a_uuid("2"))
    assert (code_of(other), other.json()["meeting_id"]) == ((409, "already_booked"), one.json()["id"])


async def test_a_taken_time_is_409_with_what_is_free(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    first, second, *_ = await starts(vera, share_id)
    await booked(vera, share_id)
    eve = await people.visitor()
    await eve.ask()
    (other_chat,) = await ana.accept_all()
    answer = await book(eve, await shared(ana, other_chat), first, email="eve@example.com")
    assert code_of(answer) == (409, "slot_taken")
    assert answer.json()["slots"][0] == second
    assert answer.json().keys() >= {"time_zone", "duration_minutes", "slots"}


def wrong_starts() -> dict[str, str]:
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    return {
        "past": iso(now - timedelta(days=1)), "notice": iso(now + timedelta(hours=2)),
        "horizon": iso(now + timedelta(days=61)), "last": "9999-12-31T23:30:00Z", "first": "0001-01-01T00:00:00Z",
        "before the first": "0001-01-01T00:00:00+14:00", "no zone": "2026-12-01T10:00:00", "day": "2026-12-01",
        "word": "tomorrow", "empty": "", "nul": "\x00",
    }  # fmt: skip


@pytest.mark.parametrize("which", wrong_starts())
async def test_a_start_that_is_none_is_422_and_named(sqlite_people: People, which: str) -> None:
    vera, ana, chat_id = await sqlite_people.chat()
    share_id = await shared(ana, chat_id)
    assert wrong_fields(await book(vera, share_id, wrong_starts()[which])) == ["start"]
    assert (await ana.get("/meetings")).json()["items"] == []


async def test_off_the_grid_and_out_of_hours_are_422(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    first = datetime.fromisoformat((await starts(vera, share_id))[-1])
    for wrong in (first + timedelta(minutes=7), first + timedelta(microseconds=1), first.replace(hour=3)):
        assert wrong_fields(await book(vera, share_id, wrong.isoformat())) == ["start"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "vera"}, "email"), ({"email": "vera@"}, "email"), ({"email": ""}, "email"), ({"email": 5}, "email"),
        ({"email": "vera@example.com\r\nBcc: eve@example.com"}, "email"), ({"name": "x" * 121}, "name"),
        ({"client_id": ""}, "client_id"), ({"client_id": "x" * 65}, "client_id"), ({"start": 5}, "start"),
        ({"time_zone": "Middle/Earth"}, "time_zone"),
    ],
)  # fmt: skip
async def test_a_wrong_value_of_a_booking_is_422_and_named(
    sqlite_people: People, wrong: dict[str, Any], field: str
) -> None:
    vera, ana, chat_id = await sqlite_people.chat()
    share_id = await shared(ana, chat_id)
    (first, *_) = await starts(vera, share_id)
    assert wrong_fields(await vera.post(
        f"/calendar-shares/{share_id}/bookings", **{"client_id": a_uuid("1"), "start": first, "email": EMAIL} | wrong
    )) == [field]  # fmt: skip
    assert first in await starts(vera, share_id)


async def test_a_known_email_need_not_be_sent_and_an_unknown_one_must(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    (first, *_) = await starts(vera, share_id)
    path, wish = f"/calendar-shares/{share_id}/bookings", {"client_id": a_uuid("1"), "start": first}
    assert wrong_fields(await vera.post(path, **wish)) == ["email"]
    await ana.patch(f"/visitors/{vera.visitor_id}", email="entered@example.com")
    assert wrong_fields(await vera.post(path, **wish)) == ["email"]
    await vera.post("/offline-messages", text="Call me", email=EMAIL)
    answer = await vera.post(path, **wish)
    assert (answer.status_code, answer.json()["visitor"]["email"]) == (201, EMAIL)


async def test_a_booking_after_the_end_leaves_the_conversation_as_it_is(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    await ana.post(f"/conversations/{chat_id}/end")
    before = (await vera.get(f"/conversations/{chat_id}")).json()
    meeting = await booked(vera, share_id)
    assert (await vera.get(f"/conversations/{chat_id}")).json() == before
    entries = (await ana.get(f"/conversations/{chat_id}/transcript.json")).json()["entries"]
    assert [entry["seq"] for entry in entries] == [1, 2, 3, 4]
    assert [one["id"] for one in (await ana.get("/meetings")).json()["items"]] == [meeting["id"]]
    lines = (await ana.get(f"/visitors/{vera.visitor_id}/activities")).json()["items"]
    assert "scheduled_meeting" in [line["type"] for line in lines]


async def test_agents_list_their_own_meetings_and_managers_all(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    ben, mia = await people.agent("Ben"), await people.agent("Mia", role=Role.MANAGER)
    of_ana = await booked(vera, await shared(ana, chat_id))
    of_ben = await booked(vera, await shared(ana, chat_id, of=ben), 3)
    for caller, ids in ((ana, [of_ana]), (ben, [of_ben]), (mia, [of_ben, of_ana])):
        page = (await caller.get("/meetings")).json()
        assert page["next"] is None
        assert [one["id"] for one in page["items"]] == [meeting["id"] for meeting in ids]
    for query, found in (
        ({"status": "upcoming"}, [of_ana, of_ben]), ({"agent": ben.member.id}, [of_ben]), ({"agent": "unknown"}, []),
        ({"status": "cancelled"}, []), ({"status": "passed"}, []), ({"status": "rescheduled"}, []),
    ):  # fmt: skip
        items = (await mia.get("/meetings", **query)).json()["items"]
        assert (query, [one["id"] for one in items]) == (query, [meeting["id"] for meeting in found])
    first = (await mia.get("/meetings", status="upcoming", limit=1)).json()
    rest = (await mia.get("/meetings", status="upcoming", limit=1, before=first["next"])).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [of_ana["id"], of_ben["id"]]
    assert rest["next"] is None
    assert (await ana.get("/meetings", agent=ben.member.id)).json()["items"] == []


async def test_a_meeting_of_the_list_has_no_way_to_its_link(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    meeting = await booked(vera, await shared(ana, chat_id))
    text = (await ana.get("/meetings")).text
    assert meeting["id"] in text
    assert "token" not in text
    assert meeting["token"] not in text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=mine", "status"), ("status=%00", "status"), ("before=x", "before"), ("before=%00", "before"),
        ("limit=0", "limit"), ("limit=51", "limit"), ("limit=x", "limit"),
    ],
)  # fmt: skip
async def test_a_wrong_question_for_meetings_is_422_and_named(sqlite_people: People, query: str, field: str) -> None:
    ana = await sqlite_people.agent()
    assert wrong_fields(await ana.http.get(f"{ana.prefix}/meetings?{query}")) == [field]


async def test_a_strange_agent_has_no_meetings(people: People) -> None:
    mia = await people.agent("Mia", role=Role.MANAGER)
    for agent in ("%FF", "%ED%A0%80", "'%3B--", "x" * 3_000):
        answer = await mia.http.get(f"{mia.prefix}/meetings?agent={agent}")
        assert (agent, answer.status_code, answer.json()["items"]) == (agent, 200, [])
    assert (await mia.http.get(f"{mia.prefix}/meetings?agent=%00")).status_code in {200, 422}


async def test_its_agent_cancels_a_meeting_and_nobody_else_does(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    ben, mia = await people.agent("Ben"), await people.agent("Mia", role=Role.MANAGER)
    share_id = await shared(ana, chat_id)
    meeting = await booked(vera, share_id)
    path = f"/meetings/{meeting['id']}/cancel"
    assert code_of(await ben.post(path)) == code_of(await ana.post("/meetings/unknown/cancel")) == (404, "not_found")
    assert code_of(await mia.post(path)) == (403, "not_for_managers")
    assert code_of(await (await people.somebody()).post(path)) == (401, "not_signed_in")
    assert (await ana.get("/meetings")).json()["items"][0]["status"] == "scheduled"
    async with vera.listen(f"/conversations/{chat_id}/events", "after=4") as stream:
        for _ in range(2):
            assert (await ana.post(path)).status_code == 204
        event = await stream.next("meeting")
    assert (event.id, event.data["id"], event.data["status"]) == (5, meeting["id"], "cancelled")
    (listed,) = (await ana.get("/meetings", status="cancelled")).json()["items"]
    assert (listed["id"], listed["cancelled_by"], listed["can_change"]) == (meeting["id"], "agent", False)
    assert meeting["start"] in await starts(vera, share_id)
    lines = (await ana.get(f"/visitors/{vera.visitor_id}/activities")).json()["items"]
    assert [line["type"] for line in lines][:2] == ["cancelled_meeting", "scheduled_meeting"]
