"""Teams, rules, accounts, work with a due time; what availability and following up need.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from inbox_app.data.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "subject_id"),
    )
    op.create_index("ix_task_due_at", "task", ["due_at"])
    op.create_table(
        "team",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "domain"),
    )
    op.create_table(
        "rule",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("agent_ids", sa.JSON(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "member_id"),
    )
    op.add_column("conversation", sa.Column("claimed_by", sa.String(), nullable=True))
    op.add_column("conversation", sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("conversation", sa.Column("idle_warned_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("member", sa.Column("was_available", sa.Boolean(), nullable=True))
    op.add_column("member", sa.Column("misses", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("member", "misses")
    op.drop_column("member", "was_available")
    for name in ("idle_warned_at", "claimed_at", "claimed_by"):
        op.drop_column("conversation", name)
    for name in ("team_member", "rule", "account", "team", "task"):
        op.drop_table(name)
