"""Every table. Columns with `hot` in their comment are written by the message path (`data/messages.py`) in one statement.

Nothing here is validated: the domain does that, the constraints below have the last word on races.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Dialect, Index, Integer, TypeDecorator, UniqueConstraint, text
from sqlmodel import Field, SQLModel

LongInteger = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite has no zones: it is stored there as naive UTC and comes back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class MemberRow(SQLModel, table=True):
    """Somebody who signs in. `schedule` null: one unbroken block. `turn`: when last offered a chat, see routing.

    `was_available`: as the status log last knew it. `misses`: offers missed in a row.
    """

    __tablename__ = "member"
    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: str
    takes_chats: bool
    password_hash: str
    time_zone: str = "UTC"
    language: str | None = None
    colour_scheme: str | None = None
    capacity: int | None = None
    schedule: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    override: bool | None = None
    override_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    was_available: bool | None = None
    misses: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    turn: int = Field(default=0, sa_column=Column(LongInteger, nullable=False, default=0))
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInRow(SQLModel, table=True):
    """A signed-in browser; `id` is the digest of the cookie's token."""

    __tablename__ = "sign_in"
    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    address: str = ""
    user_agent: str = ""


class AvailabilityChangeRow(SQLModel, table=True):
    """The status log of PRODUCT 2.4."""

    __tablename__ = "availability_change"
    id: int | None = Field(default=None, sa_column=Column(LongInteger, primary_key=True, autoincrement=True))
    member_id: str = Field(foreign_key="member.id", index=True)
    is_available: bool
    reason: str
    at: datetime = Field(sa_type=UtcDateTime)


