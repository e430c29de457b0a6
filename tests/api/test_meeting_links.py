"""The link of the mail over HTTP: it alone is the right to read, move and cancel its meeting (PRODUCT 4.4)."""

from collections.abc import Callable
from typing import Any

import pytest

from inbox_app.settings import Settings
from tests.api.booking import booked, code_of, shared, starts, wrong_fields
from tests.api.conftest import VISITOR, Agent, Caller, People, Visitor
from tests.services.booking_builders import set_meetings

LINK = "https://meet.example.com/ana"


async def a_link(people: People) -> tuple[Caller, dict[str, Any], Visitor, Agent]:
    """A browser that has nothing but the link, the meeting, its visitor and its agent."""
    vera, ana, chat_id = await people.chat()
    await set_meetings(ana.member, video_link=LINK)
    meeting = await booked(vera, await shared(ana, chat_id))
    return await people.somebody(VISITOR), meeting, vera, ana


async def test_the_link_is_read_without_any_other_right(people: People) -> None:
    phone, meeting, _, ana = await a_link(people)
    answer = await phone.get(f"/meetings/{meeting['token']}")
    assert answer.status_code == 200
    assert answer.json() == {name: value for name, value in meeting.items() if name != "token"}
    assert answer.json()["video_link"] == LINK
    assert (answer.json()["agent"], answer.json()["can_change"]) == ({"id": ana.member.id, "name": "Ana"}, True)


async def test_the_video_link_is_in_no_card_of_the_conversation(people: People) -> None:
    _, _, vera, ana = await a_link(people)
    async with vera.listen(f"/conversations/{vera.chat_id}/events", "after=3") as stream:
        card = await stream.next("meeting")
    assert LINK not in str(card.data)
    assert "token" not in card.data
    assert LINK not in (await ana.get(f"/conversations/{vera.chat_id}/messages")).text


async def test_a_meeting_is_moved_by_its_link_and_both_sides_are_told(people: People) -> None:
    phone, meeting, vera, ana = await a_link(people)
    path = f"/meetings/{meeting['token']}"
    free = (await phone.get(f"{path}/slots")).json()
    assert free["slots"][0] == meeting["start"], "a meeting is not in its own way"
    later = free["slots"][4]
    async with vera.listen(f"/conversations/{vera.chat_id}/events", "after=4") as stream:
        for _ in range(2):
            answer = await phone.post(f"{path}/reschedule", start=later)
            assert (answer.status_code, answer.json()["start"], answer.json()["status"]) == (200, later, "rescheduled")
        event = await stream.next("meeting")
    assert (event.id, event.data["start"], event.data["status"]) == (5, later, "rescheduled")
    assert (await phone.get(path)).json() == answer.json()
    assert (await vera.get(f"/conversations/{vera.chat_id}")).json()["last_seq"] == 5
    free = await starts(vera, meeting["share_id"])
    assert (meeting["start"] in free, later in free) == (True, False)
    (listed,) = (await ana.get("/meetings", status="rescheduled")).json()["items"]
    assert (listed["id"], listed["start"]) == (meeting["id"], later)


async def test_a_meeting_is_not_moved_to_what_is_taken_or_is_no_time(people: People) -> None:
    phone, meeting, _, ana = await a_link(people)
    eve = await people.visitor()
    await eve.ask()
    (chat_id,) = await ana.accept_all()
    other = await booked(eve, await shared(ana, chat_id), 2, email="eve@example.com")
    path = f"/meetings/{meeting['token']}/reschedule"
    taken = await phone.post(path, start=other["start"])
    assert code_of(taken) == (409, "slot_taken")
    assert other["start"] not in taken.json()["slots"] != []
    for wrong in ("2020-01-01T09:00:00Z", "9999-12-31T23:30:00Z", "2100-01-01T09:00:00Z", "tomorrow", "", "2026-12-01"):
        assert wrong_fields(await phone.post(path, start=wrong)) == ["start"]
    assert wrong_fields(await phone.post(path)) == ["start"]
    assert (await phone.get(f"/meetings/{meeting['token']}")).json()["start"] == meeting["start"]


