"""An index for the messages that were left in a conversation: the list to follow up looks for each of its rows.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Named as the table declares it."""
    op.create_index("ix_offline_message_conversation_id", "offline_message", ["conversation_id"])


def downgrade() -> None:
    op.drop_index("ix_offline_message_conversation_id", "offline_message")
