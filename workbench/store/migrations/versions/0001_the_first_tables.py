"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "study",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("name", name=op.f("uq_study_name")),
    )
    op.create_table(
        "attribute",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.CheckConstraint("subject IN ('interview', 'person')", name=op.f("ck_attribute_subject")),
        sa.CheckConstraint("type IN ('text', 'number', 'date')", name=op.f("ck_attribute_type")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_attribute_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute")),
        sa.UniqueConstraint("study_id", "subject", "name", name=op.f("uq_attribute_study_id_subject_name")),
    )
    with op.batch_alter_table("attribute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attribute_study_id"), ["study_id"], unique=False)

    op.create_table(
        "coder",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_coder_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coder")),
        sa.UniqueConstraint("study_id", "name", name=op.f("uq_coder_study_id_name")),
    )
    with op.batch_alter_table("coder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coder_study_id"), ["study_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("action_id", sa.String(length=36), nullable=False),
        sa.Column("operation_id", sa.String(length=80), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("transcript_id", sa.String(length=36), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("kind IN ('do', 'undo', 'redo')", name=op.f("ck_event_kind")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_event_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_event")),
        sa.UniqueConstraint("study_id", "operation_id", name=op.f("uq_event_study_id_operation_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_action_id"), ["action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_study_id"), ["study_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_event_transcript_id_sequence"), ["transcript_id", "sequence"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_event_undoes"), ["undoes"], unique=False)

    op.create_table(
        "instrument",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_instrument_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("study_id", "key", name=op.f("uq_instrument_study_id_key")),
    )
    with op.batch_alter_table("instrument", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instrument_study_id"), ["study_id"], unique=False)

    op.create_table(
        "interview",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("actor_group", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('individual', 'group')", name=op.f("ck_interview_kind")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_interview_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("study_id", "name", name=op.f("uq_interview_study_id_name")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_study_id"), ["study_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.Column("survey_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_person_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_study_id"), ["study_id"], unique=False)

    op.create_table(
        "scheme",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_scheme_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme")),
        sa.UniqueConstraint("study_id", "key", name=op.f("uq_scheme_study_id_key")),
    )
    with op.batch_alter_table("scheme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheme_study_id"), ["study_id"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("flow", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('answers', 'estimates')", name=op.f("ck_source_kind")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_source_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_study_id"), ["study_id"], unique=False)

    op.create_table(
        "attribute_value",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("attribute_id", sa.String(length=36), nullable=False),
        sa.Column("interview_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(interview_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_attribute_value_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["attribute_id"],
            ["attribute.id"],
            name=op.f("fk_attribute_value_attribute_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_attribute_value_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_attribute_value_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute_value")),
        sa.UniqueConstraint(
            "attribute_id", "interview_id", name=op.f("uq_attribute_value_attribute_id_interview_id")
        ),
        sa.UniqueConstraint(
            "attribute_id", "person_id", name=op.f("uq_attribute_value_attribute_id_person_id")
        ),
    )
    with op.batch_alter_table("attribute_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attribute_value_attribute_id"), ["attribute_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attribute_value_interview_id"), ["interview_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attribute_value_person_id"), ["person_id"], unique=False)

    op.create_table(
        "code",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("scheme_id", sa.String(length=36), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("include", sa.JSON(), nullable=False),
        sa.Column("exclude", sa.JSON(), nullable=False),
        sa.Column("example", sa.JSON(), nullable=False),
        sa.Column("color", sa.String(), nullable=False),
        sa.Column("seed_words", sa.JSON(), nullable=False),
        sa.Column("valence", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint("valence BETWEEN -1 AND 1", name=op.f("ck_code_valence")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["code.id"], name=op.f("fk_code_parent_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["scheme.id"], name=op.f("fk_code_scheme_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_code_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("study_id", "path", name=op.f("uq_code_study_id_path")),
    )
    with op.batch_alter_table("code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_code_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_code_scheme_id"), ["scheme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_code_study_id"), ["study_id"], unique=False)

    op.create_table(
        "estimate",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("source_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("subgroup", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("estimate", sa.Float(), nullable=False),
        sa.Column("std_error", sa.Float(), nullable=True),
        sa.Column("ci_low", sa.Float(), nullable=True),
        sa.Column("ci_high", sa.Float(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("stars", sa.String(), nullable=False),
        sa.Column("treated_mean", sa.Float(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_estimate_source_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_estimate_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate")),
    )
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_estimate_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_estimate_study_id"), ["study_id"], unique=False)

    op.create_table(
        "interview_person",
        sa.Column("interview_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_interview_person_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interview_person_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "person_id", name=op.f("pk_interview_person")),
    )
    with op.batch_alter_table("interview_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_person_interview_id"), ["interview_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "survey_person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("source_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("background", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_survey_person_person_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_survey_person_source_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_survey_person_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_person")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_survey_person_source_id_key")),
    )
    with op.batch_alter_table("survey_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_person_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_person_study_id"), ["study_id"], unique=False)

    op.create_table(
        "transcript",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("interview_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("source_format", sa.String(), nullable=False),
        sa.Column("source_sha256", sa.String(), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_transcript_interview_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_transcript_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sa.UniqueConstraint("study_id", "name", name=op.f("uq_transcript_study_id_name")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_transcript_study_id_number")),
    )
    with op.batch_alter_table("transcript", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transcript_interview_id"), ["interview_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transcript_study_id"), ["study_id"], unique=False)

    op.create_table(
        "asked",
        sa.Column("interview_id", sa.String(length=36), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_asked_code_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_asked_interview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "code_id", name=op.f("pk_asked")),
    )
    with op.batch_alter_table("asked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_code_id"), ["code_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asked_interview_id"), ["interview_id"], unique=False)

    op.create_table(
        "judgement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("coder_id", sa.String(length=36), nullable=False),
        sa.Column("coverage", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=True),
        sa.Column("prominence", sa.String(), nullable=True),
        sa.Column("inconclusive", sa.Boolean(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("interpretation", sa.Text(), nullable=False),
        sa.Column("handling", sa.String(), nullable=True),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "coverage IN ('both', 'qual_only', 'quant_only')", name=op.f("ck_judgement_coverage")
        ),
        sa.CheckConstraint(
            "meaning IS NULL OR meaning IN ('same', 'different')", name=op.f("ck_judgement_meaning")
        ),
        sa.CheckConstraint(
            "prominence IS NULL OR prominence IN ('same', 'different')", name=op.f("ck_judgement_prominence")
        ),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name=op.f("fk_judgement_code_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_judgement_coder_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_judgement_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        sa.UniqueConstraint(
            "study_id", "code_id", "coder_id", name=op.f("uq_judgement_study_id_code_id_coder_id")
        ),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judgement_code_id"), ["code_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_judgement_coder_id"), ["coder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_judgement_study_id"), ["study_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_link_code_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_link_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint(
            "study_id",
            "code_id",
            "kind",
            "target",
            "by",
            name=op.f("uq_link_study_id_code_id_kind_target_by"),
        ),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_code_id"), ["code_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_study_id"), ["study_id"], unique=False)

    op.create_table(
        "survey_response",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("survey_person_id", sa.String(length=36), nullable=False),
        sa.Column("respondent", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_person_id"],
            ["survey_person.id"],
            name=op.f("fk_survey_response_survey_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
        sa.UniqueConstraint(
            "survey_person_id",
            "respondent",
            "round",
            name=op.f("uq_survey_response_survey_person_id_respondent_round"),
        ),
    )
    op.create_table(
        "transcript_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("transcript_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["transcript_id"],
            ["transcript.id"],
            name=op.f("fk_transcript_version_transcript_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript_version")),
        sa.UniqueConstraint(
            "transcript_id", "version", name=op.f("uq_transcript_version_transcript_id_version")
        ),
    )
    with op.batch_alter_table("transcript_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_transcript_version_transcript_id"), ["transcript_id"], unique=False
        )

    op.create_table(
        "coding",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("transcript_id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("coder_id", sa.String(length=36), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("valence", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("scheme_version", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("origin IN ('hand', 'suggestion', 'import')", name=op.f("ck_coding_origin")),
        sa.CheckConstraint('start >= 0 AND start < "end"', name=op.f("ck_coding_range")),
        sa.CheckConstraint("valence IS NULL OR valence BETWEEN -1 AND 1", name=op.f("ck_coding_valence")),
        sa.CheckConstraint("weight IS NULL OR weight BETWEEN 0 AND 3", name=op.f("ck_coding_weight")),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name=op.f("fk_coding_code_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_coding_coder_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_coding_study_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"], name=op.f("fk_coding_transcript_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["transcript_version.id"], name=op.f("fk_coding_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
    )
    with op.batch_alter_table("coding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coding_code_id"), ["code_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coding_coder_id"), ["coder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coding_study_id"), ["study_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_coding_transcript_id_start"), ["transcript_id", "start"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_coding_version_id"), ["version_id"], unique=False)

    op.create_table(
        "turn",
        sa.Column("version_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("time_seconds", sa.Float(), nullable=True),
        sa.CheckConstraint("kind IN ('speech', 'heading', 'note')", name=op.f("ck_turn_kind")),
        sa.CheckConstraint('start >= 0 AND start <= "end"', name=op.f("ck_turn_range")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["transcript_version.id"], name=op.f("fk_turn_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_turn")),
    )
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_turn_version_id"), ["version_id"], unique=False)

    op.create_table(
        "memo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("coder_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("coding_id", sa.String(length=36), nullable=True),
        sa.Column("transcript_id", sa.String(length=36), nullable=True),
        sa.Column("code_id", sa.String(length=36), nullable=True),
        sa.Column("link_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_memo_code_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_memo_coder_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["coding_id"], ["coding.id"], name=op.f("fk_memo_coding_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_memo_link_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_memo_study_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"], name=op.f("fk_memo_transcript_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memo")),
        sa.UniqueConstraint("coding_id", name=op.f("uq_memo_coding_id")),
    )
    with op.batch_alter_table("memo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memo_code_id"), ["code_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_memo_coder_id"), ["coder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_memo_link_id"), ["link_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_memo_study_id"), ["study_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_memo_transcript_id"), ["transcript_id"], unique=False)

    op.create_table(
        "pinned_quotation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_id", sa.String(length=36), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("coding_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name=op.f("fk_pinned_quotation_code_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coding_id"], ["coding.id"], name=op.f("fk_pinned_quotation_coding_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_pinned_quotation_study_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pinned_quotation")),
        sa.UniqueConstraint("study_id", "code_id", name=op.f("uq_pinned_quotation_study_id_code_id")),
    )
    with op.batch_alter_table("pinned_quotation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pinned_quotation_code_id"), ["code_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pinned_quotation_coding_id"), ["coding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pinned_quotation_study_id"), ["study_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("pinned_quotation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pinned_quotation_study_id"))
        batch_op.drop_index(batch_op.f("ix_pinned_quotation_coding_id"))
        batch_op.drop_index(batch_op.f("ix_pinned_quotation_code_id"))

    op.drop_table("pinned_quotation")
    with op.batch_alter_table("memo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memo_transcript_id"))
        batch_op.drop_index(batch_op.f("ix_memo_study_id"))
        batch_op.drop_index(batch_op.f("ix_memo_link_id"))
        batch_op.drop_index(batch_op.f("ix_memo_coder_id"))
        batch_op.drop_index(batch_op.f("ix_memo_code_id"))

    op.drop_table("memo")
    with op.batch_alter_table("turn", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_turn_version_id"))

    op.drop_table("turn")
    with op.batch_alter_table("coding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coding_version_id"))
        batch_op.drop_index(batch_op.f("ix_coding_transcript_id_start"))
        batch_op.drop_index(batch_op.f("ix_coding_study_id"))
        batch_op.drop_index(batch_op.f("ix_coding_coder_id"))
        batch_op.drop_index(batch_op.f("ix_coding_code_id"))

    op.drop_table("coding")
    with op.batch_alter_table("transcript_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transcript_version_transcript_id"))

    op.drop_table("transcript_version")
    op.drop_table("survey_response")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_study_id"))
        batch_op.drop_index(batch_op.f("ix_link_code_id"))

    op.drop_table("link")
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judgement_study_id"))
        batch_op.drop_index(batch_op.f("ix_judgement_coder_id"))
        batch_op.drop_index(batch_op.f("ix_judgement_code_id"))

    op.drop_table("judgement")
    with op.batch_alter_table("asked", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_interview_id"))
        batch_op.drop_index(batch_op.f("ix_asked_code_id"))

    op.drop_table("asked")
    with op.batch_alter_table("transcript", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transcript_study_id"))
        batch_op.drop_index(batch_op.f("ix_transcript_interview_id"))

    op.drop_table("transcript")
    with op.batch_alter_table("survey_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_person_study_id"))
        batch_op.drop_index(batch_op.f("ix_survey_person_person_id"))

    op.drop_table("survey_person")
    with op.batch_alter_table("interview_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_person_person_id"))
        batch_op.drop_index(batch_op.f("ix_interview_person_interview_id"))

    op.drop_table("interview_person")
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_estimate_study_id"))
        batch_op.drop_index(batch_op.f("ix_estimate_source_id"))

    op.drop_table("estimate")
    with op.batch_alter_table("code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_code_study_id"))
        batch_op.drop_index(batch_op.f("ix_code_scheme_id"))
        batch_op.drop_index(batch_op.f("ix_code_parent_id"))

    op.drop_table("code")
    with op.batch_alter_table("attribute_value", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attribute_value_person_id"))
        batch_op.drop_index(batch_op.f("ix_attribute_value_interview_id"))
        batch_op.drop_index(batch_op.f("ix_attribute_value_attribute_id"))

    op.drop_table("attribute_value")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_study_id"))

    op.drop_table("source")
    with op.batch_alter_table("scheme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheme_study_id"))

    op.drop_table("scheme")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_study_id"))

    op.drop_table("person")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_study_id"))

    op.drop_table("interview")
    with op.batch_alter_table("instrument", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instrument_study_id"))

    op.drop_table("instrument")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_undoes"))
        batch_op.drop_index(batch_op.f("ix_event_transcript_id_sequence"))
        batch_op.drop_index(batch_op.f("ix_event_study_id"))
        batch_op.drop_index(batch_op.f("ix_event_action_id"))

    op.drop_table("event")
    with op.batch_alter_table("coder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coder_study_id"))

    op.drop_table("coder")
    with op.batch_alter_table("attribute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attribute_study_id"))

    op.drop_table("attribute")
    op.drop_table("study")
