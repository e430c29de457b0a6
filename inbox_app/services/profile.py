"""What a member shows of themselves: the name and the picture."""

import asyncio
import hashlib
from datetime import datetime

from inbox_app import live
from inbox_app.data.engine import reading_session
from inbox_app.data.tables import MemberPictureRow, MemberRow
from inbox_app.domain.errors import InvalidInput, NotFound
from inbox_app.domain.people import Member, clean_name
from inbox_app.integrations.pictures import MAX_PIXELS, NotAPicture, square
from inbox_app.services import sign_in
from inbox_app.services.use_case import UseCase, use_case


async def rename(name: str, *, member: Member, now: datetime) -> None:
    """Change one's own name. What was said under the old one stays as it was. Raises InvalidInput."""
    cleaned = clean_name(name)
    async with use_case() as case:
        row = await case.session.get_one(MemberRow, member.id, with_for_update=True)
        if row.name == cleaned:
            return
        case.audit("member.renamed", by=member.id, now=now, subject=member.id, before=row.name, after=cleaned)
        row.name = cleaned
        _tell(case, member)
    sign_in.forget()


async def set_picture(content: bytes, *, member: Member, now: datetime) -> None:
    """Keep a small copy of an uploaded picture. Raises InvalidInput."""
    try:
        small = await asyncio.to_thread(square, content)
    except NotAPicture:
        raise InvalidInput(
            "picture", "Choose a JPEG, PNG or WebP picture of at most {limit} megapixels.", limit=MAX_PIXELS // 10**6
        ) from None
    async with use_case() as case:
        row = await case.session.get_one(MemberRow, member.id, with_for_update=True)
        await case.session.merge(MemberPictureRow(member_id=member.id, content=small))
        row.picture = hashlib.sha256(small).hexdigest()[:16]
        case.audit("picture.changed", by=member.id, now=now, subject=member.id)
        _tell(case, member)


async def remove_picture(*, member: Member, now: datetime) -> None:
    """Show the initials again."""
    async with use_case() as case:
        row = await case.session.get_one(MemberRow, member.id, with_for_update=True)
        if row.picture is None:
            return
        row.picture = None
        await case.session.delete(await case.session.get_one(MemberPictureRow, member.id))
        case.audit("picture.removed", by=member.id, now=now, subject=member.id)
        _tell(case, member)


async def picture(member_id: str, version: str) -> bytes:
    """A member's picture as WebP. Raises NotFound, also for a version that was replaced."""
    async with reading_session() as session:
        row = await session.get(MemberRow, member_id)
        found = await session.get(MemberPictureRow, member_id)
    if row is None or found is None or row.picture != version:
        raise NotFound
    return found.content


def _tell(case: UseCase, member: Member) -> None:
    case.tell(live.topics.agent(member.id), "preferences")
    case.tell(live.topics.everyone(), "people")