class VisitorRow(SQLModel, table=True):
    """A person on the site, as the visitor panel shows one (PRODUCT 1.4)."""

    __tablename__ = "visitor"
    id: str = Field(primary_key=True)
    name: str = ""
    email: str | None = Field(default=None, unique=True)
    phone: str = ""
    job_title: str = ""
    company: str = ""
    crm_status: str = ""
    country: str = ""
    language: str = ""
    browser: str = ""
    time_zone: str = ""
    page_url: str = ""
    referrer: str = ""
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    attributes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class DeviceRow(SQLModel, table=True):
    """A browser of a visitor; `token_digest` stands for the token in its local storage. It may move to another visitor (6.4)."""

    __tablename__ = "device"
    id: str = Field(primary_key=True)
    token_digest: str = Field(unique=True)
    visitor_id: str = Field(foreign_key="visitor.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ConversationRow(SQLModel, table=True):
    """A conversation with what lists show of it. Hot: last_seq, last_*, activity_at, waiting_since, unread, *_seen_seq."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("device_id", "client_id"),
        Index("ix_conversation_own", "agent_id", "state", "activity_at", "id"),
        Index("ix_conversation_past", "activity_at", "id", postgresql_where=text("state IN ('ended', 'missed', 'cancelled')"),
              sqlite_where=text("state IN ('ended', 'missed', 'cancelled')")),
        Index("ix_conversation_history", "requested_at", "id", postgresql_where=text("state IN ('ended', 'missed', 'cancelled')"),
              sqlite_where=text("state IN ('ended', 'missed', 'cancelled')")),
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
    last_text: str = ""
    last_sender: str = ""
    activity_at: datetime = Field(sa_type=UtcDateTime)
    waiting_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unread: int = 0
    agent_seen_seq: int = 0
    visitor_seen_seq: int = 0


class EntryRow(SQLModel, table=True):
    """An entry of a conversation's timeline. `seq` without gaps over what both sides see; null for what only agents see."""

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
    at: datetime = Field(sa_type=UtcDateTime)


class OfferRow(SQLModel, table=True):
    """An agent is asked. At most one pending offer a conversation; nobody is asked twice."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("conversation_id", "agent_id"),
        Index("uq_offer_pending", "conversation_id", unique=True, postgresql_where=text("state = 'pending'"),
              sqlite_where=text("state = 'pending'")),
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


class ActivityRow(SQLModel, table=True):
    """One line of a visitor's activity history (PRODUCT 1.6)."""

    __tablename__ = "activity"
    __table_args__ = (Index("ix_activity_visitor", "visitor_id", "at"),)
    id: int | None = Field(default=None, sa_column=Column(LongInteger, primary_key=True, autoincrement=True))
    visitor_id: str = Field(foreign_key="visitor.id")
    type: str
    title: str = ""
    conversation_id: str | None = Field(default=None, foreign_key="conversation.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class DraftRow(SQLModel, table=True):
    """What an agent has typed and not sent; it survives reload and another device (PRODUCT 1.3)."""

    __tablename__ = "draft"
    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id")
    text: str
    saved_at: datetime = Field(sa_type=UtcDateTime)


class OfflineMessageRow(SQLModel, table=True):
    """A message left when nobody could come (PRODUCT 3.4), for follow-up by whoever claims it."""

    __tablename__ = "offline_message"
    id: str = Field(primary_key=True)
    visitor_id: str = Field(foreign_key="visitor.id", index=True)
    conversation_id: str | None = Field(default=None, foreign_key="conversation.id")
    text: str
    at: datetime = Field(sa_type=UtcDateTime)


class ProcessRow(SQLModel, table=True):
    """A server process; its lease covers the connections that it holds. Not renewed: all of them are gone."""

    __tablename__ = "process"
    id: str = Field(primary_key=True)
    renewed_at: datetime = Field(sa_type=UtcDateTime)


class ConnectionRow(SQLModel, table=True):
    """A live connection of an agent or of a visitor's device: presence without page timers (PRODUCT 2.5)."""

    __tablename__ = "connection"
    __table_args__ = (Index("ix_connection_subject", "subject_id"),)
    id: str = Field(primary_key=True)
    process_id: str = Field(foreign_key="process.id", index=True, ondelete="CASCADE")
    subject_id: str


class AuditRow(SQLModel, table=True):
    """Who did what to whom (PRODUCT 5.6)."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, sa_column=Column(LongInteger, primary_key=True, autoincrement=True))
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor_id: str | None = None
    action: str
    subject: str = ""
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class SettingRow(SQLModel, table=True):
    """Rule settings that admins edit, and marks of the database itself (such as `demo`)."""

    __tablename__ = "setting"
    key: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_column=Column(JSON))


class TeamRow(SQLModel, table=True):
    """Agents whom routing rules name together."""

    __tablename__ = "team"
    id: str = Field(primary_key=True)
    name: str = Field(unique=True)


class TeamMemberRow(SQLModel, table=True):
    """Who is in a team."""

    __tablename__ = "team_member"
    team_id: str = Field(primary_key=True, foreign_key="team.id", ondelete="CASCADE")
    member_id: str = Field(primary_key=True, foreign_key="member.id", ondelete="CASCADE")


class RuleRow(SQLModel, table=True):
    """A routing rule (PRODUCT 3.2): conditions that must all hold, and the agents or the team that are asked then."""

    __tablename__ = "rule"
    id: str = Field(primary_key=True)
    name: str
    priority: int
    conditions: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    agent_ids: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    team_id: str | None = Field(default=None, foreign_key="team.id", ondelete="SET NULL")


class AccountRow(SQLModel, table=True):
    """A company or an email domain whose visitors go to its owner first."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name", "domain"),)
    id: str = Field(primary_key=True)
    name: str = ""
    domain: str = ""
    owner_id: str = Field(foreign_key="member.id", ondelete="CASCADE")


class TaskRow(SQLModel, table=True):
    """Work with a due time (ARCHITECTURE, decision 7): done in the transaction that removes it, so once, also across a crash."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)
    id: int | None = Field(default=None, sa_column=Column(LongInteger, primary_key=True, autoincrement=True))
    kind: str
    subject_id: str
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
