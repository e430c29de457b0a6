"""What a past conversation keeps of its visitor's words (PRODUCT 1.5, 6.4).

A conversation goes by the record of its visitor. Before words that come later change that record, the visitor's past
conversations take a copy of what it says, so that what one person said on a shared browser never names another's chat.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from inbox_app.data.tables import ConversationRow, DeviceRow, VisitorRow
from inbox_app.data.views.rows import is_past, is_visible
from inbox_app.domain.errors import NotFound
from inbox_app.domain.identity import MORE
from inbox_app.domain.people import Member

C = ConversationRow
_COLUMNS: Final = {"name": "said_name", "email": "said_email"}


async def keep(session: AsyncSession, visitor: VisitorRow, *, but: str | None = None) -> None:
    """Call before the record changes. `but`: the conversation in which it is being said."""
    mine = select(C).where(col(C.visitor_id) == visitor.id, is_past, ~col(C.keeps_words))
    for row in (await session.execute(mine if but is None else mine.where(col(C.id) != but))).scalars():
        row.said_name = row.said_name or visitor.name
        row.said_email = row.said_email or visitor.email or visitor.said_email
        row.said_more = {name: value for name in MORE if (value := getattr(visitor, name))} | row.said_more
        row.keeps_words = True


async def correct(session: AsyncSession, visitor_id: str, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """An agent corrected these fields of the record: the same slip is corrected wherever it was kept."""
    kept = select(C).where(col(C.visitor_id) == visitor_id, col(C.keeps_words))
    for row in (await session.execute(kept)).scalars():
        for field, value in after.items():
            _correct(row, field, before[field], value)


async def correct_beside(
    session: AsyncSession, visitor: VisitorRow, conversation_id: str, member: Member, after: Mapping[str, str]
) -> bool:
    """The agent corrected these fields beside this chat: what was said in it too. Whether that changed anything.

    An address that the agent enters there is vouched for, like one that is proved. Raises NotFound for a chat that
    isn't this visitor's, or that the member may not see.
    """
    mine = select(C).where(col(C.id) == conversation_id, col(C.visitor_id) == visitor.id, is_visible(member))
    row = (await session.execute(mine.with_for_update())).scalar_one_or_none()
    if row is None:
        raise NotFound
    before = (row.said_name, row.said_email, row.said_more, row.merged_by_agent)
    for field, value in after.items():
        said = getattr(row, _COLUMNS[field]) if field in _COLUMNS else row.said_more.get(field, "")
        _correct(row, field, said, value)
    device = await session.get_one(DeviceRow, row.device_id)
    if after.get("email") and device.visitor_id == visitor.id:
        device.merged_by_agent = row.merged_by_agent = False
    return before != (row.said_name, row.said_email, row.said_more, row.merged_by_agent)


def _correct(row: ConversationRow, field: str, before: str, after: str) -> None:
    if (column := _COLUMNS.get(field)) and getattr(row, column) == before != "":
        setattr(row, column, after)
    elif field in MORE and row.said_more.get(field, "") == before != "":
        row.said_more = row.said_more | {field: after}
