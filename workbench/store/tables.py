"""All tables of a study store. Every row belongs to a study; ids are UUID texts and never change.

Positions are half-open `[start, end)` in Unicode code points of one immutable transcript version.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """A fresh UUID as text."""
    return str(uuid4())


def now() -> datetime:
    """This moment in UTC, to the second: what the log and the rows carry."""
    return datetime.now(UTC).replace(microsecond=0)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone and PostgreSQL gives its own, so UTC is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# A registry of its own: Streamlit's hot reload imports this module again, and SQLModel's shared registry
# would then hold every table twice.
class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Base of all tables."""


def _key() -> Any:
    return Field(default_factory=new_id, primary_key=True, max_length=36)


def _owner(target: str, *, index: bool = True, nullable: bool = False, primary_key: bool = False) -> Any:
    """A foreign key whose row goes with the row it belongs to."""
    return Field(
        default=None if nullable else ...,
        sa_column=Column(
            ForeignKey(target, ondelete="CASCADE"), index=index, nullable=nullable, primary_key=primary_key
        ),
    )


def _reference(target: str, *, nullable: bool = False, index: bool = True) -> Any:
    """A foreign key to a row that cannot go while it is used."""
    return Field(
        default=None if nullable else ...,
        sa_column=Column(ForeignKey(target, ondelete="RESTRICT"), index=index, nullable=nullable),
    )


def _json(default: type[Any] = dict) -> Any:
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


def _text(default: Any = "") -> Any:
    return Field(default=default, sa_column=Column(Text, nullable=False))


def _snapshot() -> Any:
    return Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))


def _moment() -> Any:
    return Field(default_factory=now, sa_column=Column(UtcDateTime, nullable=False))


class StudyRow(Row, table=True):
    """One study: what an evaluator opens. `settings` holds choices such as the good direction of outcomes."""

    __tablename__ = "study"
    __table_args__ = (UniqueConstraint("name"),)
    id: str = _key()
    name: str
    title: str = _text()
    language: str = "da"
    settings: dict[str, Any] = _json()
    created_at: datetime = _moment()


class CoderRow(Row, table=True):
    """A person who codes; the acting user of every event."""

    __tablename__ = "coder"
    __table_args__ = (UniqueConstraint("study_id", "name"),)
    id: str = _key()
    study_id: str = _owner("study.id")
    name: str


class PersonRow(Row, table=True):
    """Somebody interviewed, under a pseudonym; `survey_key` is the same person's id in the questionnaire."""

    __tablename__ = "person"
    id: str = _key()
    study_id: str = _owner("study.id")
    pseudonym: str
    survey_key: str | None = None


class InterviewRow(Row, table=True):
    """One interview, the unit of analysis; a group interview with five persons is one."""

    __tablename__ = "interview"
    __table_args__ = (
        UniqueConstraint("study_id", "name"),
        CheckConstraint("kind IN ('individual', 'group')", name="kind"),
    )
    id: str = _key()
    study_id: str = _owner("study.id")
    name: str
    actor_group: str | None = None
    kind: str = "individual"
    held_on: date | None = None


class InterviewPersonRow(Row, table=True):
    """Who took part in an interview, and under which speaker label."""

    __tablename__ = "interview_person"
    interview_id: str = _owner("interview.id", primary_key=True)
    person_id: str = _owner("person.id", primary_key=True)
    speaker: str = ""
    role: str = "respondent"


class AttributeRow(Row, table=True):
    """A typed attribute of interviews or persons, such as gender or municipality."""

    __tablename__ = "attribute"
    __table_args__ = (
        UniqueConstraint("study_id", "subject", "name"),
        CheckConstraint("subject IN ('interview', 'person')", name="subject"),
        CheckConstraint("type IN ('text', 'number', 'date')", name="type"),
    )
    id: str = _key()
    study_id: str = _owner("study.id")
    subject: str
    name: str
    type: str = "text"


class AttributeValueRow(Row, table=True):
    """One attribute of one interview or one person."""

    __tablename__ = "attribute_value"
    __table_args__ = (
        UniqueConstraint("attribute_id", "interview_id"),
        UniqueConstraint("attribute_id", "person_id"),
        CheckConstraint("(interview_id IS NULL) <> (person_id IS NULL)", name="one_subject"),
    )
    id: str = _key()
    attribute_id: str = _owner("attribute.id")
    interview_id: str | None = _owner("interview.id", nullable=True)
    person_id: str | None = _owner("person.id", nullable=True)
    value: str = _text()


