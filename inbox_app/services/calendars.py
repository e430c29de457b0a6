"""Connecting calendars outside (PRODUCT 4.1): first it is asked, then it is kept; a secret is told to nobody again."""

from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError

from inbox_app.data import calendars
from inbox_app.data.engine import reading_session
from inbox_app.data.ids import new_id
from inbox_app.data.tables import CalendarRow, MemberRow
from inbox_app.domain.errors import Conflict, InvalidInput, NotFound
from inbox_app.domain.people import Member, clean_name, clean_text
from inbox_app.domain.permissions import require_agent
from inbox_app.integrations.calendars import Connection, FoundCalendar, Reading, name_of
from inbox_app.integrations.calendars.troubles import CalendarTrouble
from inbox_app.services import calendar_sync
from inbox_app.services.calendar_access import connect, sealed
from inbox_app.services.calendar_login import clean_account, clean_password, clean_url, counted
from inbox_app.services.use_case import UseCase, use_case

NOT_CONNECTED: Final = (
    "No calendar could be read. Check the address, account and password, and ask your administrator whether calendar "
    "servers on your network are allowed."
)
"""The same whether nothing listens, nothing answers, a password is refused or the network is off limits.

Different sentences would let an agent scan ports through this server.
"""
MOST: Final = 20  # calendars of one agent


async def discover(url: str, account: str, password: str, *, member: Member, now: datetime) -> list[FoundCalendar]:
    """The calendars of an account on a CalDAV server. Raises InvalidInput that says what to do, TooManyRequests.

    Nothing is kept.
    """
    require_agent(member)
    login = clean_url(url), clean_account(account), clean_password(password)
    async with counted(member):
        connection = await _caldav(*login, now)
        try:
            return await connection.calendars()
        except CalendarTrouble as trouble:
            raise InvalidInput("url", NOT_CONNECTED) from trouble
        finally:
            await connection.close()


async def connect_caldav(
    address: str, account: str, password: str, *, name: str = "", member: Member, now: datetime
) -> str:
    """Connect the calendar at its own URL; the same one again has the new password from now on. Returns its id.

    It is read first: nothing is kept of one that cannot be. Raises InvalidInput that says what to do, and
    TooManyRequests.
    """
    require_agent(member)
    address, account, password = clean_url(address), clean_account(account), clean_password(password)
    name = clean_text(name, field="name") or name_of(address)
    async with counted(member):
        connection = await _caldav(address, account, password, now)
        return await keep(
            connection, kind="caldav", address=address, account=account, name=name, secret=password, member=member,
            now=now,
        )  # fmt: skip


async def keep(
    connection: Connection, *, kind: str, address: str, account: str, name: str, secret: str, member: Member,
    now: datetime,
) -> str:  # fmt: skip
    """Read it, then keep it with what is busy. Closes the connection. Raises InvalidInput that says what to do."""
    try:
        reading = await connection.busy(address, now, now + calendar_sync.AHEAD, zone=await _zone(member))
    except CalendarTrouble as trouble:
        raise InvalidInput("url", NOT_CONNECTED) from trouble
    finally:
        await connection.close()
    try:
        return await _kept(reading, kind, address, account, name, secret, member, now)
    except IntegrityError:
        raise Conflict("This calendar was connected a moment ago, in another window.") from None


async def _kept(
    reading: Reading, kind: str, address: str, account: str, name: str, secret: str, member: Member, now: datetime
) -> str:
    async with use_case() as case:
        row = await calendars.same(case.session, member.id, kind, address) or await _new(
            case, kind, address, member, now
        )
        row.name, row.account, row.secret = name or row.name, account, sealed(secret, now=now)
        _is_well(row, reading, now)
        case.session.add(row)
        await case.session.flush()
        await calendar_sync.store(case, row.id, member.id, reading.times or [])
        case.audit("calendar.connected", by=member.id, now=now, subject=member.id, kind=kind)
        calendar_sync.tell(case, member.id, is_news=True)
    return row.id


async def _new(case: UseCase, kind: str, address: str, member: Member, now: datetime) -> CalendarRow:
    others = await calendars.of_member(case.session, member.id)
    if len(others) >= MOST:
        raise InvalidInput("url", "At most {limit} calendars can be connected.", limit=MOST)
    return CalendarRow(
        id=new_id(), member_id=member.id, kind=kind, address=address, check_at=now, created_at=now,
        is_target=not any(row.is_target for row in others),
    )  # fmt: skip


def _is_well(row: CalendarRow, reading: Reading, now: datetime) -> None:
    row.status, row.problem, row.broken_since, row.checked_at = "ok", "", None, now
    row.check_at, row.checking_until = now + calendar_sync.EVERY, None
    row.known_until, row.version = now + calendar_sync.AHEAD, reading.version


async def rename(calendar_id: str, name: str, *, member: Member) -> None:
    """Call it otherwise here. Raises InvalidInput, NotFound."""
    name = clean_name(name)
    async with use_case() as case:
        (await _own(case, calendar_id, member)).name = name
        calendar_sync.tell(case, member.id, is_news=True)


async def set_target(calendar_id: str, is_target: bool, *, member: Member) -> None:
    """Whether meetings are written here. Those to come stay where they are. Raises NotFound."""
    async with use_case() as case:
        (await _own(case, calendar_id, member)).is_target = is_target
        calendar_sync.tell(case, member.id, is_news=True)


async def disconnect(calendar_id: str, *, member: Member, now: datetime) -> None:
    """Forget it, its secret and what was busy. What was written there stays there. Raises NotFound."""
    async with use_case() as case:
        row = await _own(case, calendar_id, member)
        await calendars.remove(case.session, row.id)
        case.audit("calendar.disconnected", by=member.id, now=now, subject=member.id, kind=row.kind)
        calendar_sync.tell(case, member.id, is_news=True)


async def _own(case: UseCase, calendar_id: str, member: Member) -> CalendarRow:
    require_agent(member)
    row = await case.session.get(CalendarRow, calendar_id, with_for_update=True)
    if row is None or row.member_id != member.id:
        raise NotFound
    return row


async def _zone(member: Member) -> str:
    async with reading_session() as session:
        return calendars.zone_of(await session.get_one(MemberRow, member.id))


async def _caldav(url: str, account: str, password: str, now: datetime) -> Connection:
    async def keep_nothing(_secret: str) -> None:
        return

    try:
        return await connect(kind="caldav", address=url, account=account, secret=password, keep=keep_nothing, now=now)
    except CalendarTrouble as trouble:
        raise InvalidInput("url", NOT_CONNECTED) from trouble
