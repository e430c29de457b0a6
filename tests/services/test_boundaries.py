"""Availability that changes by itself (PRODUCT 2.2, 2.4): at the edges of a schedule, at midnight, in a new one."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.tables import AvailabilityChangeRow
from inbox_app.domain.errors import InvalidInput, NotAllowed
from inbox_app.domain.people import Member, Role
from inbox_app.services import availability, people, sweeper
from tests.data.builders import NOW, PASSWORD, a_chat, a_member, rows_of
from tests.services.builders import a_busy_member, a_request, later, listening, ringing, state_of, told_of

pytestmark = pytest.mark.usefixtures("database")
TEN_TO_SIX = {"time_zone": "UTC", "blocks": [{"day": "mon", "from": "10:00", "to": "18:00"}], "exceptions": []}
TWO_BLOCKS = TEN_TO_SIX | {
    "blocks": [{"day": "mon", "from": "09:00", "to": "12:00"}, {"day": "mon", "from": "13:00", "to": "17:00"}]
}


def at(clock: str) -> datetime:
    """On the Monday of NOW."""
    hour, minute = clock.split(":")
    return NOW.replace(hour=int(hour), minute=int(minute))


async def with_schedule(schedule: dict[str, Any], name: str = "Ben", **changes: Any) -> Member:
    """An agent who stored this schedule at NOW, half past nine."""
    member = await a_member(name, **changes)
    await availability.set_schedule(schedule, member=member, now=NOW)
    return member


async def log_of(member: Member) -> list[tuple[bool, str, datetime]]:
    rows = await rows_of(AvailabilityChangeRow, member_id=member.id)
    return [(row.is_available, row.reason, row.at) for row in sorted(rows, key=lambda row: row.id)]


async def test_a_block_that_begins_is_told_and_logged() -> None:
    ben = await with_schedule(TEN_TO_SIX)
    async with listening(live.topics.agent(ben.id)) as changes:
        await sweeper.run_due(now=at("10:00"))
        (news,) = await told_of("availability", changes)
    assert (news["available"], news["available_reason"]) == (True, "schedule")
    assert news["available_until"] == "2026-03-02T18:00:00.000Z"
    assert await log_of(ben) == [(False, "schedule", NOW), (True, "schedule", at("10:00"))]


async def test_a_block_that_ends_is_told_and_nobody_is_asked_any_more() -> None:
    ben = await with_schedule(TWO_BLOCKS)
    async with listening(live.topics.agent(ben.id)) as changes:
        await sweeper.run_due(now=at("12:00"))
        (news,) = await told_of("availability", changes)
    assert (news["available"], news["available_until"]) == (False, "2026-03-02T13:00:00.000Z")
    assert await state_of(await a_request(now=at("12:00"))) == "missed"


async def test_who_waits_is_offered_when_a_block_begins() -> None:
    await a_busy_member()
    ben = await with_schedule(TEN_TO_SIX)
    chat_id = await a_request(now=at("09:59"))
    await sweeper.run_due(now=at("10:00"))
    assert (await ringing(chat_id, ben))[0] is ben


async def test_every_boundary_of_a_day_is_passed_each_in_its_time() -> None:
    ben = await with_schedule(TWO_BLOCKS)
    for clock in ("11:59", "12:00", "12:30", "13:00", "17:00", "23:00"):
        await sweeper.run_due(now=at(clock))
    assert [(state, when) for state, _, when in await log_of(ben)] == [
        (True, NOW), (False, at("12:00")), (True, at("13:00")), (False, at("17:00")),
    ]  # fmt: skip


async def test_off_at_10_and_on_at_1015_leaves_the_end_of_the_block_in_force() -> None:
    ben = await with_schedule(TWO_BLOCKS)
    await availability.set_available(False, member=ben, now=at("10:00"))
    await availability.set_available(True, member=ben, now=at("10:15"))
    view = await views.agent(ben.id, now=at("10:16"))
    assert (view.available, view.available_reason, view.available_until) == (
        True, "schedule", "2026-03-02T12:00:00.000Z",
    )  # fmt: skip


async def test_a_switch_to_off_ends_when_the_next_block_begins() -> None:
    ben = await with_schedule(TWO_BLOCKS)
    await availability.set_available(False, member=ben, now=at("10:00"))
    await sweeper.run_due(now=at("12:00"))
    assert not (await views.agent(ben.id, now=at("12:59"))).available
    await sweeper.run_due(now=at("13:00"))
    assert (await views.agent(ben.id, now=at("13:00"))).available_reason == "schedule"
    assert (await log_of(ben))[-1] == (True, "schedule", at("13:00"))


async def test_a_switch_to_on_after_hours_ends_at_midnight_of_the_agents_zone() -> None:
    ben = await with_schedule(TWO_BLOCKS | {"time_zone": "Europe/Paris"})
    await availability.set_available(True, member=ben, now=at("20:00"))
    await sweeper.run_due(now=at("22:59"))
    assert (await views.agent(ben.id, now=at("22:59"))).available
    await sweeper.run_due(now=at("23:00"))
    assert (await log_of(ben))[-1] == (False, "schedule", at("23:00"))


async def test_an_end_of_hours_leaves_active_chats_and_what_rings_alone() -> None:
    ben = await with_schedule(TWO_BLOCKS)
    active, rings = await a_chat(agent=ben), await a_request(now=at("12:00") - timedelta(seconds=1))
    await sweeper.run_due(now=at("12:00"))
    assert [await state_of(one) for one in (active.id, rings)] == ["active", "offered"]


async def test_a_boundary_that_was_slept_through_is_passed_after_the_start() -> None:
    ben = await with_schedule(TWO_BLOCKS)
    await availability.plan_boundaries(now=at("14:00"))
    async with listening(live.topics.agent(ben.id)) as changes:
        await sweeper.run_due(now=at("14:00"))
        assert [news["available_until"] for news in await told_of("availability", changes)] == [
            "2026-03-02T17:00:00.000Z"
        ]


async def test_who_is_added_with_hours_while_the_server_runs_begins_by_them() -> None:
    await a_busy_member()
    ben = await people.add(
        email="ben@example.com", name="Ben", role="agent", password=PASSWORD, schedule="mon-fri 10:00-18:00", now=NOW
    )
    await sweeper.run_due(now=NOW)
    async with listening(live.topics.agent(ben.id)) as changes:
        await sweeper.run_due(now=at("10:00"))
        assert [news["available"] for news in await told_of("availability", changes)] == [True]


async def test_who_is_enabled_again_begins_by_the_hours() -> None:
    root, ben = await a_member("Root", role=Role.ADMIN), await with_schedule(TEN_TO_SIX)
    await people.change(ben.id, {"is_disabled": True}, member=root, now=at("09:40"))
    await sweeper.run_due(now=at("10:00"))
    await people.change(ben.id, {"is_disabled": False}, member=root, now=at("17:00"))
    async with listening(live.topics.agent(ben.id)) as changes:
        await sweeper.run_due(now=at("18:00"))
        assert [news["available"] for news in await told_of("availability", changes)][-1:] == [False]


async def test_a_new_schedule_is_in_force_at_once() -> None:
    await a_busy_member()
    ben = await with_schedule(TEN_TO_SIX)
    chat_id = await a_request()
    await availability.set_schedule(TWO_BLOCKS, member=ben, now=later(10))
    assert (await ringing(chat_id, ben))[0] is ben


async def test_what_was_stored_is_read_back_and_none_is_the_whole_week() -> None:
    ana, ben = await a_member("Ana"), await with_schedule(TWO_BLOCKS)
    assert await availability.schedule_of(ben) == TWO_BLOCKS
    always = await availability.schedule_of(ana)
    assert [(block["from"], block["to"]) for block in always["blocks"]] == [("00:00", "24:00")] * 7
    assert (await availability.set_schedule(always, member=ana, now=NOW))["blocks"] == always["blocks"]
    assert (await views.agent(ana.id, now=NOW)).available_until == ""


NIGHT = {"day": "sun", "from": "22:00", "to": "06:00"}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "two blocks overlap": (
        {"blocks": [{"day": "mon", "from": "09:00", "to": "12:00"}, {"day": "mon", "from": "11:00", "to": "13:00"}]},
        "blocks.1",
    ),
    "a night runs into the morning": ({"blocks": [NIGHT, {"day": "mon", "from": "05:00", "to": "09:00"}]}, "blocks.0"),
    "an empty block": ({"blocks": [{"day": "mon", "from": "09:00", "to": "09:00"}]}, "blocks.0.to"),
    "a time that is none": ({"blocks": [{"day": "mon", "from": "25:00", "to": "09:00"}]}, "blocks.0.from"),
    "a time that is a number": ({"blocks": [{"day": "mon", "from": 9, "to": "12:00"}]}, "blocks.0.from"),
    "a day that is none": ({"blocks": [{"day": "Monday", "from": "09:00", "to": "12:00"}]}, "blocks.0.day"),
    "a day that is a list": ({"blocks": [{"day": ["mon"], "from": "09:00", "to": "12:00"}]}, "blocks.0.day"),
    "blocks that are no list": ({"blocks": {"mon": "09:00-17:00"}}, "blocks"),
    "a block that is no object": ({"blocks": ["mon 09:00-17:00"]}, "blocks.0"),
    "an unknown zone": ({"time_zone": "Mars/Base"}, "time_zone"),
    "a zone that is a folder": ({"time_zone": "Europe"}, "time_zone"),
    "a zone that is a path": ({"time_zone": "../../etc/passwd"}, "time_zone"),
    "no zone": ({"time_zone": None}, "time_zone"),
    "a past exception": ({"exceptions": [{"date": "2026-03-01", "blocks": []}]}, "exceptions.0.date"),
    "an exception without a day": ({"exceptions": [{"blocks": []}]}, "exceptions.0.date"),
    "a day that is a list of one": ({"exceptions": [{"date": [], "blocks": []}]}, "exceptions.0.date"),
    "two exceptions for a day": ({"exceptions": [{"date": "2026-12-24"}, {"date": "2026-12-24"}]}, "exceptions.1.date"),
    "an exception that overlaps": (
        {"exceptions": [{"date": "2026-12-24", "blocks": [
            {"from": "09:00", "to": "12:00"}, {"from": "10:00", "to": "11:00"}]}]},
        "exceptions.0.blocks.1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_schedule_is_refused_by_field_and_changes_nothing(name: str) -> None:
    change, field = WRONG[name]
    ben = await with_schedule(TWO_BLOCKS)
    with pytest.raises(InvalidInput) as refused:
        await availability.set_schedule(TEN_TO_SIX | change, member=ben, now=NOW)
    assert refused.value.field == field
    assert await availability.schedule_of(ben) == TWO_BLOCKS


async def test_an_exception_of_today_is_taken_by_the_zone_of_the_schedule() -> None:
    ben = await a_member("Ben")
    today = {"exceptions": [{"date": "2026-03-02", "blocks": []}]}
    await availability.set_schedule(TWO_BLOCKS | today, member=ben, now=NOW)
    with pytest.raises(InvalidInput):
        await availability.set_schedule(
            TWO_BLOCKS | today | {"time_zone": "Pacific/Kiritimati"}, member=await a_member("Eva"), now=at("11:00")
        )


async def test_an_exception_that_has_passed_meanwhile_does_not_stop_other_changes() -> None:
    gone_by = {"exceptions": [{"date": "2026-03-02", "blocks": []}]}
    ben = await with_schedule(TWO_BLOCKS | gone_by)
    stored = await availability.set_schedule(TEN_TO_SIX | gone_by, member=ben, now=later(minutes=3 * 24 * 60))
    assert stored["blocks"] == TEN_TO_SIX["blocks"]


async def test_a_manager_has_no_hours() -> None:
    mia = await a_member("Mia", role=Role.MANAGER)
    with pytest.raises(NotAllowed):
        await availability.set_schedule(TWO_BLOCKS, member=mia, now=NOW)
