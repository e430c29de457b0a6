"""Pictures of members.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("picture", sa.String(), nullable=True))
    op.create_table(
        "member_picture",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("member_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("member_picture")
    with op.batch_alter_table("member") as table:
        table.drop_column("picture")