class TranscriptRow(Row, table=True):
    """A transcript of an interview; its text lives in versions, of which `current_version` is in use."""

    __tablename__ = "transcript"
    __table_args__ = (UniqueConstraint("study_id", "name"), UniqueConstraint("study_id", "number"))
    id: str = _key()
    study_id: str = _owner("study.id")
    interview_id: str = _owner("interview.id")
    number: int
    name: str
    source_name: str = ""
    source_format: str = ""
    source_sha256: str = ""
    current_version: int = 1


class TranscriptVersionRow(Row, table=True):
    """One immutable text of a transcript; `origin` says how it came about, `author` who brought it.

    `source_name`, `source_format` and `source_sha256` tell of the file behind this version; a version made by
    editing has none.
    """

    __tablename__ = "transcript_version"
    __table_args__ = (
        UniqueConstraint("transcript_id", "version"),
        CheckConstraint("origin IN ('import', 'edit', 'reimport')", name="origin"),
    )
    id: str = _key()
    transcript_id: str = _owner("transcript.id")
    version: int
    text: str = _text(default=...)
    words: int
    encoding: str = ""
    layout: str = ""
    warnings: list[Any] = _json(list)
    origin: str = "import"
    author: str = ""
    source_name: str = ""
    source_format: str = ""
    source_sha256: str = ""
    created_at: datetime = _moment()


class TurnRow(Row, table=True):
    """What one speaker says without a break, or a heading or note between turns."""

    __tablename__ = "turn"
    __table_args__ = (
        CheckConstraint('start >= 0 AND start <= "end"', name="range"),
        CheckConstraint("kind IN ('speech', 'heading', 'note')", name="kind"),
        CheckConstraint(
            "status IN ('verbatim', 'summary', 'interpreted', 'translation', 'notes')", name="status"
        ),
    )
    version_id: str = _owner("transcript_version.id", primary_key=True)
    ordinal: int = Field(primary_key=True)
    start: int
    end: int
    speaker: str | None = None
    role: str = "unknown"
    kind: str = "speech"
    status: str = "verbatim"
    speaks_for: str | None = None
    time_seconds: float | None = None


class AnnotationRow(Row, table=True):
    """A comment, footnote or endnote that came with a transcript's file, on a passage or at a point of it."""

    __tablename__ = "annotation"
    __table_args__ = (
        CheckConstraint('start >= 0 AND start <= "end"', name="range"),
        CheckConstraint("kind IN ('comment', 'footnote', 'endnote')", name="kind"),
    )
    id: str = _key()
    version_id: str = _owner("transcript_version.id")
    start: int
    end: int
    text: str = _text(default=...)
    kind: str = "comment"
    author: str = ""
    written_at: str = ""


class SchemeRow(Row, table=True):
    """The coding scheme of a study; `content` is all its file says but codes and crosswalk."""

    __tablename__ = "scheme"
    __table_args__ = (UniqueConstraint("study_id", "key"),)
    id: str = _key()
    study_id: str = _owner("study.id")
    key: str
    version: str = "1"
    content: dict[str, Any] = _json()


class CodeRow(Row, table=True):
    """A code of the scheme; parents are codable themselves."""

    __tablename__ = "code"
    __table_args__ = (
        UniqueConstraint("study_id", "path"),
        CheckConstraint("valence BETWEEN -1 AND 1", name="valence"),
    )
    id: str = _key()
    study_id: str = _owner("study.id")
    scheme_id: str = _owner("scheme.id")
    parent_id: str | None = _reference("code.id", nullable=True)
    path: str
    position: int = 0
    label: dict[str, str] = _json()
    definition: dict[str, str] = _json()
    include: dict[str, str] = _json()
    exclude: dict[str, str] = _json()
    example: dict[str, str] = _json()
    color: str = "#808080"
    seed_words: list[str] = _json(list)
    valence: int = 0
    retired: bool = False


class AskedRow(Row, table=True):
    """Whether a theme was asked about in an interview; no row means it was."""

    __tablename__ = "asked"
    interview_id: str = _owner("interview.id", primary_key=True)
    code_id: str = _owner("code.id", primary_key=True)
    asked: bool = True


