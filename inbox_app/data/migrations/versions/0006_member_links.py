"""One-time links that let a member set a password: invitations and resets.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from inbox_app.data.tables import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_member_link_member_id", "member_link", ["member_id"])
    op.create_index("ix_member_link_expires_at", "member_link", ["expires_at"])


def downgrade() -> None:
    op.drop_table("member_link")
