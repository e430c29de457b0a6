"""Writes a meeting into its agent's calendars, and takes a cancelled one away (PRODUCT 4.4)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from inbox_app.data import calendars
from inbox_app.data.engine import reading_session
from inbox_app.data.tables import CalendarRow, ConversationRow, MeetingRow, MemberRow, VisitorRow
from inbox_app.domain.booking import MeetingStatus
from inbox_app.domain.identity import more_in_chat
from inbox_app.integrations.calendars import Connection, Event
from inbox_app.integrations.calendars.troubles import CalendarTrouble, as_shown_to_agents
from inbox_app.services.address_words import address_words
from inbox_app.services.calendar_access import Opener, connect, opened
from inbox_app.services.outgoing import Errand, NotNow
from inbox_app.texts.catalogue import closest_language, translate

PROBLEM: Final = "calendar"
log = logging.getLogger(__name__)


async def bring_up_to_date(errand: Errand, *, now: datetime, opener: Opener = connect) -> None:
    """As the meeting stands now, whatever was planned. Again: the same. Raises NotNow while a calendar is broken."""
    async with reading_session() as session:
        meeting = await session.get_one(MeetingRow, errand.subject_id)
        member = await session.get_one(MemberRow, meeting.agent_id)
        visitor = await session.get_one(VisitorRow, meeting.visitor_id)
        conversation = await session.get_one(ConversationRow, meeting.conversation_id)
        rows = await calendars.of_member(session, meeting.agent_id)
    if meeting.status == MeetingStatus.CANCELLED:
        await _all(_remove(row, meeting.uid, now, opener) for row in rows)
    else:
        event = _event(meeting, member, visitor, conversation)
        await _all(_write(row, event, now, opener) for row in rows if row.is_target)


async def _all(deeds: Iterable[Awaitable[None]]) -> None:
    """Each is tried, also when another one fails."""
    results = await asyncio.gather(*deeds, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _write(row: CalendarRow, event: Event, now: datetime, opener: Opener) -> None:
    async with _reached(row, now, opener) as connection:
        await connection.write(row.address, event)


async def _remove(row: CalendarRow, uid: str, now: datetime, opener: Opener) -> None:
    """Also where meetings are not written any more: it may have been written there before."""
    async with _reached(row, now, opener) as connection:
        await connection.remove(row.address, uid)


@asynccontextmanager
async def _reached(row: CalendarRow, now: datetime, opener: Opener) -> AsyncIterator[Connection]:
    """Raises NotNow with what admins may read; the log has the rest."""
    try:
        async with opened(row, now=now, opener=opener) as connection:
            yield connection
    except CalendarTrouble as trouble:
        log.info("calendars: %s wasn't written to, %s: %s", row.id, type(trouble).__name__, trouble)
        raise NotNow(PROBLEM, as_shown_to_agents(trouble, row.kind)[0]) from trouble


def _event(meeting: MeetingRow, member: MemberRow, visitor: VisitorRow, conversation: ConversationRow) -> Event:
    """In the agent's language."""
    language = closest_language(member.language)
    who = meeting.visitor_name or meeting.visitor_email
    is_confirmed = visitor.email == meeting.visitor_email and not conversation.merged_by_agent
    more = more_in_chat(conversation.said_more, visitor, keeps_words=conversation.keeps_words)
    lines = [
        meeting.visitor_name,
        address_words(meeting.visitor_email, language, is_confirmed=is_confirmed),
        more["phone"],
        more["company"],
        meeting.video_link,
    ]
    return Event(
        uid=meeting.uid, sequence=meeting.sequence, title=translate("Meeting with {name}", language, name=who),
        text="\n".join(line for line in lines if line), place=meeting.video_link, start=meeting.start_at,
        end=meeting.end_at, changed_at=meeting.changed_at,
    )  # fmt: skip
