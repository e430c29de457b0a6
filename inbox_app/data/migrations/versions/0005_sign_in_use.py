"""When a session was last used, so that an unused one can expire and a person can recognise it in a list.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from inbox_app.data.tables import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    used_at = sa.Column("used_at", UtcDateTime(timezone=True), nullable=True)
    with op.batch_alter_table("sign_in") as table:
        table.add_column(used_at)
    op.execute("UPDATE sign_in SET used_at = CURRENT_TIMESTAMP")  # an upgrade signs nobody out
    with op.batch_alter_table("sign_in") as table:
        table.alter_column("used_at", existing_type=UtcDateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_in") as table:
        table.drop_column("used_at")
