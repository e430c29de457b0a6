"""Which browsers, and chats of theirs, belong to a record only because an agent merged them with it.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("device", "conversation")


def upgrade() -> None:
    """A merge doesn't change the ID that a browser is given; a proof does."""
    for table in TABLES:
        op.add_column(table, sa.Column("merged_by_agent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE device SET merged_by_agent = (shown_id != visitor_id)")
    op.execute(
        "UPDATE conversation SET merged_by_agent = (EXISTS (SELECT 1 FROM device WHERE device.id = device_id"
        " AND device.merged_by_agent AND device.visitor_id = conversation.visitor_id))"
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "merged_by_agent")
