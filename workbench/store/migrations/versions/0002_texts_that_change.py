"""Texts that change: versions with their source, status of segments, notes of files, codings to look at."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATUS = "status IN ('verbatim', 'summary', 'interpreted', 'translation', 'notes')"


def upgrade() -> None:
    op.create_table(
        "annotation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("written_at", sa.String(), nullable=False),
        sa.CheckConstraint('start >= 0 AND start <= "end"', name=op.f("ck_annotation_range")),
        sa.CheckConstraint("kind IN ('comment', 'footnote', 'endnote')", name=op.f("ck_annotation_kind")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["transcript_version.id"],
            name=op.f("fk_annotation_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
    )
    with op.batch_alter_table("annotation") as batch:
        batch.create_index(batch.f("ix_annotation_version_id"), ["version_id"], unique=False)
    with op.batch_alter_table("transcript_version") as batch:
        batch.add_column(sa.Column("origin", sa.String(), nullable=False, server_default="import"))
        for name in ("author", "source_name", "source_format", "source_sha256"):
            batch.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch.create_check_constraint(
            batch.f("ck_transcript_version_origin"), "origin IN ('import', 'edit', 'reimport')"
        )
    with op.batch_alter_table("turn") as batch:
        batch.add_column(sa.Column("status", sa.String(), nullable=False, server_default="verbatim"))
        batch.add_column(sa.Column("speaks_for", sa.String(), nullable=True))
        batch.create_check_constraint(batch.f("ck_turn_status"), STATUS)
    with op.batch_alter_table("coding") as batch:
        batch.add_column(sa.Column("review", sa.String(), nullable=True))
        batch.add_column(sa.Column("earlier_quote", sa.Text(), nullable=True))
        batch.create_check_constraint(
            batch.f("ck_coding_review"), "review IS NULL OR review IN ('changed', 'lost')"
        )
    op.execute(
        "UPDATE transcript_version SET "
        "source_name = (SELECT source_name FROM transcript WHERE transcript.id = transcript_id), "
        "source_format = (SELECT source_format FROM transcript WHERE transcript.id = transcript_id), "
        "source_sha256 = (SELECT source_sha256 FROM transcript WHERE transcript.id = transcript_id) "
        "WHERE version = 1"
    )
