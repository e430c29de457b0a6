"""Visitors, their browsers, and what becomes one person when an email is given."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.gathering import Gathering
from inbox_app.data.ids import digest, new_id
from inbox_app.data.tables import ActivityRow, ConversationRow, DeviceRow, MeetingRow, OfflineMessageRow, VisitorRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.data.views.rows import is_visible
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.people import Device, Member

_is_going_on: Final = col(ConversationRow.state).in_(["waiting", "offered", "active"])


async def devices_of(tokens: Sequence[str]) -> list[Device | None]:
    """The browser of each token, or None."""
    digests = [digest(token) for token in tokens]
    statement = (
        select(DeviceRow.token_digest, DeviceRow.id, DeviceRow.visitor_id, VisitorRow.name)  # type: ignore[call-overload]
        .join(VisitorRow, col(VisitorRow.id) == col(DeviceRow.visitor_id))
        .where(col(DeviceRow.token_digest).in_(digests))
    )
    async with reading() as connection:
        rows = (await connection.execute(statement)).all()
    found = {row.token_digest: Device(row.id, row.visitor_id, row.name) for row in rows}
    return [found.get(one) for one in digests]


device_of: Final = Gathering(uninterrupted(devices_of))
"""`await device_of(token)`: after a restart every open page asks at the same moment."""


async def add_device(session: AsyncSession, token: str, *, now: datetime) -> tuple[DeviceRow, VisitorRow]:
    """A new browser of a visitor of whom nothing is known."""
    visitor = VisitorRow(id=new_id(), created_at=now, seen_at=now)
    session.add(visitor)
    await session.flush()
    device = DeviceRow(id=new_id(), token_digest=digest(token), visitor_id=visitor.id, created_at=now)
    session.add(device)
    await session.flush()
    return device, visitor


async def get(session: AsyncSession, visitor_id: str) -> VisitorRow | None:
    """The visitor, locked."""
    statement = select(VisitorRow).where(col(VisitorRow.id) == visitor_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def get_visible(session: AsyncSession, visitor_id: str, member: Member) -> VisitorRow | None:
    """The visitor, locked, if the member may see one of the visitor's conversations."""
    sight = (
        select(ConversationRow.id)  # type: ignore[call-overload]
        .where(col(ConversationRow.visitor_id) == visitor_id, is_visible(member))
        .limit(1)
    )
    if (await session.execute(sight)).scalar_one_or_none() is None:
        return None
    return await get(session, visitor_id)


async def add_person(session: AsyncSession, email: str, *, now: datetime) -> VisitorRow:
    """A new record for an address."""
    person = VisitorRow(id=new_id(), email=email, created_at=now, seen_at=now)
    session.add(person)
    await session.flush()
    return person


async def last_page(session: AsyncSession, visitor_id: str) -> str | None:
    """The page that the visitor opened last."""
    statement = (
        select(ActivityRow.title)  # type: ignore[call-overload]
        .where(col(ActivityRow.visitor_id) == visitor_id, col(ActivityRow.type) == ActivityType.VISITED_PAGE)
        .order_by(col(ActivityRow.at).desc(), col(ActivityRow.id).desc())
        .limit(1)
    )
    found: str | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def visitor_of(session: AsyncSession, device_id: str) -> tuple[DeviceRow, VisitorRow]:
    """A browser, locked since it may be moving to another visitor, and its visitor."""
    mine = select(DeviceRow).where(col(DeviceRow.id) == device_id).with_for_update()
    device = (await session.execute(mine)).scalar_one()
    visitor = (await session.execute(select(VisitorRow).where(col(VisitorRow.id) == device.visitor_id))).scalar_one()
    return device, visitor


async def by_email(session: AsyncSession, email: str) -> VisitorRow | None:
    """The person with this address."""
    return (await session.execute(select(VisitorRow).where(col(VisitorRow.email) == email))).scalar_one_or_none()


async def move_device(session: AsyncSession, device: DeviceRow, *, to: VisitorRow, take_all: bool) -> None:
    """PRODUCT 6.4: the browser belongs to another person from now on.

    `take_all`: the former record was anonymous; what it did goes along, and if no browser is left, it goes.
    """
    former = device.visitor_id
    device.visitor_id = to.id
    await session.flush()
    if not take_all:
        return
    # Conversations first: who holds one may add an activity.
    for table in (ConversationRow, ActivityRow, OfflineMessageRow, MeetingRow):
        await session.execute(update(table).where(col(table.visitor_id) == former).values(visitor_id=to.id))
    left = select(func.count()).select_from(DeviceRow).where(col(DeviceRow.visitor_id) == former)
    if not (await session.execute(left)).scalar_one():
        await session.delete(await session.get_one(VisitorRow, former))
        await session.flush()


async def open_conversations(session: AsyncSession, visitor_id: str) -> list[tuple[str, str | None]]:
    """(conversation, agent) of what is going on with a visitor."""
    statement = select(ConversationRow.id, ConversationRow.agent_id).where(  # type: ignore[call-overload]
        col(ConversationRow.visitor_id) == visitor_id, _is_going_on
    )
    return [(row.id, row.agent_id) for row in (await session.execute(statement)).all()]


async def going_on_in(session: AsyncSession, device_ids: Collection[str]) -> list[tuple[str, str, str | None]]:
    """(device, conversation, agent) of what is going on with these browsers."""
    statement = select(ConversationRow.device_id, ConversationRow.id, ConversationRow.agent_id).where(  # type: ignore[call-overload]
        col(ConversationRow.device_id).in_(device_ids), _is_going_on
    )
    return [(row.device_id, row.id, row.agent_id) for row in (await session.execute(statement)).all()]
