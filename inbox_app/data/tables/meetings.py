"""Connected calendars, shared calendars, meetings, and what has to be done about them outside of this database."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from inbox_app.data.tables.columns import LongInteger, UtcDateTime


class CalendarRow(SQLModel, table=True):
    """A calendar outside that an agent has connected (PRODUCT 4.1); the local one needs no row.

    `address`: the calendar's own URL or id. `secret`: password or tokens, encrypted. `is_target`: meetings are
    written here. `status`: unchecked, ok, broken; `problem`: the key of a sentence. Busy times are known until
    `known_until`; `version`: what the calendar called its state when they were read. `checking_until`: a process is
    at it until then.
    """

    __tablename__ = "calendar"
    __table_args__ = (UniqueConstraint("member_id", "kind", "address"), Index("ix_calendar_due", "check_at"))
    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id", index=True, ondelete="CASCADE")
    kind: str
    name: str = ""
    address: str
    account: str = ""
    secret: str = ""
    is_target: bool = True
    status: str = "unchecked"
    problem: str = ""
    broken_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    check_at: datetime = Field(sa_type=UtcDateTime)
    checking_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    known_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class BusyRow(SQLModel, table=True):
    """A time at which a connected calendar is busy, as it was read last. `uid`: of the event, where known."""

    __tablename__ = "calendar_busy"
    __table_args__ = (Index("ix_calendar_busy", "calendar_id", "start_at"),)
    id: int | None = Field(default=None, sa_column=Column(LongInteger, primary_key=True, autoincrement=True))
    calendar_id: str = Field(foreign_key="calendar.id", ondelete="CASCADE")
    start_at: datetime = Field(sa_type=UtcDateTime)
    end_at: datetime = Field(sa_type=UtcDateTime)
    uid: str = ""


class CalendarShareRow(SQLModel, table=True):
    """An agent's calendar that was put into a conversation (PRODUCT 1.7)."""

    __tablename__ = "calendar_share"
    id: str = Field(primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    agent_id: str = Field(foreign_key="member.id")
    shared_by: str | None = Field(default=None, foreign_key="member.id")
    shared_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MeetingRow(SQLModel, table=True):
    """A booked meeting (PRODUCT 4.5). `status`: scheduled, rescheduled, cancelled; passed is a matter of time.

    `sequence` counts its versions (RFC 5545). The last word on two visitors and one slot: an agent has one living
    meeting a start. `address_answer`: yes or no, once the address's owner was asked whether the booking is theirs
    (PRODUCT 6.4).
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("share_id", "client_id"),
        Index(
            "uq_meeting_start",
            "agent_id",
            "start_at",
            unique=True,
            postgresql_where=text("status <> 'cancelled'"),
            sqlite_where=text("status <> 'cancelled'"),
        ),
        Index("ix_meeting_start", "start_at", "id"),
    )
    id: str = Field(primary_key=True)
    uid: str = Field(unique=True)
    share_id: str = Field(foreign_key="calendar_share.id")
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    visitor_id: str = Field(foreign_key="visitor.id", index=True)
    agent_id: str = Field(foreign_key="member.id")
    client_id: str
    start_at: datetime = Field(sa_type=UtcDateTime)
    end_at: datetime = Field(sa_type=UtcDateTime)
    status: str
    sequence: int = 0
    visitor_name: str = ""
    visitor_email: str
    time_zone: str = "UTC"
    language: str = "en"
    invitation_text: str = ""
    video_link: str = ""
    cancelled_by: str = ""
    address_answer: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class OutboxRow(SQLModel, table=True):
    """Something to do outside, planned in the transaction of its cause and tried until it is done.

    `key`: what it is, once (`mail.visitor:<meeting>:<sequence>`). `state`: pending, done, failed, or skipped because
    it was not needed any more. `problem`: a code, and in the next line what the other side said. `taken_until`: a
    process is at it until then; one that died is passed over after it.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "due_at"),)
    id: int | None = Field(default=None, sa_column=Column(LongInteger, primary_key=True, autoincrement=True))
    key: str = Field(unique=True)
    kind: str
    subject_id: str = Field(index=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: str = "pending"
    attempts: int = 0
    problem: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime)
    taken_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
