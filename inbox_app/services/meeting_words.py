"""What the mails about a meeting say, to the visitor and to the agent, each in their own language and zone."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_time, get_timezone_name

from inbox_app.data.calendars import zone_of
from inbox_app.data.tables import ConversationRow, MeetingRow, MemberRow, VisitorRow
from inbox_app.domain import invitation
from inbox_app.domain.booking import MeetingStatus
from inbox_app.domain.identity import Claims, more_in_chat
from inbox_app.domain.people import visitor_title
from inbox_app.services.address_words import address_words
from inbox_app.services.mail_layout import Block, Facts, Link, Paragraph, Quotation, Title
from inbox_app.texts.catalogue import Language, closest_language, translate


@dataclass(frozen=True)
class Met:
    """A meeting with its two people.

    `told`: what a mail to the address that was typed may say of the visitor. `conversation`: in which it was booked.
    """

    meeting: MeetingRow
    agent: MemberRow
    visitor: VisitorRow
    told: Claims
    conversation: ConversationRow

    @property
    def is_cancelled(self) -> bool:
        return self.meeting.status == MeetingStatus.CANCELLED

    @property
    def address_for_agent(self) -> str:
        """In the agent's language; it says so where it's only claimed."""
        email = self.meeting.visitor_email
        is_confirmed = self.visitor.email == email and not self.conversation.merged_by_agent
        return address_words(email, language_of_agent(self), is_confirmed=is_confirmed)

    @property
    def more(self) -> dict[str, str]:
        """For the agent: the phone, job title and company in the chat."""
        return more_in_chat(self.conversation.said_more, self.visitor, keeps_words=self.conversation.keeps_words)

    @property
    def visitor_name(self) -> str:
        """As it was given with the booking, or else as the visitor may be told it."""
        return visitor_title(self.meeting.visitor_name or self.told.name, self.visitor.id)


@dataclass(frozen=True)
class When:
    """An instant as somebody reads it."""

    date: str
    time: str
    span: str
    zone: str

    @property
    def whole(self) -> str:
        return f"{self.date}, {self.span} ({self.zone})"


def when(met: Met, time_zone: str, language: str) -> When:
    """The meeting on the wall of that zone, in that language."""
    zone = _zone(time_zone)
    start, end = met.meeting.start_at.astimezone(zone), met.meeting.end_at.astimezone(zone)
    return When(
        format_date(start.date(), "full", locale=language),
        _time(start, zone, language),
        f"{_time(start, zone, language)} – {_time(end, zone, language)}",
        get_timezone_name(start, width="long", locale=language),
    )


def _time(instant: datetime, zone: tzinfo, language: str) -> str:
    return format_time(instant, "short", tzinfo=zone, locale=language).replace("\u202f", "\u00a0")


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def language_of_visitor(met: Met) -> Language:
    return closest_language(met.meeting.language)


def language_of_agent(met: Met) -> Language:
    return closest_language(met.agent.language)


def speaking(language: str) -> Callable[..., str]:
    """`t("A sentence")` in that language."""
    return functools.partial(translate, language=language)


def event_summary(met: Met, language: str) -> str:
    """The event's title in both calendars."""
    t = speaking(language)
    return t("Meeting: {agent} and {visitor}", agent=met.agent.name, visitor=met.visitor_name)


def invitation_text(met: Met) -> str:
    """The agent's own words for this visitor (PRODUCT 4.2)."""
    at = when(met, met.meeting.time_zone, language_of_visitor(met))
    values = {
        "visitor_name": met.meeting.visitor_name or met.told.name, "agent_name": met.agent.name,
        "company": met.told.company, "date": at.date, "time": at.time, "video_link": met.meeting.video_link,
    }  # fmt: skip
    return invitation.filled(met.meeting.invitation_text, values)