class CodingRow(Row, table=True):
    """A code put on a passage; `quote` equals `text[start:end]` of the version, always.

    The version is the one in use, but for a coding whose words a newer text no longer has: it stays on the
    last version that had them, with `review` "lost", until somebody places it again or lets it go. `review`
    "changed" asks to look at a coding whose words were edited; `earlier_quote` holds them as they were.
    """

    __tablename__ = "coding"
    __table_args__ = (
        CheckConstraint('start >= 0 AND start < "end"', name="range"),
        CheckConstraint("weight IS NULL OR weight BETWEEN 0 AND 3", name="weight"),
        CheckConstraint("valence IS NULL OR valence BETWEEN -1 AND 1", name="valence"),
        CheckConstraint("origin IN ('hand', 'suggestion', 'import')", name="origin"),
        CheckConstraint("review IS NULL OR review IN ('changed', 'lost')", name="review"),
        Index(None, "transcript_id", "start"),
    )
    id: str = _key()
    study_id: str = _owner("study.id")
    transcript_id: str = _owner("transcript.id", index=False)
    version_id: str = _owner("transcript_version.id")
    start: int
    end: int
    quote: str = _text(default=...)
    code_id: str = _reference("code.id")
    coder_id: str = _reference("coder.id")
    weight: int | None = None
    valence: int | None = None
    origin: str = "hand"
    scheme_version: str = "1"
    review: str | None = None
    earlier_quote: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    created_at: datetime = _moment()


class MemoRow(Row, table=True):
    """A note on one thing: a coding, a transcript, a code, a link or (with none of them) the study."""

    __tablename__ = "memo"
    __table_args__ = (UniqueConstraint("coding_id"),)
    id: str = _key()
    study_id: str = _owner("study.id")
    coder_id: str = _reference("coder.id")
    kind: str = "note"
    text: str = _text(default=...)
    coding_id: str | None = _owner("coding.id", nullable=True, index=False)
    transcript_id: str | None = _owner("transcript.id", nullable=True)
    code_id: str | None = _owner("code.id", nullable=True)
    link_id: str | None = _owner("link.id", nullable=True)
    created_at: datetime = _moment()


class InstrumentRow(Row, table=True):
    """The questionnaire of a study, whole as its file says (`content`)."""

    __tablename__ = "instrument"
    __table_args__ = (UniqueConstraint("study_id", "key"),)
    id: str = _key()
    study_id: str = _owner("study.id")
    key: str
    version: str = "1"
    content: dict[str, Any] = _json()


class SourceRow(Row, table=True):
    """A file of numbers that was imported: its name and hash, the mapping used and what was found in it."""

    __tablename__ = "source"
    __table_args__ = (CheckConstraint("kind IN ('answers', 'estimates', 'outcomes')", name="kind"),)
    id: str = _key()
    study_id: str = _owner("study.id")
    kind: str
    file_name: str
    sha256: str = ""
    label: str = _text()
    nature: str = "measured"
    mapping: dict[str, Any] = _json()
    findings: list[dict[str, Any]] = _json(list)
    flow: list[dict[str, Any]] = _json(list)
    imported_at: datetime = _moment()


class SurveyPersonRow(Row, table=True):
    """Somebody the questionnaire is about, with the background columns of the file."""

    __tablename__ = "survey_person"
    __table_args__ = (UniqueConstraint("source_id", "key"),)
    id: str = _key()
    study_id: str = _owner("study.id")
    source_id: str = _owner("source.id", index=False)
    key: str
    person_id: str | None = Field(
        default=None,
        sa_column=Column(ForeignKey("person.id", ondelete="SET NULL"), nullable=True, index=True),
    )
    background: dict[str, Any] = _json()


class SurveyResponseRow(Row, table=True):
    """One questionnaire filled in: by one respondent, about one person, in one round."""

    __tablename__ = "survey_response"
    __table_args__ = (UniqueConstraint("survey_person_id", "respondent", "round"),)
    id: str = _key()
    survey_person_id: str = _owner("survey_person.id", index=False)
    respondent: str
    round: int
    answered_on: date | None = None
    values: dict[str, float | None] = _json()


class EstimateRow(Row, table=True):
    """An effect estimate as evidence: value, uncertainty, what it is of, and where it comes from.

    computed : what was computed rather than printed, such as the settings of a run made here.
    """

    __tablename__ = "estimate"
    id: str = _key()
    study_id: str = _owner("study.id")
    source_id: str = _owner("source.id")
    position: int
    outcome: str
    subgroup: str = "all"
    period: str = ""
    model: str = ""
    estimate: float
    std_error: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int | None = None
    stars: str = ""
    treated_mean: float | None = None
    place: str = ""
    p_value: float | None = None
    df: float | None = None
    outcome_sd: float | None = None
    design: str = ""
    computed: dict[str, Any] = _json()


