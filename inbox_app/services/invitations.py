"""Inviting people: they're disabled members until they set name and password by a one-time link.

Being disabled keeps an invited person out of routing, calendars and sign-in without a state of its own.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError

from inbox_app import live
from inbox_app.data import conversations, members
from inbox_app.data import member_links as links
from inbox_app.data.ids import new_id
from inbox_app.data.tables import MemberRow
from inbox_app.domain import schedule as schedules
from inbox_app.domain.errors import Conflict, NotFound
from inbox_app.domain.people import Member, Role, check_password, clean_email, clean_name
from inbox_app.domain.permissions import require_admin
from inbox_app.services import member_links, people, sign_in
from inbox_app.services.hashing import hashing
from inbox_app.services.member_links import INVITATION, RESET, Handed
from inbox_app.services.use_case import UseCase, use_case


async def invite(
    *, email: str, name: str, role: str, time_zone: str | None = None, schedule: str | None = None, by: Member | None,
    now: datetime,
) -> Handed:  # fmt: skip
    """Invite a new person, or a disabled one again, whose time zone and hours stay unless given.

    `by` None: the operator. Raises InvalidInput, Conflict.
    """
    if by is not None:
        require_admin(by)
    address, called, chosen = clean_email(email), clean_name(name), people.role_of(role)
    zone = schedules.clean_time_zone(time_zone or "UTC")
    hours = people.schedule_of(schedule, zone)
    try:
        async with use_case() as case:
            await conversations.begin_routing(case.session)
            row = await members.by_email(case.session, email)
            if row is None:
                row = MemberRow(
                    id=new_id(), email=address, name=called, role=chosen, takes_chats=chosen is Role.AGENT,
                    password_hash="", time_zone=zone, schedule=hours, created_at=now, disabled_at=now,
                )  # fmt: skip
                case.session.add(row)
                await case.session.flush()
            else:
                _require_disabled(row)
                row.name, row.role, row.takes_chats = called, chosen, chosen is Role.AGENT
                row.time_zone = zone if time_zone else row.time_zone
                row.schedule = hours | {"time_zone": row.time_zone} if hours else row.schedule
            return await _invited(case, row, by=by, now=now)
    except IntegrityError:
        raise Conflict("There is a user with the email {email} already.", email=address) from None


async def invite_form(value: dict[str, Any], *, member: Member, now: datetime) -> Handed:
    """The same from a form or a body, whose values may be anything."""
    text = {name: str(value.get(name) or "") for name in ("email", "name", "role", "time_zone")}
    return await invite(
        email=text["email"], name=text["name"], role=text["role"], time_zone=text["time_zone"] or None, by=member,
        now=now,
    )  # fmt: skip


async def invite_again(member_id: str, *, member: Member, now: datetime) -> Handed:
    """A new link for an invited or disabled person; earlier ones stop working. Raises NotFound, Conflict."""
    require_admin(member)
    async with use_case() as case:
        row = await members.lock(case.session, member_id)
        if row is None:
            raise NotFound
        _require_disabled(row)
        return await _invited(case, row, by=member, now=now)


async def _invited(case: UseCase, row: MemberRow, *, by: Member | None, now: datetime) -> Handed:
    language = (by.language if by else None) or "en"
    handed = await member_links.hand_over(case, row, INVITATION, language=language, now=now)
    case.tell(live.topics.everyone(), "people")
    case.audit(
        "member.invited", by=by.id if by else None, now=now, subject=row.id, role=row.role, by_mail=handed.is_mailed
    )
    return handed


def _require_disabled(row: MemberRow) -> None:
    if row.disabled_at is None:
        raise Conflict("There is a user with the email {email} already.", email=row.email)


async def reset_link(member_id: str, *, member: Member, now: datetime) -> Handed:
    """A link for an enabled person who forgot the password, made by an admin. Raises NotFound, Conflict."""
    require_admin(member)
    async with use_case() as case:
        row = await members.lock(case.session, member_id)
        if row is None:
            raise NotFound
        if row.disabled_at is not None:
            raise Conflict("This person is disabled. Enable or invite them first.")
        handed = await member_links.hand_over(case, row, RESET, language=member.language or "en", now=now)
        case.audit("password.reset_offered", by=member.id, now=now, subject=row.id, by_mail=handed.is_mailed)
    return handed


class Joined(NamedTuple):
    """Someone who accepted: the token for the cookie, and the account that it signs in."""

    token: str
    email: str


async def accept(token: str, *, name: str, password: str, address: str, user_agent: str, now: datetime) -> Joined:
    """Join: set name and password, enable the account, end its earlier sessions and sign in.

    Raises InvalidInput and NotFound before a password is hashed and the link used. An account that is enabled by now
    keeps its password: only a reset link replaces that.
    """
    called, chosen = clean_name(name), check_password(password)
    await member_links.person_of(token, INVITATION, now=now)
    hashed = await hashing(lambda: sign_in.hash_password(chosen))
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        row = await member_links.used(case, token, INVITATION, now=now)
        if row.disabled_at is None:
            raise member_links.gone()
        row.name, row.password_hash, row.disabled_at = called, hashed, None
        await links.revoke(case.session, row.id)
        await sign_in.end_all_of(case, row.id)
        case.audit("member.joined", by=row.id, now=now, subject=row.id)
        case.tell(live.topics.everyone(), "people")
        await people.back_at_work(case, row, now=now)
        session_token = sign_in.start(case, row, address=address, user_agent=user_agent, now=now)
    sign_in.forget()
    return Joined(session_token, row.email)


def as_json(handed: Handed) -> dict[str, Any]:
    """What an admin sees: `url` is null when it was mailed."""
    return {"url": handed.url or None, "is_mailed": handed.is_mailed, "expires_at": handed.expires_at}
