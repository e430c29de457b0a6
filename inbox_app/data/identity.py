"""What makes two records of visitors one person, and which records may be one."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from inbox_app.data import past_words
from inbox_app.data.tables import ActivityRow, ConversationRow, DeviceRow, MeetingRow, OfflineMessageRow, VisitorRow
from inbox_app.data.views.rows import is_visible
from inbox_app.domain.people import Member, Role

CANDIDATES: Final = 3
GAPS: Final = ("name", "phone", "job_title", "company", "crm_status", "country")
C, V = ConversationRow, VisitorRow


async def absorb(session: AsyncSession, former: VisitorRow, person: VisitorRow, *, keeps_names: bool) -> list[str]:
    """Move everything of one record to another, which keeps its own values; delete the former. Its conversations.

    `keeps_names`: those conversations keep the name that was given in them, so that two people who share a mailbox
    keep theirs.
    """
    here = col(C.visitor_id) == former.id
    if keeps_names:
        await _keep_names(session, former, person)
    else:
        unsaid = {"said_name": "", "said_email": "", "keeps_words": False}
        await session.execute(update(C).where(here).values(**unsaid, merged_by_agent=True))
        merged = update(DeviceRow).where(col(DeviceRow.visitor_id) == former.id).values(merged_by_agent=True)
        await session.execute(merged)
    moved = (await session.execute(update(C).where(here).values(visitor_id=person.id).returning(col(C.id)))).scalars()
    conversations = list(moved)
    for table in (DeviceRow, ActivityRow, OfflineMessageRow, MeetingRow):  # after conversations: see begin_routing
        await session.execute(update(table).where(col(table.visitor_id) == former.id).values(visitor_id=person.id))
    for field in GAPS:
        if not getattr(person, field):
            setattr(person, field, getattr(former, field))
    if person.email is None:
        person.said_email = person.said_email or former.said_email
    user_id, former.user_id = former.user_id, None
    await session.flush()
    person.user_id = person.user_id or user_id
    await session.delete(former)
    await session.flush()
    return conversations


async def unproved_beside(session: AsyncSession, device: DeviceRow, record: VisitorRow) -> list[str]:
    """The other browsers of a record without a proved address: a proof by one of them says nothing of the others."""
    if record.email is not None:
        return []
    others = select(col(DeviceRow.id)).where(col(DeviceRow.visitor_id) == record.id, col(DeviceRow.id) != device.id)
    signed = or_(col(DeviceRow.user_id).is_(None), col(DeviceRow.user_id) != record.user_id)
    return list((await session.execute(others.where(signed) if record.user_id else others)).scalars())


async def note_merged(session: AsyncSession, device_ids: Collection[str], visitor_id: str) -> None:
    """These browsers, and their chats with the visitor, are there by an agent's merge."""
    if device_ids:
        theirs = col(C.device_id).in_(device_ids), col(C.visitor_id) == visitor_id
        await session.execute(update(C).where(*theirs).values(merged_by_agent=True))
        merged = update(DeviceRow).where(col(DeviceRow.id).in_(device_ids)).values(merged_by_agent=True)
        await session.execute(merged)


async def note_proof(session: AsyncSession, device: DeviceRow, person: VisitorRow) -> None:
    """The browser has proved to be this person's, so its chats with them are as well."""
    device.merged_by_agent = False
    its = col(C.device_id) == device.id, col(C.visitor_id) == person.id, col(C.merged_by_agent)
    await session.execute(update(C).where(*its).values(merged_by_agent=False))


async def _keep_names(session: AsyncSession, former: VisitorRow, person: VisitorRow) -> None:
    for record in (former, person):  # the person's own don't take what the other record is about to fill in
        await past_words.keep(session, record)
    await session.flush()
    nameless = col(C.visitor_id) == former.id, col(C.said_name) == "", ~col(C.keeps_words)
    if former.name != person.name:
        await session.execute(update(C).where(*nameless).values(said_name=former.name))


def same_address(member: Member, visitor_id: str) -> Any:
    """Records with an address that this visitor claims, best known first: those that the member may hear of.

    Somebody with an address that is proved is no claimant. Among claimants, an older record comes first.
    """
    mine, said = aliased(V), aliased(C)
    claimed = or_(
        col(V.email) == col(mine.said_email),
        and_(col(mine.said_email) != "", col(V.said_email) == col(mine.said_email), col(V.id) < col(mine.id)),
        col(V.email).in_(select(col(said.said_email)).where(col(said.visitor_id) == col(mine.id)).correlate(mine)),
    )
    return (
        select(V)
        .join(mine, and_(col(mine.id) == visitor_id, col(mine.email).is_(None)))
        .where(claimed, col(V.id) != visitor_id, _heard_of(member))
        .order_by(col(V.email).is_(None), col(V.id))
        .limit(CANDIDATES)
    )


def _heard_of(member: Member) -> ColumnElement[bool]:
    """Not only through another agent's active conversation (PRODUCT 1.1)."""
    own = select(C.id).where(col(C.visitor_id) == col(V.id)).correlate(V)  # type: ignore[call-overload]
    return or_(~own.exists(), own.where(is_visible(member)).exists())


async def is_denied(session: AsyncSession | AsyncConnection, device_id: str, email: str) -> bool:
    """Whether the owner of this address has said that this browser isn't theirs."""
    denied = select(DeviceRow.denied).where(col(DeviceRow.id) == device_id)  # type: ignore[call-overload]
    if email in ((await session.execute(denied)).scalar_one_or_none() or ()):
        return True
    statement = (
        select(MeetingRow.id)  # type: ignore[call-overload]
        .join(C, col(C.id) == col(MeetingRow.conversation_id))
        .where(col(C.device_id) == device_id, col(MeetingRow.visitor_email) == email)
        .where(col(MeetingRow.address_answer) == "no")
        .limit(1)
    )
    return (await session.execute(statement)).first() is not None


async def claiming_chat(session: AsyncSession | AsyncConnection, member: Member, visitor_id: str, email: str) -> Any:
    """(conversation, device) of the newest chat in which this visitor claims the address: the agent's own, or any's.

    None: there is none, or the address's owner has said that this browser isn't theirs.
    """
    statement = (
        select(C.id, C.device_id, DeviceRow.said)  # type: ignore[call-overload]
        .join(DeviceRow, and_(col(DeviceRow.id) == col(C.device_id), col(DeviceRow.visitor_id) == col(C.visitor_id)))
        .where(col(C.visitor_id) == visitor_id)
        .order_by(col(C.requested_at).desc(), col(C.id).desc())
    )
    if member.role is not Role.ADMIN:
        statement = statement.where(col(C.agent_id) == member.id)
    for row in (await session.execute(statement)).all():
        if row.said.get("email") == email:
            return None if await is_denied(session, row.device_id, email) else row
    return None


async def owners(session: AsyncSession, visitor_id: str) -> Sequence[str]:
    """The agents who have or had one of the visitor's conversations."""
    statement = select(C.agent_id).where(col(C.visitor_id) == visitor_id, col(C.agent_id).is_not(None)).distinct()  # type: ignore[call-overload]
    return list((await session.execute(statement)).scalars())
