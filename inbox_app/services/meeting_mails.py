"""The mails that follow a step of a meeting (PRODUCT 4.4), as the outbox hands them over.

They tell of the meeting as it is now: of an older version nothing is sent any more, the newer one has its own.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from inbox_app.data import calendars, views
from inbox_app.data.engine import reading_session
from inbox_app.data.members import value
from inbox_app.data.tables import ConversationRow, DeviceRow, MeetingRow, MemberRow, VisitorRow
from inbox_app.domain.errors import NotFound
from inbox_app.domain.identity import Claims
from inbox_app.integrations.invitation import Invitation, Method, Person, calendar_text
from inbox_app.integrations.mail_message import Mail, mailbox
from inbox_app.services import address_proof, mailing, meeting_links, meeting_words, transcripts
from inbox_app.services.identity import own_words
from inbox_app.services.mail_layout import as_html, as_text
from inbox_app.services.meeting_words import Met
from inbox_app.services.outgoing import Errand, NotNeeded
from inbox_app.settings import get_settings


async def to_visitor(errand: Errand, *, now: datetime) -> None:
    """The confirmation with the invitation, or that it was moved or cancelled."""
    met = await _met(errand, now)
    if not met.meeting.visitor_email:
        raise NotNeeded("no_address")
    language = meeting_words.language_of_visitor(met)
    manage_url = f"{get_settings().public_url}/meeting/{meeting_links.token_of(met.meeting.id, now=now)}"
    async with reading_session() as session:
        proof = await address_proof.token_for(session, met.meeting, now=now)
    blocks = meeting_words.visitor_blocks(met, f"{manage_url}#{proof}" if proof else manage_url)
    description = "" if met.is_cancelled else _described(meeting_words.invitation_text(met), manage_url)
    method: Method = "CANCEL" if met.is_cancelled else "REQUEST"
    await mailing.send(
        Mail(
            key=errand.key, to_name=met.meeting.visitor_name, to_email=met.meeting.visitor_email, date=now,
            subject=meeting_words.visitor_subject(met), text=as_text(blocks), html=as_html(blocks, language=language),
            reply_to=met.agent.email, method=method,
            calendar=calendar_text(_invitation(met, language, description), method),
        )
    )  # fmt: skip


async def to_agent(errand: Errand, *, now: datetime) -> None:
    """Who and when, with the chat so far; the event as a file where no connected calendar gets it."""
    met = await _met(errand, now)
    if met.agent.disabled_at is not None:
        raise NotNeeded("disabled")
    language = meeting_words.language_of_agent(met)
    url = f"{get_settings().public_url}/inbox/{met.meeting.conversation_id}"
    blocks = meeting_words.agent_blocks(met, conversation_url=url, transcript=await _chat(met))
    async with reading_session() as session:
        has_calendar = any(row.is_target for row in await calendars.of_member(session, met.agent.id))
    event = "" if has_calendar else calendar_text(_invitation(met, language, url), "PUBLISH")
    await mailing.send(
        Mail(
            key=errand.key, to_name=met.agent.name, to_email=met.agent.email, date=now,
            subject=meeting_words.agent_subject(met), text=as_text(blocks), html=as_html(blocks, language=language),
            reply_to=met.meeting.visitor_email, method="PUBLISH", calendar=event,
        )
    )  # fmt: skip


async def _met(errand: Errand, now: datetime) -> Met:
    """Raises NotNeeded for a meeting that is gone, has passed, or has a newer version."""
    async with reading_session() as session:
        meeting = await session.get(MeetingRow, errand.subject_id)
        if meeting is None:
            raise NotNeeded("gone")
        agent = await session.get_one(MemberRow, meeting.agent_id)
        visitor = await session.get_one(VisitorRow, meeting.visitor_id)
        conversation = await session.get_one(ConversationRow, meeting.conversation_id)
        told = await _told(session, meeting, visitor, conversation)
    if meeting.sequence > errand.payload["sequence"]:
        raise NotNeeded("superseded")
    if meeting.end_at <= now:
        raise NotNeeded("passed")
    return Met(meeting, agent, visitor, told, conversation)


async def _told(
    session: AsyncSession, meeting: MeetingRow, visitor: VisitorRow, conversation: ConversationRow
) -> Claims:
    """The record's words only to its proved address: anybody may type an address. Else what the browser said."""
    if visitor.email == meeting.visitor_email:
        return Claims(name=visitor.name, company=visitor.company)
    device = await session.get_one(DeviceRow, conversation.device_id)
    if device.visitor_id == visitor.id:
        return own_words(device, visitor)
    return Claims(name=conversation.said_name, company=conversation.said_more.get("company", ""))


async def _chat(met: Met) -> str:
    try:
        transcript = await views.transcript_for_mail(met.meeting.conversation_id)
    except NotFound:
        return ""
    return transcripts.as_text(transcript, value(met.agent))


def _invitation(met: Met, language: str, description: str) -> Invitation:
    meeting = met.meeting
    return Invitation(
        uid=meeting.uid, sequence=meeting.sequence, start=meeting.start_at, end=meeting.end_at,
        created_at=meeting.created_at, changed_at=meeting.changed_at, is_cancelled=met.is_cancelled,
        summary=meeting_words.event_summary(met, language), description=description, link=meeting.video_link,
        organizer=Person(met.agent.name, met.agent.email),
        attendee=Person(met.visitor_name, meeting.visitor_email), sent_by=mailbox(get_settings().mail_from),
    )  # fmt: skip


def _described(words: str, manage_url: str) -> str:
    return "\n\n".join(part for part in (words, manage_url) if part)
