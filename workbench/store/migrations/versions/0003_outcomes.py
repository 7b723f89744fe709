"""Outcomes made of register records."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source") as batch:
        batch.drop_constraint(batch.f("ck_source_kind"), type_="check")
        batch.create_check_constraint(
            batch.f("ck_source_kind"), "kind IN ('answers', 'estimates', 'outcomes')"
        )
    op.create_table(
        "outcome",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("subject IN ('person', 'unit')", name=op.f("ck_outcome_subject")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_outcome_study_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_outcome_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint(
            "source_id",
            "subject",
            "key",
            "period",
            "outcome",
            name=op.f("uq_outcome_source_id_subject_key_period_outcome"),
        ),
    )
    with op.batch_alter_table("outcome") as batch:
        batch.create_index(batch.f("ix_outcome_study_id"), ["study_id"], unique=False)
