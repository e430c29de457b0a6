"""an index for the managers' table, which is in order of request

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

PAST = sa.text("state IN ('ended', 'missed', 'cancelled')")


def upgrade() -> None:
    op.create_index(
        'ix_conversation_history', 'conversation', ['requested_at', 'id'], postgresql_where=PAST, sqlite_where=PAST
    )


def downgrade() -> None:
    op.drop_index('ix_conversation_history', 'conversation', postgresql_where=PAST, sqlite_where=PAST)
