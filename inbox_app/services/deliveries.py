"""What admins do about mails and events that did not go out (PRODUCT 4.4)."""

from dataclasses import dataclass
from datetime import datetime

from inbox_app import live
from inbox_app.data import outbox
from inbox_app.data.tables import OutboxRow
from inbox_app.domain.errors import Conflict, NotFound
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_admin
from inbox_app.services.after_booking import MAILS
from inbox_app.services.use_case import use_case
from inbox_app.settings import get_settings


@dataclass(frozen=True)
class MailStanding:
    """`waiting`: mails that go out as soon as a mail server is set up; 0 where one is."""

    is_set_up: bool
    waiting: int


async def mail_standing(member: Member) -> MailStanding:
    """Whether mails can go out at all."""
    require_admin(member)
    if get_settings().smtp_url is not None:
        return MailStanding(is_set_up=True, waiting=0)
    return MailStanding(is_set_up=False, waiting=(await outbox.counts(MAILS))["pending"])


async def retry(delivery_id: int, *, member: Member, now: datetime) -> None:
    """Try it at once. Raises NotFound, and Conflict for what is done, being done, or overtaken by a newer version."""
    require_admin(member)
    async with use_case() as case:
        row = await outbox.try_now(case.session, delivery_id, now=now)
        if row is None:
            if await case.session.get(OutboxRow, delivery_id) is None:
                raise NotFound
            raise Conflict("This is done or being done: there is nothing to try again.")
        case.audit("delivery.retried", by=member.id, now=now, subject=row.subject_id, kind=row.kind)
        case.tell(live.topics.outbox(), "delivery", kind=row.kind, state="pending")
