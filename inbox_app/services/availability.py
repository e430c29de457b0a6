"""The switch at the upper right (PRODUCT 2.2-2.4)."""

from datetime import datetime

from inbox_app import live
from inbox_app.data.tables import AvailabilityChangeRow, MemberRow
from inbox_app.domain.availability import availability_of, override_after_toggle
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_agent
from inbox_app.services import routing, sign_in
from inbox_app.services.use_case import use_case


async def set_available(is_available: bool, *, member: Member, now: datetime) -> None:
    """Override the schedule. 2.3: active conversations are untouched; only new offers start or stop."""
    require_agent(member)
    async with use_case() as case:
        row = await case.session.get_one(MemberRow, member.id)
        row.override = override_after_toggle(row.schedule, is_available=is_available)
        state = availability_of(row.schedule, row.override)
        case.session.add(
            AvailabilityChangeRow(member_id=row.id, is_available=state.is_available, reason=state.reason, at=now)
        )
        case.tell(
            live.topics.agent(member.id), "availability", available=state.is_available, available_reason=state.reason
        )
    sign_in.forget()
    if is_available:
        await routing.offer_waiting(now=now)
