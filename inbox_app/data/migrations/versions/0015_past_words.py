"""Whether a past conversation keeps what its visitor said, whatever the record says since.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that are there go by their visitor's record until it changes."""
    op.add_column("conversation", sa.Column("keeps_words", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("conversation", "keeps_words")
