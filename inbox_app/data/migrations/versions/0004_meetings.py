"""Calendars, shares of them, meetings, the outbox; settings of meetings; cards in the timeline.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from inbox_app.data.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def text(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=null)


def instant(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=null)


def key() -> list[sa.schema.SchemaItem]:
    return [sa.Column("id", sa.String(), nullable=False), sa.PrimaryKeyConstraint("id")]


def numbered() -> list[sa.schema.SchemaItem]:
    return [sa.Column("id", LONG, autoincrement=True, nullable=False), sa.PrimaryKeyConstraint("id")]


def upgrade() -> None:
    op.create_table(
        "calendar",
        *key(),
        text("member_id"), text("kind"), text("name"), text("address"), text("account"), text("secret"),
        sa.Column("is_target", sa.Boolean(), nullable=False),
        text("status"), text("problem"),
        instant("broken_since", null=True), instant("checked_at", null=True), instant("check_at"),
        instant("checking_until", null=True), instant("known_until", null=True), text("version"), instant("created_at"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("member_id", "kind", "address"),
    )
    op.create_index("ix_calendar_member_id", "calendar", ["member_id"])
    op.create_index("ix_calendar_due", "calendar", ["check_at"])
    op.create_table(
        "calendar_busy",
        *numbered(),
        text("calendar_id"), instant("start_at"), instant("end_at"), text("uid"),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_calendar_busy", "calendar_busy", ["calendar_id", "start_at"])
    op.create_table(
        "calendar_share",
        *key(),
        text("conversation_id"), text("agent_id"), text("shared_by", null=True),
        instant("shared_at"), instant("withdrawn_at", null=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["shared_by"], ["member.id"]),
    )
    op.create_index("ix_calendar_share_conversation_id", "calendar_share", ["conversation_id"])
    op.create_table(
        "meeting",
        *key(),
        text("uid"), text("share_id"), text("conversation_id"), text("visitor_id"), text("agent_id"),
        text("client_id"), instant("start_at"), instant("end_at"), text("status"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        text("visitor_name"), text("visitor_email"), text("time_zone"), text("language"), text("invitation_text"),
        text("video_link"), text("cancelled_by"), instant("created_at"), instant("changed_at"),
        sa.ForeignKeyConstraint(["share_id"], ["calendar_share.id"]),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitor.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["member.id"]),
        sa.UniqueConstraint("uid"),
        sa.UniqueConstraint("share_id", "client_id"),
    )
    living = sa.text("status <> 'cancelled'")
    op.create_index(
        "uq_meeting_start", "meeting", ["agent_id", "start_at"], unique=True, postgresql_where=living,
        sqlite_where=living,
    )
    op.create_index("ix_meeting_start", "meeting", ["start_at", "id"])
    op.create_index("ix_meeting_conversation_id", "meeting", ["conversation_id"])
    op.create_index("ix_meeting_visitor_id", "meeting", ["visitor_id"])
    op.create_table(
        "outbox",
        *numbered(),
        text("key"), text("kind"), text("subject_id"), sa.Column("payload", sa.JSON(), nullable=False), text("state"),
        sa.Column("attempts", sa.Integer(), nullable=False), text("problem"), instant("due_at"),
        instant("taken_until", null=True), instant("created_at"), instant("done_at", null=True),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_subject_id", "outbox", ["subject_id"])
    op.add_column("member", sa.Column("meeting_settings", sa.JSON(), nullable=True))
    op.add_column("entry", sa.Column("details", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("entry", "details")
    op.drop_column("member", "meeting_settings")
    for name in ("outbox", "meeting", "calendar_share", "calendar_busy", "calendar"):
        op.drop_table(name)
