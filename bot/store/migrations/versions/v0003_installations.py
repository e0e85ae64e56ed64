"""Makes the table of the workspaces that installed the app, with their tokens sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "installations",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("sealed", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("installations")
