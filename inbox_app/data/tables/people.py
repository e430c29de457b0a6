"""Members, their signed-in browsers, the status log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary
from sqlmodel import Field, SQLModel

from inbox_app.data.tables.columns import LongInteger, UtcDateTime


class MemberRow(SQLModel, table=True):
    """Somebody who signs in. `schedule` null: one unbroken block. `turn`: when last offered a chat, see routing.

    `password_hash` empty: invited, and did not join yet. `picture`: the version of its row in `member_picture`.

    `meeting_settings` null: the defaults, see domain/meeting_settings.py.

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
    picture: str | None = None
    capacity: int | None = None
    schedule: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    meeting_settings: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    override: bool | None = None
    override_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    was_available: bool | None = None
    misses: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    turn: int = Field(default=0, sa_column=Column(LongInteger, nullable=False, default=0))
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MemberPictureRow(SQLModel, table=True):
    """A member's picture, 256 px square, as WebP. Stored apart from the member, which is read on every call."""

    __tablename__ = "member_picture"
    member_id: str = Field(primary_key=True, foreign_key="member.id", ondelete="CASCADE")
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SignInRow(SQLModel, table=True):
    """A signed-in browser; `id` is the digest of the cookie's token. `used_at` is noted every few minutes."""

    __tablename__ = "sign_in"
    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    address: str = ""
    user_agent: str = ""


class MemberLinkRow(SQLModel, table=True):
    """A one-time link of a member: `purpose` is `invitation` or `reset`; `id` is the digest of its token."""

    __tablename__ = "member_link"
    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id", index=True, ondelete="CASCADE")
    purpose: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class AvailabilityChangeRow(SQLModel, table=True):
    """The status log of PRODUCT 2.4."""

    __tablename__ = "availability_change"
    id: int | None = Field(default=None, sa_column=Column(LongInteger, primary_key=True, autoincrement=True))
    member_id: str = Field(foreign_key="member.id", index=True)
    is_available: bool
    reason: str
    at: datetime = Field(sa_type=UtcDateTime)
