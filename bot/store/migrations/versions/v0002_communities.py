"""Makes the tables of verdicts and of communities, and says in which community a question fell."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("unanswered") as table:
        table.add_column(sa.Column("community", sa.String(80)))
        table.create_index("ix_unanswered_community", ["community"])
    op.create_table(
        "feedback",
        sa.Column("reply", sa.String(80), primary_key=True),
        sa.Column("community", sa.String(80)),
        sa.Column("entry", sa.String(80), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("given", sa.Date(), nullable=False),
    )
    op.create_index("ix_feedback_community", "feedback", ["community", "entry", "verdict"])
    op.create_table(
        "communities",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("region", sa.String(2)),
        sa.Column("help_channels", sa.Text(), nullable=False),
        sa.Column("alerts_channel", sa.String(80)),
        sa.Column("disabled", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("communities")
    op.drop_table("feedback")
    with op.batch_alter_table("unanswered") as table:
        table.drop_index("ix_unanswered_community")
        table.drop_column("community")
