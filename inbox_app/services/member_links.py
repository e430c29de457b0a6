"""One-time links that let a person set a password: by mail, or to copy where mail isn't configured.

The token is in the address's fragment, which browsers never send, so it's in no log and no `Referer`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from inbox_app.data import member_links, members, outbox
from inbox_app.data.engine import reading_session
from inbox_app.data.ids import digest, new_secret
from inbox_app.data.instants import iso
from inbox_app.data.tables import MemberLinkRow, MemberRow
from inbox_app.domain.errors import NotFound
from inbox_app.sealing import seal
from inbox_app.services import mailing
from inbox_app.services.use_case import UseCase
from inbox_app.settings import get_settings

INVITATION, RESET = "invitation", "reset"
LASTS: Final = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1)}
COPIED_RESET_LASTS: Final = timedelta(days=1)
"""A link that an admin hands over takes longer to arrive than a mail that was just asked for."""
INVITATION_MAIL, RESET_MAIL = "mail.invitation", "mail.reset"
SEAL: Final = "member link"


@dataclass(frozen=True)
class Handed:
    """How a link reaches its person: `url` to copy, or empty when it was mailed."""

    member_id: str
    email: str
    url: str
    expires_at: str

    @property
    def is_mailed(self) -> bool:
        return not self.url


async def make(
    case: UseCase, member_id: str, purpose: str, *, now: datetime, lasts: timedelta | None = None
) -> tuple[str, datetime]:
    """A new link. Returns its token and when it expires."""
    token, expires_at = new_secret(), now + (lasts or LASTS[purpose])
    await member_links.forget_expired(case.session, now=now)
    case.session.add(
        MemberLinkRow(id=digest(token), member_id=member_id, purpose=purpose, created_at=now, expires_at=expires_at)
    )
    return token, expires_at


def url_of(purpose: str, token: str) -> str:
    """The page that takes it."""
    return f"{get_settings().public_url}/{purpose}#{token}"


async def hand_over(case: UseCase, row: MemberRow, purpose: str, *, language: str, now: datetime) -> Handed:
    """Replace a member's links of this purpose by a new one, and mail it if mail is configured."""
    await member_links.revoke(case.session, row.id, purpose)
    is_mailed = mailing.is_configured()
    lasts = COPIED_RESET_LASTS if purpose == RESET else None
    token, expires_at = await make(case, row.id, purpose, now=now, lasts=lasts)
    if is_mailed:
        payload = {"token": seal(token, purpose=SEAL, now=now), "language": language, "expires_at": iso(expires_at)}
        await plan_mail(case, purpose, row.id, payload, key=digest(token), now=now)
    return Handed(row.id, row.email, "" if is_mailed else url_of(purpose, token), iso(expires_at))


async def plan_mail(
    case: UseCase, purpose: str, subject_id: str, payload: dict[str, Any], *, key: str, now: datetime
) -> None:
    """See services/account_mails.py."""
    kind = RESET_MAIL if purpose == RESET else INVITATION_MAIL
    await outbox.plan(case.session, kind=kind, key=f"{kind}:{key}", subject_id=subject_id, payload=payload, now=now)


async def is_in_force(token: str, purpose: str, *, now: datetime) -> bool:
    """Whether the link still opens something."""
    async with reading_session() as session:
        return await member_links.find(session, digest(token), purpose, now=now) is not None


async def person_of(token: str, purpose: str, *, now: datetime) -> dict[str, str]:
    """Whom a link is for, without using it up. Raises NotFound."""
    async with reading_session() as session:
        row = await member_links.find(session, digest(token), purpose, now=now)
    if row is None:
        raise gone()
    return {"email": row.email, "name": row.name}


async def used(case: UseCase, token: str, purpose: str, *, now: datetime) -> MemberRow:
    """Use a link up, once. Raises NotFound for every later use."""
    found = await member_links.find(case.session, digest(token), purpose, now=now)
    row = await members.lock(case.session, found.id) if found else None
    if row is None or await member_links.use(case.session, digest(token), purpose, now=now) is None:
        raise gone()
    return row


def gone() -> NotFound:
    """The same for unknown, expired and used links."""
    return NotFound("This link has expired or was already used. Ask for a new one.")