def visitor_subject(met: Met) -> str:
    t, at = speaking(language_of_visitor(met)), when(met, met.meeting.time_zone, language_of_visitor(met))
    gaps = {"agent": met.agent.name, "date": at.date, "time": at.time}
    match met.meeting.status:
        case MeetingStatus.CANCELLED:
            return t("Cancelled: your meeting with {agent}, {date}, {time}", **gaps)
        case MeetingStatus.RESCHEDULED:
            return t("New time: your meeting with {agent}, {date}, {time}", **gaps)
        case _:
            return t("Your meeting with {agent}, {date}, {time}", **gaps)


def visitor_blocks(met: Met, manage_url: str) -> list[Block]:
    """When, with whom, where, the agent's words, and the link to move or cancel it."""
    language = language_of_visitor(met)
    t, meeting = speaking(language), met.meeting
    at = when(met, meeting.time_zone, language)
    if met.is_cancelled:
        by_visitor = meeting.cancelled_by == "visitor"
        said = t("You cancelled it.") if by_visitor else t("{agent} can’t make it.", agent=met.agent.name)
        return [
            Title(t("Your meeting is cancelled")),
            Paragraph(said),
            Facts([(t("When it was"), at.whole), (t("With"), met.agent.name)]),
            Paragraph(t("Reply to this email to find another time with {agent}.", agent=met.agent.name), True),
        ]
    is_moved = meeting.status == MeetingStatus.RESCHEDULED
    blocks: list[Block] = [
        Title(t("Your meeting has a new time") if is_moved else t("Your meeting is booked")),
        Facts([(t("When"), at.whole), (t("With"), met.agent.name), (t("Video link"), meeting.video_link)]),
    ]
    if words := invitation_text(met):
        blocks.append(Paragraph(words))
    return [
        *blocks,
        Link(t("Move or cancel the meeting"), manage_url),
        Paragraph(t("Open the attached invitation to add it to your calendar. Reply to this email to reach {agent}.",
                    agent=met.agent.name), True),
    ]  # fmt: skip


def agent_subject(met: Met) -> str:
    language = language_of_agent(met)
    t, at = speaking(language), when(met, zone_of(met.agent), language)
    gaps = {"visitor": met.visitor_name, "date": at.date, "time": at.time}
    match met.meeting.status:
        case MeetingStatus.CANCELLED:
            return t("Meeting cancelled: {visitor}, {date}, {time}", **gaps)
        case MeetingStatus.RESCHEDULED:
            return t("Meeting moved: {visitor}, {date}, {time}", **gaps)
        case _:
            return t("New meeting: {visitor}, {date}, {time}", **gaps)


def agent_blocks(met: Met, *, conversation_url: str, transcript: str) -> list[Block]:
    """Who, when, what is known of the visitor, and the chat so far."""
    language = language_of_agent(met)
    t, visitor, meeting = speaking(language), met.visitor, met.meeting
    titles = {
        MeetingStatus.CANCELLED: t("The meeting with {visitor} is cancelled", visitor=met.visitor_name),
        MeetingStatus.RESCHEDULED: t("The meeting with {visitor} has a new time", visitor=met.visitor_name),
    }
    booked = t("{visitor} booked a meeting with you", visitor=met.visitor_name)
    at, theirs = when(met, zone_of(met.agent), language), when(met, meeting.time_zone, language)
    facts = [
        (t("When it was") if met.is_cancelled else t("When"), at.whole),
        (t("For the visitor"), theirs.whole if theirs.whole != at.whole else ""),
        (t("Name"), met.visitor_name), (t("Job title"), met.more["job_title"]), (t("Company"), met.more["company"]),
        (t("Email"), met.address_for_agent), (t("Phone"), met.more["phone"]), (t("CRM status"), visitor.crm_status),
        (t("Page"), visitor.page_url), (t("Video link"), meeting.video_link),
    ]  # fmt: skip
    blocks: list[Block] = [Title(titles.get(MeetingStatus(meeting.status), booked)), Facts(facts)]
    if transcript:
        blocks += [Paragraph(t("The chat so far:")), Quotation(transcript)]
    return [
        *blocks,
        Link(t("Open the conversation"), conversation_url),
        Paragraph(t("Replies to this email go to {visitor}.", visitor=met.visitor_name), True),
    ]
