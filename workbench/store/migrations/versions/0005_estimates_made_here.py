"""Estimates made here: their p-value, degrees of freedom and design, and what they were computed with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("estimate") as batch:
        for name in ("p_value", "df", "outcome_sd"):
            batch.add_column(sa.Column(name, sa.Float(), nullable=True))
        batch.add_column(sa.Column("design", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("computed", sa.JSON(), nullable=False, server_default="{}"))
