"""Members: adding, listing, disabling, their own preferences."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.exc import IntegrityError

from inbox_app import live
from inbox_app.data import conversations, members, offers
from inbox_app.data.engine import reading_session
from inbox_app.data.ids import new_id
from inbox_app.data.tables import MemberRow
from inbox_app.domain.availability import NEVER
from inbox_app.domain.errors import Conflict, InvalidInput, NotFound
from inbox_app.domain.people import Member, Role, check_password, clean_email, clean_name
from inbox_app.services import routing, sign_in
from inbox_app.services.use_case import use_case
from inbox_app.texts.catalogue import LANGUAGES

COLOUR_SCHEMES = ("system", "light", "dark")


async def add(
    *, email: str, name: str, role: str, password: str, time_zone: str = "UTC", schedule: str | None = None,
    takes_chats: bool | None = None, now: datetime,
) -> Member:  # fmt: skip
    """A new member. Raises InvalidInput naming the field, Conflict when the email is taken."""
    row = MemberRow(
        id=new_id(), email=clean_email(email), name=clean_name(name), role=_role(role),
        takes_chats=_role(role) is Role.AGENT if takes_chats is None else takes_chats,
        password_hash=sign_in.hash_password(check_password(password)), time_zone=clean_time_zone(time_zone),
        schedule=_schedule(schedule), created_at=now,
    )  # fmt: skip
    try:
        async with use_case() as case:
            case.session.add(row)
            await case.session.flush()
            case.audit("member.added", by=None, now=now, subject=row.id, role=row.role)
    except IntegrityError:
        raise Conflict(f"There is a user with the email {row.email} already.") from None
    return members.value(row)


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise InvalidInput("role", "The role is agent, manager or admin.") from None


def clean_time_zone(time_zone: str) -> str:
    """An IANA name. Raises InvalidInput for another."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput("time_zone", "This is no time zone, such as Europe/Paris.") from None
    return time_zone


def _schedule(schedule: str | None) -> dict[str, object] | None:
    """None: one unbroken block. `none`: never. Weekly blocks come with the schedule editor."""
    if schedule is None:
        return None
    if schedule.strip().lower() == "none":
        return dict(NEVER)
    raise InvalidInput("schedule", "Weekly schedules come with a later version: leave --schedule out, or give none.")


async def everyone() -> list[MemberRow]:
    """All members, for the operator's list."""
    async with reading_session() as session:
        return await members.everyone(session)


async def disable(email: str, *, now: datetime) -> Member:
    """The member can no longer sign in and is signed out everywhere; what rings there goes to others. Raises NotFound."""
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        row = await members.by_email(case.session, email.strip().lower())
        if row is None:
            raise NotFound(f"There is no user with the email {email}.")
        row.disabled_at = row.disabled_at or now
        signed_in = await members.sign_ins_of(case.session, row.id)
        await members.sign_out(case.session, *signed_in)
        case.audit("member.disabled", by=None, now=now, subject=row.id)
        for sign_in_id in signed_in:
            sign_in.tell_signed_out(case, sign_in_id)
        for conversation_id in await offers.ringing_at(case.session, row.id):
            await routing.take_back(case, conversation_id, now=now)
    sign_in.forget(*signed_in)
    await routing.offer_waiting(now=now)
    return members.value(row)


async def set_preferences(
    *, member: Member, language: str | None = None, colour_scheme: str | None = None, now: datetime
) -> None:
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
