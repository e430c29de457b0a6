"""What a browser is told, and where it is, apart from the record that it shares with others.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAMES = ("shown_id", "page_url", "language", "time_zone")


def upgrade() -> None:
    """A browser that shares its record gets its page and time zone with its next call: the record's may be another's."""
    for name in NAMES:
        op.add_column("device", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.execute("UPDATE device SET shown_id = visitor_id")
    alone = "SELECT visitor_id FROM device GROUP BY visitor_id HAVING count(*) = 1"
    for name in NAMES[1:]:
        op.execute(
            f"UPDATE device SET {name} = (SELECT visitor.{name} FROM visitor WHERE visitor.id = device.visitor_id)"
            f" WHERE visitor_id IN ({alone})"
        )


def downgrade() -> None:
    for name in NAMES:
        op.drop_column("device", name)
