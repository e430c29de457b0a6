"""What routing is decided by."""

from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel


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