class OutcomeRow(Row, table=True):
    """An outcome made of register records by a declared rule: of one person, or of a unit (`subject`).

    value : None where the rule left the subject out.   n : periods with a record behind the value.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        UniqueConstraint("source_id", "subject", "key", "period", "outcome"),
        CheckConstraint("subject IN ('person', 'unit')", name="subject"),
    )
    id: str = _key()
    study_id: str = _owner("study.id")
    source_id: str = _owner("source.id", index=False)
    subject: str = "person"
    key: str
    period: str = ""
    outcome: str
    value: float | None = None
    n: int = 0


class AnalysisRow(Row, table=True):
    """An analysis kept with the study: what was declared, what came out, and of which data.

    kind : such as "regression" or "index"; the kinds are those of `services.analyses`.
    title : what it is called, once a kind; "" for the last one run, which nobody has named.
    reads : the kinds of sources it was made of.   basis : a hash of these as they were then.
    """

    __tablename__ = "analysis"
    __table_args__ = (UniqueConstraint("study_id", "kind", "title"),)
    id: str = _key()
    study_id: str = _owner("study.id")
    kind: str
    title: str = ""
    spec: dict[str, Any] = _json()
    result: dict[str, Any] = _json()
    reads: list[str] = _json(list)
    basis: str = ""
    created_at: datetime = _moment()


class LinkRow(Row, table=True):
    """A theme set beside numbers at a declared level; `by` splits a score by a background column."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("study_id", "code_id", "kind", "target", "by"),)
    id: str = _key()
    study_id: str = _owner("study.id")
    code_id: str = _owner("code.id")
    kind: str
    target: str
    level: str
    by: str = ""
    note: dict[str, str] = _json()
    origin: str = "hand"


class JudgementRow(Row, table=True):
    """A verdict a person confirmed; `basis` holds the numbers it was given on, to tell when it is stale."""

    __tablename__ = "judgement"
    __table_args__ = (
        UniqueConstraint("study_id", "code_id", "coder_id"),
        CheckConstraint("coverage IN ('both', 'qual_only', 'quant_only')", name="coverage"),
        CheckConstraint("meaning IS NULL OR meaning IN ('same', 'different')", name="meaning"),
        CheckConstraint("prominence IS NULL OR prominence IN ('same', 'different')", name="prominence"),
    )
    id: str = _key()
    study_id: str = _owner("study.id")
    code_id: str = _owner("code.id")
    coder_id: str = _reference("coder.id")
    coverage: str
    meaning: str | None = None
    prominence: str | None = None
    inconclusive: bool = False
    rationale: str = _text(default=...)
    interpretation: str = _text()
    handling: str | None = None
    basis: dict[str, Any] = _json()
    confirmed_at: datetime = _moment()


class PinnedQuotationRow(Row, table=True):
    """The quotation that stands for a theme in displays and reports."""

    __tablename__ = "pinned_quotation"
    __table_args__ = (UniqueConstraint("study_id", "code_id"),)
    id: str = _key()
    study_id: str = _owner("study.id")
    code_id: str = _owner("code.id")
    coding_id: str = _owner("coding.id")


class EventRow(Row, table=True):
    """One change: who, when, what, before and after. Rows are only ever added.

    `action_id` groups the events of one user action; `operation_id` is the client's id of a change that may
    arrive twice; `undoes` names the event whose change this one takes back.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("study_id", "operation_id"),
        CheckConstraint("kind IN ('do', 'undo', 'redo')", name="kind"),
        Index(None, "transcript_id", "sequence"),
        {"sqlite_autoincrement": True},
    )
    sequence: int | None = Field(
        default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True)
    )
    study_id: str = _owner("study.id")
    at: datetime = _moment()
    actor: str
    action: str
    kind: str = "do"
    action_id: str = Field(default_factory=new_id, max_length=36, index=True)
    operation_id: str | None = Field(default=None, max_length=80)
    undoes: int | None = Field(default=None, index=True)
    entity: str
    entity_id: str
    transcript_id: str | None = Field(default=None, max_length=36)
    before: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    after: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
