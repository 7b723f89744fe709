"""Storing drafts, each in a transaction of its own, and the report on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from sqlmodel import Session

import interviews
from interviews import Transcript
from workbench.errors import USER_ERRORS, error_text
from workbench.i18n import t
from workbench.services.editing import replace_text
from workbench.services.files import KnownFile
from workbench.services.import_drafts import (
    Guess,
    ImportDraft,
    PersonFacts,
    StoredMatch,
    facts_when_saved,
)
from workbench.services.interview_facts import Fact, FactChanges, PersonChange, change_facts, free_name
from workbench.services.reading_warnings import warnings_to_store
from workbench.services.transcript_notes import add_comment_memos
from workbench.store import events, sources
from workbench.store import interviews as interview_store
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import (
    AnnotationRow,
    InterviewPersonRow,
    InterviewRow,
    PersonRow,
    TranscriptRow,
    TranscriptVersionRow,
)

Status = Literal["imported", "same_file", "changed", "replaced", "failed", "cancelled"]
OnStep = Callable[[int, int], None]
_TURN_FIELDS = ("start", "end", "speaker", "kind", "status", "speaks_for", "time_seconds")


@dataclass(frozen=True)
class ImportedTranscript:
    """One line of the report on an import.

    status : "imported" (a new interview), "same_file" (the study has this file or its very words),
        "changed" (the study has another state of it; nothing was stored), "replaced" (stored as a new version
        of that transcript), "failed", "cancelled" (somebody stopped before it).
    name, id : of the transcript in the study, of the one it was recognised as where nothing was stored.
    speakers : labels with role, turns and words.   codings : what became of those of a replaced transcript,
        counted by "kept", "moved", "changed" and "lost".
    facts : what else was set of a replaced transcript's interview, such as "name" or "held_on".
    memos : how many comments became memos.     shared_persons : pseudonyms of persons who are in other
        interviews too.
    """

    file_name: str
    status: Status
    name: str
    id: str | None
    turns: int
    words: int
    message: str
    actor_group: str | None = None
    kind: str = ""
    held_on: str | None = None
    speakers: tuple[Mapping[str, Any], ...] = ()
    guesses: Mapping[str, Guess] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    annotations: int = 0
    match: StoredMatch | None = None
    codings: Mapping[str, int] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    memos: int = 0
    shared_persons: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The line as JSON values."""
        return {
            **vars(self),
            "speakers": [dict(speaker) for speaker in self.speakers],
            "guesses": {name: asdict(guess) for name, guess in self.guesses.items()},
            "warnings": [str(warning) for warning in self.warnings],
            "match": asdict(self.match) if self.match is not None else None,
            "codings": dict(self.codings),
        }


