"""Visitors, their browsers, what they did and left."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, false
from sqlmodel import Field, SQLModel

from inbox_app.data.tables.columns import LongInteger, UtcDateTime


class VisitorRow(SQLModel, table=True):
    """A person on the site, as the visitor panel shows one (PRODUCT 1.4).

    `email`: proved, entered by an agent, or from before claims were kept apart. `said_email`: only claimed by the
    record's browsers (6.4); any number of records may claim an address. `user_id`: the site's own id of the person,
    signed (10.2).
    `confirmed_by`: signature, link or agent; empty for a record that rests on its browser's words alone.
    """

    __tablename__ = "visitor"
    id: str = Field(primary_key=True)
    name: str = ""
    email: str | None = Field(default=None, unique=True)
    said_email: str = Field(default="", index=True)
    user_id: str | None = Field(default=None, index=True, unique=True)
    confirmed_by: str = ""
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
    """A browser of a visitor; `token_digest` stands for the token in its local storage.

    It may move to another visitor (6.4). `said`: its own words about its visitor, the only ones it is ever given back.
    `user_id`: of the site's user who signed in on it; a merge of records doesn't give it to another browser.
    `shown_id`: the visitor id that it is told, which doesn't change when an agent merges records. `page_url`,
    `language`, `time_zone`: its own, while a record has those of whichever browser called last. `denied`: addresses
    whose owners have answered that it isn't theirs. `merged_by_agent`: an agent merged it with its record, and it has
    not proved the record's address since.
    """

    __tablename__ = "device"
    id: str = Field(primary_key=True)
    token_digest: str = Field(unique=True)
    visitor_id: str = Field(foreign_key="visitor.id", index=True)
    said: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    user_id: str | None = None
    shown_id: str = ""
    denied: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    merged_by_agent: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    page_url: str = ""
    language: str = ""
    time_zone: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


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


class OfflineMessageRow(SQLModel, table=True):
    """A message left when nobody could come (PRODUCT 3.4), for follow-up by whoever claims it.

    `name`, `email`: as typed with it; empty: as the record has them.
    """

    __tablename__ = "offline_message"
    id: str = Field(primary_key=True)
    visitor_id: str = Field(foreign_key="visitor.id", index=True)
    conversation_id: str | None = Field(default=None, foreign_key="conversation.id", index=True)
    text: str
    name: str = ""
    email: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
