"""When and how an agent can be met (PRODUCT 4.2): read, checked, kept; and which slots would come of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from inbox_app.data import meetings, members
from inbox_app.data.engine import reading_session
from inbox_app.data.tables import MemberRow
from inbox_app.domain import meeting_settings as rules
from inbox_app.domain.booking import Interval
from inbox_app.domain.meetings import NO_TIME
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_agent
from inbox_app.domain.schedule import clean_time_zone
from inbox_app.domain.slots_preview import ComingSlots, coming_days, has_enough
from inbox_app.services.use_case import use_case


async def of(member: Member) -> dict[str, Any]:
    """CONTRACT `GET /agent/meeting-settings`."""
    require_agent(member)
    async with reading_session() as session:
        return rules.to_json(members.meeting_settings_of(await session.get_one(MemberRow, member.id)))


async def store(value: dict[str, Any], *, member: Member, now: datetime) -> dict[str, Any]:
    """Replace them; what is left out becomes the default. In force at once, and no meeting that stands is touched.

    Raises InvalidInput naming the field. An exception that was kept before may be in the past.
    """
    require_agent(member)
    async with use_case() as case:
        row = await case.session.get_one(MemberRow, member.id)
        before = rules.to_json(members.meeting_settings_of(row))
        zone = clean_time_zone(value.get("time_zone", row.time_zone))
        settings = rules.from_json(
            value, time_zone=zone, today=now.astimezone(ZoneInfo(zone)).date(),
            kept={item["date"] for item in before["exceptions"]},
        )  # fmt: skip
        row.meeting_settings = after = rules.to_json(settings)
        changed = sorted(name for name in after if after[name] != before[name])
        case.audit("meeting_settings.changed", by=member.id, now=now, subject=member.id, fields=changed)
    return after


async def preview(value: dict[str, Any], *, member: Member, now: datetime) -> ComingSlots:
    """The coming slots if these settings were kept, with what takes the agent's time now. Keeps nothing.

    Raises InvalidInput for what are no settings yet.
    """
    require_agent(member)
    async with reading_session() as session:
        row = await session.get_one(MemberRow, member.id)
        settings = rules.from_json(value, time_zone=row.time_zone)
        zone, begin = settings.schedule.zone, now
        starts: list[datetime] = []
        for look in meetings.LOOKS:
            window = Interval(begin, now + look)
            diary = replace(await meetings.diary_of(session, row, window), settings=settings)
            if diary.why_not:
                return ComingSlots(why_none=diary.why_not)
            starts += diary.free(window, now=now)
            if has_enough(starts, zone) or look > timedelta(days=settings.horizon_days):
                break
            begin = window.end
    return ComingSlots(coming_days(starts, zone), "" if starts else NO_TIME)
