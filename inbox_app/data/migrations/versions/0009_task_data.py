"""What a task carries: news of a command for the pages that the servers hold.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("data", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("task", "data")