async def test_a_meeting_is_cancelled_by_its_link_and_stays_so(people: People) -> None:
    phone, meeting, vera, ana = await a_link(people)
    path = f"/meetings/{meeting['token']}"
    for _ in range(2):
        answer = await phone.post(f"{path}/cancel")
        assert (answer.status_code, answer.json()["status"], answer.json()["can_change"]) == (200, "cancelled", False)
    assert (await phone.get(path)).json()["status"] == "cancelled"
    for refused in (await phone.post(f"{path}/reschedule", start=meeting["start"]), await phone.get(f"{path}/slots")):
        assert code_of(refused) == (409, "meeting_cancelled")
    (listed,) = (await ana.get("/meetings")).json()["items"]
    assert (listed["status"], listed["cancelled_by"]) == ("cancelled", "visitor")
    assert (await vera.get(f"/conversations/{vera.chat_id}")).json()["last_seq"] == 5
    assert meeting["start"] in await starts(vera, meeting["share_id"])


async def test_the_visitors_history_tells_every_step(people: People) -> None:
    phone, meeting, vera, ana = await a_link(people)
    path = f"/meetings/{meeting['token']}"
    await phone.post(f"{path}/reschedule", start=(await phone.get(f"{path}/slots")).json()["slots"][1])
    await phone.post(f"{path}/cancel")
    lines = (await ana.get(f"/visitors/{vera.visitor_id}/activities")).json()["items"]
    assert [line["type"] for line in lines][:3] == ["cancelled_meeting", "rescheduled_meeting", "scheduled_meeting"]
    assert {line["conversation_id"] for line in lines[:3]} == {vera.chat_id}


async def test_after_the_end_a_link_still_moves_and_cancels_and_nothing_is_written(people: People) -> None:
    phone, meeting, vera, ana = await a_link(people)
    await ana.post(f"/conversations/{vera.chat_id}/end")
    before = (await vera.get(f"/conversations/{vera.chat_id}")).json()
    path = f"/meetings/{meeting['token']}"
    later = (await phone.get(f"{path}/slots")).json()["slots"][1]
    assert (await phone.post(f"{path}/reschedule", start=later)).status_code == 200
    assert (await phone.post(f"{path}/cancel")).status_code == 200
    assert (await vera.get(f"/conversations/{vera.chat_id}")).json() == before


async def test_a_link_is_good_also_when_the_calendar_was_taken_back(people: People) -> None:
    phone, meeting, _, ana = await a_link(people)
    assert (await ana.http.delete(f"{ana.prefix}/calendar-shares/{meeting['share_id']}")).status_code == 204
    assert (await phone.post(f"/meetings/{meeting['token']}/cancel")).json()["status"] == "cancelled"


def forged(token: str) -> list[str]:
    """What is not this link."""
    middle = len(token) // 2
    changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    return [
        "x",
        "%FF",
        "%ED%A0%80",
        "x" * 3_000,
        token[:-1],
        f"{token}AAAA",
        f"{token}!",
        token[:20],
        "x" * 400 + token,
        token[::-1],
        changed,
    ]


async def test_forged_and_truncated_links_are_one_404_in_a_sentence(people: People) -> None:
    phone, meeting, vera, _ = await a_link(people)
    for token in [*forged(meeting["token"]), meeting["id"], meeting["share_id"]]:
        path = f"/meetings/{token}"
        for answer in (
            await phone.get(path), await phone.get(f"{path}/slots"), await vera.post(f"{path}/cancel"),
            await phone.post(f"{path}/reschedule", start=meeting["start"]),
        ):  # fmt: skip
            assert (token, code_of(answer)) == (token, (404, "not_found"))
            assert (token, answer.json()["detail"][:22]) == (token, "This link doesn’t work")
    assert code_of(await phone.get("/meetings/%00")) == (404, "not_found")
    assert (await phone.get(f"/meetings/{meeting['token']}")).json()["status"] == "scheduled"


@pytest.mark.parametrize(
    ("query", "field"), [("from=x", "from"), ("to=9999-12-31", "to"), ("time_zone=Middle/Earth", "time_zone")]
)
async def test_a_wrong_question_by_a_link_is_422_and_named(sqlite_people: People, query: str, field: str) -> None:
    phone, meeting, _, _ = await a_link(sqlite_people)
    answer = await phone.http.get(f"{VISITOR}/meetings/{meeting['token']}/slots?{query}")
    assert wrong_fields(answer) == [field]


async def test_a_meeting_is_moved_ten_times_an_hour(people: People, settings_with: Callable[..., Settings]) -> None:
    phone, meeting, _, _ = await a_link(people)
    settings_with(rate_limits="on")
    path = f"/meetings/{meeting['token']}"
    free = (await phone.get(f"{path}/slots")).json()["slots"]
    statuses = [(await phone.post(f"{path}/reschedule", start=start)).status_code for start in free[1:12]]
    assert statuses == [200] * 10 + [429]
