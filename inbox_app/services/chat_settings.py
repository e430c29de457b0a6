"""Settings of routing, waiting and the widget: read by everyone, changed by admins, in force at once."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from inbox_app import live
from inbox_app.data import conversations, rule_settings, tasks
from inbox_app.data.engine import reading
from inbox_app.domain import chat_settings as rules
from inbox_app.domain.chat_settings import ChatSettings
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_admin
from inbox_app.services import routing
from inbox_app.services.offers import IDLE
from inbox_app.services.use_case import use_case


async def load() -> ChatSettings:
    """What is in force now."""
    async with reading() as connection:
        return await rule_settings.load(connection)


async def change(changes: dict[str, Any], *, member: Member, now: datetime) -> ChatSettings:
    """All of the changes or none; each is in the audit log. Raises InvalidInput naming the field."""
    require_admin(member)
    async with use_case() as case:
        await conversations.begin_routing(case.session)  # two who change something else both have their way
        before = await rule_settings.load(case.session)
        after = rules.changed(before, changes)
        await rule_settings.save(case.session, asdict(after))
        for name, value in asdict(after).items():
            if value != getattr(before, name):
                case.audit(
                    "settings.changed", by=member.id, now=now, subject=name, before=getattr(before, name), after=value
                )
        if after.idle_minutes != before.idle_minutes:
            await tasks.hasten(case.session, IDLE, due_at=now)
        case.tell(live.topics.everyone(), "settings")
        await routing.offer_waiting_in(case, now=now)
    return after