def save_transcripts(
    study: Study,
    drafts: Sequence[ImportDraft],
    *,
    actor: str,
    on_step: OnStep | None = None,
    on_file: Callable[[str], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> list[ImportedTranscript]:
    """Do with each draft what its `decision` says, in a transaction of its own; report on all of them.

    A file that is in the study already is not stored again, and one that cannot be stored does not stop the
    rest. Once `is_cancelled` says so, what is left is reported as cancelled.
    """
    report = []
    for done, draft in enumerate(drafts, start=1):
        if is_cancelled is not None and is_cancelled():
            report.append(_line(draft, "cancelled", t("errors.file_cancelled", file=draft.file_name)))
            continue
        if on_file is not None:
            on_file(draft.file_name)
        report.append(_saved(study, draft, actor))
        if on_step is not None:
            on_step(done, len(drafts))
    return report


def turn_values(version_id: str, transcript: Transcript) -> list[dict[str, Any]]:
    """The turns of a transcript as values of the rows of a version."""
    roles = {speaker.label: speaker.role for speaker in transcript.speakers}
    return [
        {
            "version_id": version_id,
            "ordinal": ordinal,
            "role": roles.get(turn.speaker or "", "unknown"),
            **{name: getattr(turn, name) for name in _TURN_FIELDS},
        }
        for ordinal, turn in enumerate(transcript.turns)
    ]


def _saved(study: Study, draft: ImportDraft, actor: str) -> ImportedTranscript:
    if draft.transcript is None:
        return _line(draft, "cancelled" if draft.reason == "cancelled" else "failed", draft.problem)
    match = draft.match
    is_coded = draft.coded is not None
    if match is not None and match.kind == "same_text" and draft.decision != "new" and not is_coded:
        said = (
            t("errors.same_words", transcript=match.name)
            if match.transcript_id
            else t("errors.same_words_here", file=match.name)
        )
        return _line(draft, "same_file", said)
    if match is not None and match.kind == "changed" and draft.decision == "skip":
        return _line(draft, "changed", changed_text(draft, match))
    try:
        if draft.coded is not None:
            return _returned(study, draft, actor)
        if match is not None and match.kind == "changed" and draft.decision == "version":
            return _replaced(study, draft, draft.transcript, match, actor)
        return _stored(study, draft, draft.transcript, actor)
    except USER_ERRORS as error:
        return _line(draft, "failed", f"{draft.file_name}: {error_text(error)}")


def changed_text(draft: ImportDraft, match: StoredMatch) -> str:
    """What is said of a file that holds another state of a transcript, and which choices there are."""
    told: dict[str, Any] = {
        "file": draft.file_name,
        "transcript": match.name,
        "percent": round(100 * match.share),
        "codings": match.codings,
    }
    return t("errors.changed_by_name", **told) if match.by == "name" else t("errors.changed_by_text", **told)


def _replaced(
    study: Study, draft: ImportDraft, transcript: Transcript, match: StoredMatch, actor: str
) -> ImportedTranscript:
    wanted = facts_when_saved(draft)
    told: dict[str, Any] = {}

    def alongside(session: Session, row: TranscriptRow, action_id: str) -> None:
        changes = _fact_changes(draft, transcript, free_name(session, row, wanted.name))
        told["facts"] = change_facts(session, row, changes, actor=actor, action_id=action_id)
        told["shared_persons"] = _shared(session, study.study_id, row.interview_id)
        told["name"] = row.name
        if draft.comments == "memos":
            told["memos"] = add_comment_memos(
                session, row, transcript.text, transcript.annotations, actor=actor, action_id=action_id
            )

    change = replace_text(
        study,
        match.transcript_id,
        transcript,
        actor=actor,
        origin="reimport",
        source=KnownFile(draft.file_name, b"", draft.sha256),
        stated=draft.stated,
        alongside=alongside,
    )
    message = ""
    if told["facts"]:
        names = ", ".join(t(f"transcripts.fact.{name}") for name in told["facts"])
        message = t("transcripts.report.facts_set", facts=names)
    line = replace(_line(draft, "replaced", message), codings=dict(change.counts), **told)
    return replace(
        line,
        actor_group=wanted.actor_group,
        kind=wanted.kind,
        held_on=wanted.held_on.isoformat() if wanted.held_on else None,
    )


def _fact_changes(draft: ImportDraft, transcript: Transcript, name: str) -> FactChanges:
    """What somebody set in a draft, or a sheet says, of an interview that the study has."""
    wanted = facts_when_saved(draft)
    before = draft.stored or wanted
    several = len(draft.respondents) > 1
    persons = [
        PersonChange(
            label if label in draft.respondents else "", facts.name, facts.attributes, facts.survey_key
        )
        for label, facts in draft.persons.items()
    ]
    own = {**draft.attributes, **(draft.person_attributes if several else {})}
    if draft.person_attributes and not several:
        label = draft.respondents[0] if draft.respondents else ""
        named = next((each for each in persons if each.speaker == label), None)
        if named is not None:
            persons = [replace(named, attributes={**named.attributes, **draft.person_attributes})]
        else:
            own |= draft.person_attributes
    by_hand = draft.stated.roles or draft.stated.labels
    return FactChanges(
        name=name if wanted.name != before.name else None,
        actor_group=(wanted.actor_group or "") if wanted.actor_group != before.actor_group else None,
        kind=wanted.kind if wanted.kind != before.kind else None,
        held_on=(wanted.held_on or "") if wanted.held_on != before.held_on else None,
        attributes=own,
        persons=persons,
        respondents=draft.respondents if by_hand and transcript.speakers else None,
    )


def _returned(study: Study, draft: ImportDraft, actor: str) -> ImportedTranscript:
    """Take an exported file back, with its codings."""
    from workbench.services.coded_returns import returned_text, take_back  # which imports interviews by this

    assert draft.coded is not None
    report = take_back(study, draft.coded.file, actor=actor, draft=draft, unknown=draft.unknown_codes)
    status: Status = "imported" if report.imported is not None else "same_file"
    line = _line(draft, "replaced" if report.text_changed else status, returned_text(report))
    line = replace(line, name=report.transcript, id=report.transcript_id)
    if draft.comments == "memos" and draft.transcript is not None and report.imported is None:
        with study.write() as session:
            row = store.find_transcript(session, study.study_id, report.transcript_id)
            transcript = draft.transcript
            memos = add_comment_memos(session, row, transcript.text, transcript.annotations, actor=actor)
        line = replace(line, memos=memos)
    return line


def _stored(study: Study, draft: ImportDraft, transcript: Transcript, actor: str) -> ImportedTranscript:
    with study.write() as session:
        same = sources.transcript_of_source(session, study.study_id, draft.sha256)
        if same is not None:
            line = _line(draft, "same_file", t("errors.same_file", transcript=same.name))
            return replace(line, name=same.name, id=same.id)
        name = _free_name(session, study.study_id, draft.name)
        interview = InterviewRow(
            study_id=study.study_id,
            name=name,
            actor_group=draft.actor_group,
            kind=draft.kind,
            held_on=draft.held_on,
        )
        row = TranscriptRow(
            study_id=study.study_id,
            interview_id=interview.id,
            number=store.next_number(session, study.study_id),
            name=name,
            source_name=draft.file_name,
            source_format=transcript.source_format,
            source_sha256=draft.sha256,
        )
        line = replace(_line(draft, "imported", ""), name=name, id=row.id, match=None)
        version = TranscriptVersionRow(
            transcript_id=row.id,
            version=1,
            text=transcript.text,
            words=line.words,
            encoding=transcript.encoding or "",
            layout=transcript.layout or "",
            warnings=warnings_to_store(transcript.warnings),
            author=actor,
            source_name=draft.file_name,
            source_format=transcript.source_format,
            source_sha256=draft.sha256,
        )
        for new in (interview, row, version):
            session.add(new)
            session.flush()
        sources.add_turn_values(session, turn_values(version.id, transcript))
        sources.add_annotations(
            session,
            [AnnotationRow(version_id=version.id, **asdict(each)) for each in transcript.annotations],
        )
        attributes = dict(draft.attributes)
        if _add_persons(session, study.study_id, interview.id, replace(draft, name=name)) > 1:
            attributes |= draft.person_attributes
        store.set_attributes(
            session, study.study_id, subject="interview", subject_id=interview.id, values=attributes
        )
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="transcript.import",
            entity="transcript",
            entity_id=row.id,
            transcript_id=row.id,
            after={**events.snapshot(row), "words": line.words, "turns": line.turns},
        )
        line = replace(line, shared_persons=_shared(session, study.study_id, interview.id))
        if draft.comments == "memos":
            memos = add_comment_memos(session, row, transcript.text, transcript.annotations, actor=actor)
            line = replace(line, memos=memos)
    return line


def _line(draft: ImportDraft, status: Status, message: str) -> ImportedTranscript:
    transcript, match = draft.transcript, draft.match
    spoken = [turn for turn in transcript.turns if turn.kind == "speech"] if transcript is not None else []
    return ImportedTranscript(
        file_name=draft.file_name,
        status=status,
        name=match.name if match is not None else draft.name,
        id=(match.transcript_id or None) if match is not None else None,
        turns=len(spoken),
        words=interviews.words(transcript.text) if transcript is not None else 0,
        message=message,
        actor_group=draft.actor_group,
        kind=draft.kind if transcript is not None else "",
        held_on=draft.held_on.isoformat() if draft.held_on is not None else None,
        speakers=tuple(asdict(speaker) for speaker in transcript.speakers) if transcript is not None else (),
        guesses=draft.guesses,
        warnings=transcript.warnings if transcript is not None else (),
        annotations=len(transcript.annotations) if transcript is not None else 0,
        match=match,
    )


def _add_persons(session: Session, study_id: str, interview_id: str, draft: ImportDraft) -> int:
    """One person for each respondent; a transcript without labels has one, named like the interview.

    Persons whom the sheet names and no label took part as well. Returns how many there are.
    """
    labelled = {label: draft.persons.get(label, PersonFacts(label)) for label in draft.respondents}
    named = [facts for label, facts in draft.persons.items() if label not in labelled]
    persons = [*labelled.items(), *(("", facts) for facts in named)]
    for label, facts in persons or [(draft.name, PersonFacts(draft.name))]:
        person = _person(session, study_id, interview_id, facts)
        session.add(InterviewPersonRow(interview_id=interview_id, person_id=person.id, speaker=label))
        own = draft.person_attributes if len(persons) < 2 else {}  # of several: the interview's
        store.set_attributes(
            session, study_id, subject="person", subject_id=person.id, values={**facts.attributes, **own}
        )
    return max(len(persons), 1)


def _person(session: Session, study_id: str, interview_id: str, facts: PersonFacts) -> PersonRow:
    """The person whom a sheet gives the same id and pseudonym in another interview, or a new one."""
    if facts.survey_key:
        known = interview_store.known_person(session, study_id, facts.survey_key, facts.name)
        if known is not None and session.get(InterviewPersonRow, (interview_id, known.id)) is None:
            return known
    person = PersonRow(study_id=study_id, pseudonym=facts.name, survey_key=facts.survey_key)
    session.add(person)
    session.flush()
    return person


def _shared(session: Session, study_id: str, interview_id: str) -> tuple[str, ...]:
    """Pseudonyms of an interview's persons who took part in others as well."""
    parts = store.persons_of_interviews(session, study_id)
    counts = Counter(part.person_id for part, _person in parts)
    return tuple(
        person.pseudonym
        for part, person in parts
        if part.interview_id == interview_id and counts[person.id] > 1
    )


def _free_name(session: Session, study_id: str, name: str) -> str:
    number, free = 2, name
    while not sources.name_is_free(session, study_id, free):
        free, number = f"{name} ({number})", number + 1
    return free
