"""Members: adding, listing, disabling, their own preferences."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from inbox_app import live
from inbox_app.data import conversations, meetings, member_links, members, tasks
from inbox_app.data.engine import reading_session
from inbox_app.data.ids import new_id
from inbox_app.data.tables import MemberRow
from inbox_app.domain import schedule as schedules
from inbox_app.domain.availability import NEVER
from inbox_app.domain.chat_settings import LIMITS
from inbox_app.domain.errors import Conflict, InvalidInput, NotFound
from inbox_app.domain.people import Member, Role, check_password, clean_email, clean_name
from inbox_app.domain.permissions import require_admin
from inbox_app.services import routing, sign_in, waiting
from inbox_app.services.availability import BOUNDARY
from inbox_app.services.member_links import INVITATION
from inbox_app.services.use_case import UseCase, use_case
from inbox_app.texts.catalogue import LANGUAGES

COLOUR_SCHEMES = ("system", "light", "dark")
CHANGEABLE: Final = ("name", "role", "capacity", "takes_chats", "is_disabled")


async def add(
    *, email: str, name: str, role: str, password: str, time_zone: str = "UTC", schedule: str | None = None,
    takes_chats: bool | None = None, by: str | None = None, now: datetime,
) -> Member:  # fmt: skip
    """A new member. Raises InvalidInput naming the field, Conflict when the email is taken."""
    row = MemberRow(
        id=new_id(), email=clean_email(email), name=clean_name(name), role=role_of(role),
        takes_chats=role_of(role) is Role.AGENT if takes_chats is None else takes_chats,
        password_hash=sign_in.hash_password(check_password(password)), time_zone=schedules.clean_time_zone(time_zone),
        schedule=schedule_of(schedule, time_zone), created_at=now,
    )  # fmt: skip
    try:
        async with use_case() as case:
            if await members.by_email(case.session, row.email) is not None:
                raise _taken(row.email)
            case.session.add(row)
            await case.session.flush()
            if row.takes_chats:
                await tasks.plan(case.session, BOUNDARY, row.id, due_at=now)
            case.audit("member.added", by=by, now=now, subject=row.id, role=row.role)
            case.tell(live.topics.everyone(), "people")
    except IntegrityError:
        raise _taken(row.email) from None
    return members.value(row)


def _taken(email: str) -> Conflict:
    return Conflict("There is a user with the email {email} already.", email=email)


def role_of(role: str) -> Role:
    """Raises InvalidInput."""
    try:
        return Role(role)
    except ValueError:
        raise InvalidInput("role", "The role is agent, manager or admin.") from None


def schedule_of(schedule: str | None, time_zone: str) -> dict[str, object] | None:
    """CONTRACT: None is one unbroken block, `none` is never, else days and hours."""
    if schedule is None:
        return None
    if schedule.strip().lower() == "none":
        return schedules.to_json(replace(NEVER, time_zone=time_zone))
    return schedules.to_json(schedules.from_text(schedule, time_zone=time_zone))


async def everyone() -> list[MemberRow]:
    """All members, for the operator's list."""
    async with reading_session() as session:
        return await members.everyone(session)


async def disable(email: str, *, now: datetime) -> Member:
    """The member can no longer sign in and is signed out everywhere. Raises NotFound, Conflict for the last admin."""
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        row = await _by_email(case, email)
        did_administer = _administers(row)
        row.disabled_at = row.disabled_at or now
        await _keep_an_admin(case, row, did_administer=did_administer)
        await _shut_out(case, row)
        case.audit("member.disabled", by=None, now=now, subject=row.id)
        case.tell(live.topics.everyone(), "people")
        await _note_meetings(case, row, by=None, now=now)
        await waiting.release_all_of(case, row, now=now)
    sign_in.forget()
    return members.value(row)


async def enable(email: str, *, now: datetime) -> Member:
    """The member can sign in again, with the password of before. Raises NotFound."""
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        row = await _by_email(case, email)
        _require_password(row)
        row.disabled_at = None
        await _end_invitation(case, row)
        case.audit("member.enabled", by=None, now=now, subject=row.id)
        case.tell(live.topics.everyone(), "people")
        await back_at_work(case, row, now=now)
    sign_in.forget()
    return members.value(row)


async def _by_email(case: UseCase, email: str) -> MemberRow:
    row = await members.by_email(case.session, email)
    if row is None:
        raise NotFound(f"There is no user with the email {email}.")
    return row


def _require_password(row: MemberRow) -> None:
    """An invited person who never joined has no password and couldn't sign in."""
    if not row.password_hash:
        raise Conflict("This person has no password yet. Send an invitation instead.")


async def _shut_out(case: UseCase, row: MemberRow) -> None:
    """No session and no link of theirs works any more."""
    await sign_in.end_all_of(case, row.id)
    await member_links.revoke(case.session, row.id)


async def _end_invitation(case: UseCase, row: MemberRow) -> None:
    """An open invitation would let whoever has its link set the password of an enabled account."""
    await member_links.revoke(case.session, row.id, INVITATION)


def _administers(row: MemberRow) -> bool:
    return row.role == Role.ADMIN and row.disabled_at is None


async def _keep_an_admin(case: UseCase, row: MemberRow, *, did_administer: bool) -> None:
    """Refuse a change that leaves no enabled admin (PRODUCT 9.5): nobody could undo it on the pages."""
    await case.session.flush()
    if did_administer and not _administers(row) and not await members.count_admins(case.session):
        raise Conflict("This is the last admin. Make someone else an admin first.")


