"""Conversations, their timelines, offers and drafts.

Columns called hot are written by the message path (`data/messages.py`) in one statement.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from inbox_app.data.tables.columns import LongInteger, UtcDateTime


class ConversationRow(SQLModel, table=True):
    """A conversation with what lists show of it.

    `said_*`: what its visitor claimed in it and the record does not say (PRODUCT 6.4); `said_more`: phone, job title
    and company. `keeps_words`: they are all that it shows, whatever the record says since. `merged_by_agent`: its
    browser was, see there. `seq_floor`: the next `seq` is above it too, see `data/epoch.py`. Hot: last_seq, last_*,
    activity_at, waiting_since, unread, *_seen_seq.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("device_id", "client_id"),
        Index("ix_conversation_own", "agent_id", "state", "activity_at", "id"),
        Index(
            "ix_conversation_past",
            "activity_at",
            "id",
            postgresql_where=text("state IN ('ended', 'missed', 'cancelled')"),
            sqlite_where=text("state IN ('ended', 'missed', 'cancelled')"),
        ),
        Index(
            "ix_conversation_history",
            "requested_at",
            "id",
            postgresql_where=text("state IN ('ended', 'missed', 'cancelled')"),
            sqlite_where=text("state IN ('ended', 'missed', 'cancelled')"),
        ),
        Index("ix_conversation_queue", "state", "requested_at"),
        Index("ix_conversation_visitor", "visitor_id", "requested_at"),
    )
    id: str = Field(primary_key=True)
    visitor_id: str = Field(foreign_key="visitor.id")
    device_id: str = Field(foreign_key="device.id")
    client_id: str
    state: str
    end_reason: str | None = None
    agent_id: str | None = Field(default=None, foreign_key="member.id")
    page_url: str = ""
    said_name: str = ""
    said_email: str = ""
    said_more: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    keeps_words: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    merged_by_agent: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    why: str = ""
    claimed_by: str | None = None
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    idle_warned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    requested_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_reply_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    score: int | None = None
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    last_seq: int = 0
    seq_floor: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    last_text: str = ""
    last_sender: str = ""
    activity_at: datetime = Field(sa_type=UtcDateTime)
    waiting_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unread: int = 0
    agent_seen_seq: int = 0
    visitor_seen_seq: int = 0


class EntryRow(SQLModel, table=True):
    """An entry of a conversation's timeline.

    `seq` over what both sides see, without gaps except one at each restore; null for what only agents see. `details`:
    what a shared calendar or a meeting was at that moment.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq", name="uq_entry_seq"),
        UniqueConstraint("conversation_id", "client_id", name="uq_entry_client_id"),
    )
    id: int | None = Field(default=None, sa_column=Column(LongInteger, primary_key=True, autoincrement=True))
    conversation_id: str = Field(foreign_key="conversation.id")
    seq: int | None = None
    kind: str
    sender: str
    actor_id: str | None = None
    actor_name: str = ""
    client_id: str | None = None
    text: str = ""
    state: str | None = None
    end_reason: str | None = None
    details: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    at: datetime = Field(sa_type=UtcDateTime)


class OfferRow(SQLModel, table=True):
    """An agent is asked. At most one pending offer a conversation; nobody is asked twice."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("conversation_id", "agent_id"),
        Index(
            "uq_offer_pending",
            "conversation_id",
            unique=True,
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index("ix_offer_agent", "agent_id", "state"),
    )
    id: str = Field(primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id")
    agent_id: str = Field(foreign_key="member.id")
    state: str
    why: str = ""
    offered_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DraftRow(SQLModel, table=True):
    """What an agent has typed and not sent; it survives reload and another device (PRODUCT 1.3)."""

    __tablename__ = "draft"
    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    text: str
    saved_at: datetime = Field(sa_type=UtcDateTime)
