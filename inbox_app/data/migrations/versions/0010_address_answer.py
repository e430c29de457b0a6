"""What the owner of an address answered to the question in a booking's mail.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("address_answer", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("meeting", "address_answer")
