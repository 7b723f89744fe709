"""Reading transcripts out of a study: the list, one whole transcript, and copies as files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, cast

from interviews import Annotation
from interviews.transcript import AnnotationKind
from workbench.errors import NotFoundError
from workbench.i18n import t
from workbench.services.coding import Coding, coding_of
from workbench.services.interview_facts import FactChanges, change_facts
from workbench.services.reading_warnings import warnings_of
from workbench.store import codings as coding_store
from workbench.store import events, sources
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import AnnotationRow, InterviewRow, TurnRow


@dataclass(frozen=True)
class TranscriptFacts:
    """One line of the list of transcripts. `warnings` is what the reader was unsure of.

    codings_changed, codings_lost : how many wait for a coder since the text was edited; the lost ones are not
        among `codings`.
    shared_persons : those of the persons who took part in other interviews too.
    """

    id: str
    number: int
    name: str
    interview: str
    actor_group: str | None
    type: str
    held_on: date | None
    persons: tuple[str, ...]
    turns: int
    words: int
    codings: int
    version: int
    source_name: str
    warnings: tuple[str, ...]
    attributes: Mapping[str, str]
    codings_changed: int = 0
    codings_lost: int = 0
    shared_persons: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The facts as JSON values."""
        values = asdict(self)
        values["held_on"] = self.held_on.isoformat() if self.held_on else None
        return values


@dataclass(frozen=True)
class TurnFacts:
    """One turn of a stored transcript; positions in code points of its text."""

    start: int
    end: int
    speaker: str | None
    role: str
    kind: str
    time_seconds: float | None
    status: str = "verbatim"
    speaks_for: str | None = None


@dataclass(frozen=True)
class StoredTranscript:
    """A whole transcript: the text in use, its turns, codings, and the comments and notes of its file."""

    facts: TranscriptFacts
    version_id: str
    text: str
    turns: tuple[TurnFacts, ...]
    codings: tuple[Coding, ...]
    annotations: tuple[Annotation, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The transcript as JSON values."""
        return {
            **self.facts.as_dict(),
            "text": self.text,
            "turns": [asdict(turn) for turn in self.turns],
            "codings": [coding.as_dict() for coding in self.codings],
            "annotations": [asdict(annotation) for annotation in self.annotations],
        }


def list_transcripts(study: Study) -> list[TranscriptFacts]:
    """All transcripts in the order of their numbers."""
    with study.read() as session:
        listed = store.list_transcripts(session, study.study_id)
        versions = store.version_facts(session, study.study_id)
        turns = store.turn_counts(session, study.study_id)
        codings = store.coding_counts(session, study.study_id)
        reviews = store.review_counts(session, study.study_id)
        attributes = store.interview_attributes(session, study.study_id)
        persons: dict[str, list[str]] = {}
        shared: dict[str, list[str]] = {}
        parts = store.persons_of_interviews(session, study.study_id)
        times = Counter(part.person_id for part, _person in parts)
        for part, person in parts:
            if part.role == "respondent":
                persons.setdefault(part.interview_id, []).append(person.pseudonym)
            if times[part.person_id] > 1:
                shared.setdefault(part.interview_id, []).append(person.pseudonym)
    facts = []
    for transcript, interview in listed:
        version = versions[transcript.id]
        facts.append(
            TranscriptFacts(
                id=transcript.id,
                number=transcript.number,
                name=transcript.name,
                interview=interview.name,
                actor_group=interview.actor_group,
                type=interview.kind,
                held_on=interview.held_on,
                persons=tuple(persons.get(interview.id, ())),
                turns=turns.get(version.id, 0),
                words=version.words,
                codings=codings.get(transcript.id, 0),
                version=transcript.current_version,
                source_name=transcript.source_name,
                warnings=warnings_of(version.warnings),
                attributes=attributes.get(interview.id, {}),
                codings_changed=reviews.get(transcript.id, {}).get("changed", 0),
                codings_lost=reviews.get(transcript.id, {}).get("lost", 0),
                shared_persons=tuple(shared.get(interview.id, ())),
            )
        )
    return facts


def get_transcript(study: Study, reference: str) -> StoredTranscript:
    """One transcript by id, number or name. Raises NotFoundError."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, reference)
        version = store.current_version(session, row)
        turns = store.turns_of(session, version.id)
        notes = sources.annotations_of(session, version.id)
        codings = coding_store.list_codings(session, study.study_id, transcript_id=row.id)
    facts = next(facts for facts in list_transcripts(study) if facts.id == row.id)
    return StoredTranscript(
        facts=facts,
        version_id=version.id,
        text=version.text,
        turns=turn_facts(turns),
        codings=tuple(coding_of(full, row.name) for full in codings),
        annotations=annotations_of_rows(notes),
    )


def turn_facts(rows: Iterable[TurnRow]) -> tuple[TurnFacts, ...]:
    """Stored turns as values."""
    return tuple(
        TurnFacts(
            row.start,
            row.end,
            row.speaker,
            row.role,
            row.kind,
            row.time_seconds,
            row.status,
            row.speaks_for,
        )
        for row in rows
    )


def annotations_of_rows(rows: Iterable[AnnotationRow]) -> tuple[Annotation, ...]:
    """Stored comments and notes as values."""
    return tuple(
        Annotation(row.start, row.end, row.text, cast(AnnotationKind, row.kind), row.author, row.written_at)
        for row in rows
    )


def version_in_use(study: Study, transcript: str) -> int:
    """The number of the text in use. Raises NotFoundError."""
    with study.read() as session:
        return store.find_transcript(session, study.study_id, transcript).current_version


def version_text(study: Study, transcript_id: str, version: int) -> str:
    """The text of any version of a transcript. Raises NotFoundError."""
    with study.read() as session:
        row = store.find_version(session, study.study_id, transcript_id, version)
        if row is None:
            raise NotFoundError(t("errors.no_transcript_version", version=version, transcript=transcript_id))
        return row.text


def update_interview(
    study: Study,
    transcript: str,
    *,
    actor: str,
    actor_group: str | None = None,
    kind: str | None = None,
    held_on: date | Literal[""] | None = None,
    name: str | None = None,
    attributes: Mapping[str, str] | None = None,
) -> None:
    """Correct what is known of a transcript's interview; None leaves a thing as it is, "" clears it.

    name : of the transcript, and of its interview where that has the same.
    attributes : those of the only respondent among them are set, or taken away, where they are stored.
    One action, which can be taken back. Raises NotFoundError, InvalidRequestError (name that is taken).
    """
    with study.write() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        changes = FactChanges(name, actor_group, kind, held_on, attributes or {})
        change_facts(session, row, changes, actor=actor)


def remove_transcript(study: Study, transcript: str, *, actor: str) -> None:
    """Take a transcript out of the study with its codings, and its interview if that was its only one."""
    with study.write() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        interview = session.get_one(InterviewRow, row.interview_id)
        codings = coding_store.list_codings(session, study.study_id, transcript_id=row.id, lost=None)
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="transcript.remove",
            entity="transcript",
            entity_id=row.id,
            transcript_id=row.id,
            before={**events.snapshot(row), "codings": [events.snapshot(full.row) for full in codings]},
        )
        store.delete_transcript(session, row, interview)
