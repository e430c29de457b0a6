"""PRODUCT 4.2: what an agent sets for meetings is kept whole or refused by its field, at once and on the record."""

from datetime import timedelta
from typing import Any

import pytest

from inbox_app.data import members
from inbox_app.data.tables import AuditRow, MemberRow
from inbox_app.domain.errors import InvalidInput, NotAllowed
from inbox_app.domain.people import Role
from inbox_app.domain.schedule import DAYS
from inbox_app.services import meeting_settings
from tests.data.builders import NOW, a_member, rows_of

pytestmark = pytest.mark.usefixtures("database")
OFFICE = [{"day": day, "from": "09:00", "to": "17:00"} for day in DAYS[:5]]
DEFAULTS: dict[str, Any] = {
    "time_zone": "Europe/Paris", "blocks": OFFICE, "exceptions": [], "duration_minutes": 30, "step_minutes": 30,
    "buffer_before_minutes": 0, "buffer_after_minutes": 0, "minimum_notice_hours": 24, "horizon_days": 60,
    "maximum_a_day": None, "invitation_text": "", "video_link": "", "when_broken": "keep",
}  # fmt: skip
OWN: dict[str, Any] = {
    "time_zone": "America/New_York", "blocks": [{"day": "tue", "from": "22:00", "to": "06:00"}],
    "exceptions": [{"date": "2026-12-24", "blocks": [{"from": "09:00", "to": "12:00"}]}], "duration_minutes": 45,
    "step_minutes": 15, "buffer_before_minutes": 10, "buffer_after_minutes": 5, "minimum_notice_hours": 0,
    "horizon_days": 14, "maximum_a_day": 3, "invitation_text": "Dear {visitor_name},\nsee you.",
    "video_link": "https://meet.example.com/ana", "when_broken": "stop",
}  # fmt: skip
NO_MORE = {"exceptions": [{"date": "2026-03-02", "blocks": []}]}


async def test_nothing_kept_is_office_hours_in_the_agents_zone() -> None:
    ana = await a_member(time_zone="Europe/Paris")

    assert await meeting_settings.of(ana) == DEFAULTS


async def test_what_is_stored_comes_back_and_is_what_bookings_read() -> None:
    ana = await a_member(time_zone="Europe/Paris")

    assert await meeting_settings.store(OWN, member=ana, now=NOW) == OWN

    assert await meeting_settings.of(ana) == OWN
    (row,) = await rows_of(MemberRow, id=ana.id)
    loaded = members.meeting_settings_of(row)
    assert (loaded.duration_minutes, loaded.schedule.time_zone) == (45, "America/New_York")


async def test_storing_replaces_what_is_left_out_is_the_default_again() -> None:
    ana = await a_member(time_zone="Europe/Paris")
    await meeting_settings.store(OWN, member=ana, now=NOW)

    assert await meeting_settings.store({"duration_minutes": 60}, member=ana, now=NOW) == (
        DEFAULTS | {"duration_minutes": 60}
    )


async def test_live_chat_hours_are_another_matter() -> None:
    ana = await a_member(time_zone="Europe/Paris")
    await meeting_settings.store(OWN, member=ana, now=NOW)

    (row,) = await rows_of(MemberRow, id=ana.id)

    assert (row.schedule, row.time_zone) == (None, "Europe/Paris")


async def test_a_change_is_on_the_record_with_the_fields_that_changed() -> None:
    ana = await a_member(time_zone="Europe/Paris")
    await meeting_settings.store(DEFAULTS | {"step_minutes": 15, "horizon_days": 7}, member=ana, now=NOW)

    (entry,) = await rows_of(AuditRow, action="meeting_settings.changed")

    assert (entry.actor_id, entry.subject, entry.at) == (ana.id, ana.id, NOW)
    assert entry.details == {"fields": ["horizon_days", "step_minutes"]}


async def test_a_refusal_changes_nothing_and_leaves_no_record() -> None:
    ana = await a_member(time_zone="Europe/Paris")
    await meeting_settings.store(OWN, member=ana, now=NOW)

    with pytest.raises(InvalidInput) as refused:
        await meeting_settings.store(DEFAULTS | {"step_minutes": 0}, member=ana, now=NOW)

    assert refused.value.field == "step_minutes"
    assert await meeting_settings.of(ana) == OWN
    assert len(await rows_of(AuditRow, action="meeting_settings.changed")) == 1


async def test_an_exception_may_be_past_only_if_it_was_kept_before() -> None:
    ana = await a_member(time_zone="Europe/Paris")
    await meeting_settings.store(NO_MORE, member=ana, now=NOW)
    later = NOW + timedelta(days=3)

    kept = await meeting_settings.store(NO_MORE | {"duration_minutes": 60}, member=ana, now=later)

    assert kept["exceptions"] == NO_MORE["exceptions"]
    with pytest.raises(InvalidInput, match="2026-03-03 is in the past"):
        await meeting_settings.store({"exceptions": [{"date": "2026-03-03"}]}, member=ana, now=later)


async def test_today_is_the_day_in_the_zone_of_the_hours() -> None:
    tonight = NOW.replace(hour=11)  # already Tuesday in Kiritimati

    ana = await a_member(time_zone="Europe/Paris")
    await meeting_settings.store(NO_MORE, member=ana, now=tonight)
    ben = await a_member("Ben", time_zone="Europe/Paris")
    with pytest.raises(InvalidInput) as refused:
        await meeting_settings.store(NO_MORE | {"time_zone": "Pacific/Kiritimati"}, member=ben, now=tonight)

    assert refused.value.field == "exceptions.0.date"


async def test_a_manager_has_no_meetings_of_their_own() -> None:
    mia = await a_member("Mia", role=Role.MANAGER)

    with pytest.raises(NotAllowed):
        await meeting_settings.of(mia)
    with pytest.raises(NotAllowed):
        await meeting_settings.store(DEFAULTS, member=mia, now=NOW)
