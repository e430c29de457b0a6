"""Claims of visitors apart from what is proved; the site's own ids of its users.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXTS = (
    ("visitor", "said_email"), ("visitor", "confirmed_by"), ("conversation", "said_name"),
    ("conversation", "said_email"), ("offline_message", "name"), ("offline_message", "email"),
)  # fmt: skip
JSONS = (("device", "said"), ("conversation", "said_more"))


def upgrade() -> None:
    """Addresses that are there already stay: agents work with these records, and no unproved claim reaches them."""
    for table, name in TEXTS:
        op.add_column(table, sa.Column(name, sa.String(), server_default="", nullable=False))
    for table, name in JSONS:
        op.add_column(table, sa.Column(name, sa.JSON(), server_default="{}", nullable=False))
    op.add_column("visitor", sa.Column("user_id", sa.String(), nullable=True))
    op.create_index("ix_visitor_user_id", "visitor", ["user_id"], unique=True)
    op.create_index("ix_visitor_said_email", "visitor", ["said_email"])


def downgrade() -> None:
    op.drop_index("ix_visitor_said_email", "visitor")
    op.drop_index("ix_visitor_user_id", "visitor")
    op.drop_column("visitor", "user_id")
    for table, name in (*TEXTS, *JSONS):
        op.drop_column(table, name)