async def back_at_work(case: UseCase, row: MemberRow, *, now: datetime) -> None:
    """Follow the schedule again, and take a chat that is waiting."""
    if row.takes_chats:
        await tasks.plan(case.session, BOUNDARY, row.id, due_at=now)
    await routing.offer_waiting_in(case, now=now)


async def set_preferences(*, member: Member, language: str | None = None, colour_scheme: str | None = None) -> None:
    """What a member chooses for the own screens. None: unchanged."""
    if language is not None and language not in LANGUAGES:
        raise InvalidInput("language", "The language is one of {names}.", names=", ".join(LANGUAGES))
    if colour_scheme is not None and colour_scheme not in COLOUR_SCHEMES:
        raise InvalidInput("colour_scheme", "The scheme is one of {names}.", names=", ".join(COLOUR_SCHEMES))
    async with use_case() as case:
        row = await case.session.get_one(MemberRow, member.id)
        row.language = language or row.language
        row.colour_scheme = colour_scheme or row.colour_scheme
        case.tell(live.topics.agent(member.id), "preferences", language=row.language, colour_scheme=row.colour_scheme)
    sign_in.forget()


async def listed(member: Member, *, now: datetime) -> list[dict[str, Any]]:
    """Everyone, for admins. `is_invited`: the person is disabled and has a link to join."""
    require_admin(member)
    async with reading_session() as session:
        rows = await members.everyone(session)
        invited = await member_links.members_with(session, INVITATION, now=now)
    return [
        {
            "id": row.id, "email": row.email, "name": row.name, "role": row.role, "takes_chats": row.takes_chats,
            "capacity": row.capacity, "time_zone": row.time_zone, "is_disabled": row.disabled_at is not None,
            "picture": members.picture_url(row),
            "is_invited": row.disabled_at is not None and row.id in invited,
        }
        for row in rows
    ]  # fmt: skip


async def invite(value: dict[str, Any], *, member: Member, now: datetime) -> str:
    """An admin adds somebody with a first password."""
    require_admin(member)
    text = {name: str(value.get(name) or "") for name in ("email", "name", "role", "password", "time_zone")}
    added = await add(
        email=text["email"], name=text["name"], role=text["role"], password=text["password"],
        time_zone=text["time_zone"] or "UTC", by=member.id, now=now,
    )  # fmt: skip
    return added.id


async def change(member_id: str, changes: dict[str, Any], *, member: Member, now: datetime) -> None:
    """An admin changes name, role, capacity, takes_chats, or takes the access away.

    Raises InvalidInput, NotFound, Conflict.

    Who is removed, or takes no chats any more, gives the chats to others at once (PRODUCT 3.8).

    """
    require_admin(member)
    cleaned = {name: _changed(name, value) for name, value in changes.items()}
    if member_id == member.id and (cleaned.get("is_disabled") or cleaned.get("role", Role.ADMIN) != Role.ADMIN):
        raise Conflict("You cannot take your own admin rights away: another admin can.")
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        row = await case.session.get(MemberRow, member_id)
        if row is None:
            raise NotFound
        did_administer = _administers(row)
        _apply(row, cleaned, now=now)
        await _keep_an_admin(case, row, did_administer=did_administer)
        if cleaned.get("is_disabled"):
            await _shut_out(case, row)
        elif row.disabled_at is None:
            await _end_invitation(case, row)
        case.audit("member.changed", by=member.id, now=now, subject=member_id, **changes)
        if cleaned.get("is_disabled"):
            await _note_meetings(case, row, by=member.id, now=now)
        case.tell(live.topics.agent(member_id), "availability")
        case.tell(live.topics.everyone(), "people")
        if row.disabled_at is not None or not row.takes_chats:
            await waiting.release_all_of(case, row, now=now)
        else:
            await back_at_work(case, row, now=now)
    sign_in.forget()


def _apply(row: MemberRow, changes: dict[str, Any], *, now: datetime) -> None:
    for name in changes.keys() & {"name", "role", "capacity", "takes_chats"}:
        setattr(row, name, changes[name])
    if row.role == Role.MANAGER:  # PRODUCT: never joins
        row.takes_chats = False
    elif changes.get("role") == Role.AGENT:
        row.takes_chats = changes.get("takes_chats", True)
    if changes.get("is_disabled") is False:
        _require_password(row)
    if "is_disabled" in changes:
        row.disabled_at = (row.disabled_at or now) if changes["is_disabled"] else None


def _changed(name: str, value: Any) -> Any:
    if name not in CHANGEABLE:
        raise InvalidInput(name, "This cannot be changed so.")
    if name == "name":
        return clean_name(str(value or ""))
    if name == "role":
        return role_of(str(value))
    if name == "capacity":
        low, high = LIMITS["capacity"]
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high):
            raise InvalidInput(name, "This is a whole number from {low} to {high}.", low=low, high=high)
        return value
    if not isinstance(value, bool):
        raise InvalidInput(name, "This cannot be changed so.")
    return value


async def _note_meetings(case: UseCase, row: MemberRow, *, by: str | None, now: datetime) -> None:
    """Meetings of somebody who is no longer here stay booked: an admin decides what becomes of them."""
    if ahead := await meetings.ahead_of(case.session, row.id, now=now):
        case.audit("meetings.unattended", by=by, now=now, subject=row.id, name=row.name, meetings=ahead)
