"""In which browsers a user of the site has signed in, apart from the record that they share with others.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing tells which browsers of a user have signed in: each says so again on its next page."""
    op.add_column("device", sa.Column("user_id", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("device", "user_id")
