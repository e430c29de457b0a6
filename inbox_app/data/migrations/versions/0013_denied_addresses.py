"""Addresses whose owners have said that a browser isn't theirs, after a link that an agent had sent.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("denied", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("device", "denied")
