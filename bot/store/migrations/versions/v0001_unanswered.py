"""Makes the table of questions that nothing answered."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "unanswered",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("nearest", sa.String(80)),
        sa.Column("asked", sa.Date(), nullable=False),
    )
    op.create_index("ix_unanswered_asked", "unanswered", ["asked"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("unanswered")
