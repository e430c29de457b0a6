"""Visitors and their browsers. What makes two records one person is in `data/identity.py`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.engine import reading
from inbox_app.data.gathering import Gathering
from inbox_app.data.ids import digest, new_id
from inbox_app.data.tables import ActivityRow, ConversationRow, DeviceRow, VisitorRow
from inbox_app.data.uninterrupted import uninterrupted
from inbox_app.data.views.rows import is_visible
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.people import Device, Member, spellings

is_known: Final = or_(
    col(VisitorRow.email).is_not(None), col(VisitorRow.user_id).is_not(None), col(VisitorRow.confirmed_by) != ""
)
"""Somebody else than the visitor's browser vouches for the record."""
_is_going_on: Final = col(ConversationRow.state).in_(["waiting", "offered", "active"])

_DEVICES: Final = (
    select(  # type: ignore[call-overload]
        DeviceRow.token_digest, DeviceRow.id, DeviceRow.visitor_id, DeviceRow.said, DeviceRow.shown_id,
        DeviceRow.time_zone, VisitorRow.name, is_known.label("is_known"),
    )
    .join(VisitorRow, col(VisitorRow.id) == col(DeviceRow.visitor_id))
    .where(col(DeviceRow.token_digest).in_(bindparam("digests", expanding=True)))
)  # fmt: skip
"""Built once: every browser that writes is asked for every 30 s."""


async def devices_of(tokens: Sequence[str]) -> list[Device | None]:
    """The browser of each token, or None."""
    digests = [digest(token) for token in tokens]
    async with reading() as connection:
        rows = (await connection.execute(_DEVICES, {"digests": digests})).all()
    found = {row.token_digest: Device(row.id, row.visitor_id, _name(row), row.shown_id, row.time_zone) for row in rows}
    return [found.get(one) for one in digests]


def _name(row: Any) -> str:
    """Its own words; a record that others vouch for is not read out to a browser that may be a stranger's."""
    return str(row.said.get("name", "")) or ("" if row.is_known else row.name)


device_of: Final = Gathering(uninterrupted(devices_of))
"""`await device_of(token)`: after a restart every open page asks at the same moment."""


async def add_device(session: AsyncSession, token: str, *, now: datetime) -> tuple[DeviceRow, VisitorRow]:
    """A new browser of a visitor of whom nothing is known."""
    visitor = await add(session, now=now)
    device = DeviceRow(
        id=new_id(), token_digest=digest(token), visitor_id=visitor.id, shown_id=visitor.id, created_at=now
    )
    session.add(device)
    await session.flush()
    return device, visitor


async def add(session: AsyncSession, *, now: datetime) -> VisitorRow:
    """A record without a known person."""
    visitor = VisitorRow(id=new_id(), created_at=now, seen_at=now)
    session.add(visitor)
    await session.flush()
    return visitor


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


async def has_another(session: AsyncSession, visitor_id: str, device_id: str) -> bool:
    """Whether a browser other than this one is the visitor's."""
    others = select(DeviceRow.id).where(col(DeviceRow.visitor_id) == visitor_id, col(DeviceRow.id) != device_id)  # type: ignore[call-overload]
    return (await session.execute(others.limit(1))).first() is not None


async def browsers_of(session: AsyncSession, *visitor_ids: str) -> Sequence[DeviceRow]:
    """These visitors' browsers, locked."""
    theirs = select(DeviceRow).where(col(DeviceRow.visitor_id).in_(visitor_ids)).order_by(col(DeviceRow.id))
    return (await session.execute(theirs.with_for_update())).scalars().all()


async def by_email(session: AsyncSession, email: str) -> VisitorRow | None:
    """The person with this address; people who only claim it aren't found."""
    known = spellings(email)
    found = (await session.execute(select(VisitorRow).where(col(VisitorRow.email).in_(known)))).scalars()
    return min(found, key=lambda row: known.index(str(row.email)), default=None)


async def by_user_id(session: AsyncSession, user_id: str) -> VisitorRow | None:
    """The person with this id of the site."""
    return (await session.execute(select(VisitorRow).where(col(VisitorRow.user_id) == user_id))).scalar_one_or_none()


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
