"""From files to transcripts in the study: read, look at what was recognised, correct, save."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from rapidfuzz import fuzz, process

import interviews
from coding_schemes import ActorGroup
from interviews import Transcript, TranscriptError
from interviews.transcript import Role
from quant import read_table
from quant.tables import cell_text
from workbench.errors import InvalidRequestError, error_text
from workbench.i18n import t
from workbench.services.files import GivenFile
from workbench.services.schemes import study_scheme
from workbench.store import events
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import (
    InterviewPersonRow,
    InterviewRow,
    PersonRow,
    TranscriptRow,
    TranscriptVersionRow,
    TurnRow,
)

InterviewKind = Literal["individual", "group"]
OnStep = Callable[[int, int], None]

NAME_COLUMNS = ("file", "transcript", "interview", "name", "fil", "filnavn", "navn", "id")
GROUP_COLUMNS = ("actor_group", "group", "gruppe", "aktørgruppe")
SURE_NAME = 90.0


@dataclass(frozen=True)
class ImportDraft:
    """One file as it would be stored, with every guess to be seen and corrected first.

    transcript is None, with the reason in `problem`, for a file that cannot be read.
    duplicate_of : name of the transcript that came from the very same file.
    guesses : what was guessed (such as "actor_group") and from what.
    """

    file_name: str
    sha256: str
    name: str
    transcript: Transcript | None
    problem: str = ""
    reason: str = ""
    remedy: str = ""
    actor_group: str | None = None
    kind: InterviewKind = "individual"
    held_on: date | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    person_attributes: Mapping[str, str] = field(default_factory=dict)
    duplicate_of: str | None = None
    guesses: Mapping[str, str] = field(default_factory=dict)

    @property
    def respondents(self) -> tuple[str, ...]:
        """Labels of the respondents; where no role is known, of all who are not interviewers."""
        if self.transcript is None:
            return ()
        speakers = self.transcript.speakers
        sure = tuple(speaker.label for speaker in speakers if speaker.role == "respondent")
        return sure or tuple(speaker.label for speaker in speakers if speaker.role != "interviewer")


@dataclass(frozen=True)
class ImportedTranscript:
    """One line of the report on an import."""

    file_name: str
    status: Literal["imported", "same_file", "failed"]
    name: str
    id: str | None
    turns: int
    words: int
    message: str

    def as_dict(self) -> dict[str, Any]:
        """The line as JSON values."""
        return dict(vars(self))


def draft_transcripts(
    study: Study,
    files: Sequence[GivenFile | str | Path],
    *,
    actor_group: str | None = None,
    participants: GivenFile | None = None,
    on_step: OnStep | None = None,
) -> list[ImportDraft]:
    """Read files without storing them; one that cannot be read becomes a draft that says why.

    actor_group : the group of all of them; guessed from file names and speaker labels if None.
    participants : a csv or xlsx with one row an interview (or person): a column with the file or interview
        name, and columns that become attributes.
    on_step : called with (done, total) after each file; what it raises ends the reading.
    """
    scheme = study_scheme(study)
    groups = scheme.actor_groups if scheme is not None else ()
    sheet = _participant_rows(participants) if participants is not None else {}
    with study.read() as session:
        hashes = store.source_hashes(session, study.study_id)
    drafts = []
    for done, given in enumerate(files, start=1):
        draft = _read_draft(given)
        if draft.sha256:
            draft = replace(draft, duplicate_of=hashes.get(draft.sha256))
        draft = _with_guesses(draft, groups, actor_group, sheet)
        drafts.append(draft)
        if on_step is not None:
            on_step(done, len(files))
    return drafts


def correct_draft(
    draft: ImportDraft,
    *,
    labels: Mapping[str, str | None] | None = None,
    roles: Mapping[str, Role] | None = None,
    **values: Any,
) -> ImportDraft:
    """The draft with corrected speakers and any other fields.

    labels : old to new; None says that the label was no speaker.   roles : by the new labels.
    """
    if draft.transcript is not None and (labels or roles):
        values["transcript"] = draft.transcript.with_speakers(labels or {}, roles=roles or {})
    return replace(draft, **values)


def save_transcripts(
    study: Study, drafts: Sequence[ImportDraft], *, actor: str, on_step: OnStep | None = None
) -> list[ImportedTranscript]:
    """Store the drafts that could be read, each in a transaction of its own; report on all of them.

    A file that is in the study already is not stored again.
    """
    report = []
    for done, draft in enumerate(drafts, start=1):
        report.append(_save(study, draft, actor))
        if on_step is not None:
            on_step(done, len(drafts))
    return report


def import_transcripts(
    study: Study,
    files: Sequence[GivenFile | str | Path],
    *,
    actor: str,
    actor_group: str | None = None,
    participants: GivenFile | None = None,
    on_step: OnStep | None = None,
) -> list[ImportedTranscript]:
    """Read and store files in one go, taking every guess as it is."""
    drafts = draft_transcripts(
        study, files, actor_group=actor_group, participants=participants, on_step=on_step
    )
    return save_transcripts(study, drafts, actor=actor)


def _read_draft(given: GivenFile | str | Path) -> ImportDraft:
    name = given.name if isinstance(given, GivenFile) else Path(given).name
    try:
        file = given if isinstance(given, GivenFile) else GivenFile.from_path(given)
        transcript = interviews.read_bytes(file.content, file.name)
    except TranscriptError as error:
        return ImportDraft(name, "", Path(name).stem, None, error_text(error), error.reason, error.remedy)
    except InvalidRequestError as error:
        return ImportDraft(name, "", Path(name).stem, None, str(error), "not_found")
    return ImportDraft(file.name, file.sha256, Path(file.name).stem, transcript)


def _with_guesses(
    draft: ImportDraft,
    groups: Sequence[ActorGroup],
    actor_group: str | None,
    sheet: Mapping[str, Mapping[str, str]],
) -> ImportDraft:
    if draft.transcript is None:
        return draft
    guesses: dict[str, str] = {}
    attributes: dict[str, str] = {}
    group = actor_group
    row_name = _nearest(draft.name, sheet)
    if row_name is not None:
        attributes = dict(sheet[row_name])
        guesses["participants"] = row_name
        for column in [column for column in attributes if column.lower() in GROUP_COLUMNS]:
            group = group or attributes.pop(column) or None
    if group is None:
        group, guesses_from = _guess_group(draft, groups)
        if group is not None:
            guesses["actor_group"] = guesses_from
    kind: InterviewKind = "group" if len(draft.respondents) > 1 else "individual"
    return replace(draft, actor_group=group, kind=kind, attributes=attributes, guesses=guesses)


def _guess_group(draft: ImportDraft, groups: Sequence[ActorGroup]) -> tuple[str | None, str]:
    """The actor group that file name or speaker labels name, and the text that named it."""
    for text in (draft.name, *draft.respondents):
        words = re.findall(r"[^\W\d_]+", text.lower())
        for group in groups:
            names = {word.lower() for word in (group.id, *group.words, *group.label.values())}
            if names & set(words):
                return group.id, text
    return None, ""


def _participant_rows(file: GivenFile) -> dict[str, dict[str, str]]:
    """Attributes by interview name. Raises InvalidRequestError if no column names the interviews."""
    table = read_table(file.content, file.name)
    by_lower = {str(column).strip().lower(): column for column in table.columns}
    key = next((by_lower[name] for name in NAME_COLUMNS if name in by_lower), None)
    if key is None:
        raise InvalidRequestError(
            t("errors.no_name_column", file=file.name, columns=", ".join(map(str, table.columns)))
        )
    rows = table.apply(cell_text).to_dict("records")
    return {
        Path(row[key]).stem: {str(name): value for name, value in row.items() if name != key}
        for row in rows
        if row[key]
    }


def _nearest(name: str, sheet: Mapping[str, Mapping[str, str]]) -> str | None:
    if name in sheet or not sheet:
        return name if name in sheet else None
    found = process.extractOne(name, list(sheet), scorer=fuzz.ratio, score_cutoff=SURE_NAME)
    # Names that differ in a digit only are different interviews, however alike they look.
    if found is None or re.findall(r"\d+", found[0]) != re.findall(r"\d+", name):
        return None
    return str(found[0])


def _save(study: Study, draft: ImportDraft, actor: str) -> ImportedTranscript:
    transcript = draft.transcript
    if transcript is None:
        return ImportedTranscript(draft.file_name, "failed", draft.name, None, 0, 0, draft.problem)
    words = interviews.words(transcript.text)
    turns = sum(1 for turn in transcript.turns if turn.kind == "speech")
    with study.write() as session:
        same = store.source_hashes(session, study.study_id).get(draft.sha256)
        if same is not None:
            message = t("errors.same_file", transcript=same)
            return ImportedTranscript(draft.file_name, "same_file", same, None, turns, words, message)
        name = _free_name(draft.name, store.names_in_use(session, study.study_id))
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
        version = TranscriptVersionRow(
            transcript_id=row.id,
            version=1,
            text=transcript.text,
            words=words,
            encoding=transcript.encoding or "",
            layout=transcript.layout or "",
            warnings=list(transcript.warnings),
        )
        for new in (interview, row, version):
            session.add(new)
            session.flush()
        _add_turns(session, version.id, transcript)
        _add_persons(session, study.study_id, interview.id, draft)
        store.set_attributes(
            session, study.study_id, subject="interview", subject_id=interview.id, values=draft.attributes
        )
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="transcript.import",
            entity="transcript",
            entity_id=row.id,
            transcript_id=row.id,
            after={**events.snapshot(row), "words": words, "turns": turns},
        )
    return ImportedTranscript(draft.file_name, "imported", name, row.id, turns, words, "")


def _add_turns(session: Any, version_id: str, transcript: Transcript) -> None:
    roles = {speaker.label: speaker.role for speaker in transcript.speakers}
    store.add_turns(
        session,
        (
            TurnRow(
                version_id=version_id,
                ordinal=ordinal,
                start=turn.start,
                end=turn.end,
                speaker=turn.speaker,
                role=roles.get(turn.speaker or "", "unknown"),
                kind=turn.kind,
                time_seconds=turn.time_seconds,
            )
            for ordinal, turn in enumerate(transcript.turns)
        ),
    )


def _add_persons(session: Any, study_id: str, interview_id: str, draft: ImportDraft) -> None:
    """One person for each respondent; a transcript without labels has one, named like the interview."""
    labels = draft.respondents or (draft.name,)
    for label in labels:
        person = PersonRow(study_id=study_id, pseudonym=label)
        session.add(person)
        session.flush()
        session.add(InterviewPersonRow(interview_id=interview_id, person_id=person.id, speaker=label))
        if len(labels) == 1:
            store.set_attributes(
                session, study_id, subject="person", subject_id=person.id, values=draft.person_attributes
            )


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free
