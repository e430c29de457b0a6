"""Work with a due time, presence, the audit log, settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from inbox_app.data.tables.columns import LongInteger, UtcDateTime


class TaskRow(SQLModel, table=True):
    """Work with a due time (ARCHITECTURE, decision 7).

    Done in the transaction that removes it, so once, also across a crash.
    """

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)
    id: int | None = Field(default=None, sa_column=Column(LongInteger, primary_key=True, autoincrement=True))
    kind: str
    subject_id: str
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    data: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


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
