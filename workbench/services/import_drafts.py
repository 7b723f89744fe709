"""A file as it would be stored: what was read and guessed, and how a person corrects it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import interviews
from interviews import SegmentStatus, Transcript, TranscriptError
from interviews.transcript import Role
from workbench.errors import InvalidRequestError, error_text
from workbench.i18n import t
from workbench.services.coded_files import CodedFile, coded_file_of
from workbench.services.files import GivenFile, OfferedFile, transcript_file
from workbench.services.text_turns import StatedByHand

InterviewKind = Literal["individual", "group"]
GuessSource = Literal["given", "participants", "header", "file_name", "speakers", "text"]
CommentsChoice = Literal["keep", "memos"]
UnknownChoice = Literal["leave", "create", "refuse"]
MatchKind = Literal["same_file", "same_text", "changed"]
Decision = Literal["new", "version", "skip"]

MANY_SPEAKERS = 12
CORRECTABLE = frozenset(("name", "actor_group", "kind", "held_on"))


@dataclass(frozen=True)
class Guess:
    """A guessed fact, where it was found, and the words that said it. score : 0-100, if it has one."""

    value: str
    source: GuessSource
    said: str
    score: float | None = None


@dataclass(frozen=True)
class StoredMatch:
    """A transcript of the study that a file seems to be of.

    kind : "same_file" (its very bytes), "same_text" (its words, in another file) or "changed".
    by : what told: "content", "name" or "text".
    share : of the text that stands in equal lines, 0-1.   codings : how many the transcript has.
    """

    kind: MatchKind
    transcript_id: str
    name: str
    by: Literal["content", "name", "text"]
    share: float
    codings: int


@dataclass(frozen=True)
class PersonFacts:
    """A person as stored: name (pseudonym), attributes, and the id by which a sheet knows the same person."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    survey_key: str | None = None


@dataclass(frozen=True)
class InterviewFacts:
    """What is known of an interview beside its words."""

    name: str
    actor_group: str | None
    kind: InterviewKind
    held_on: date | None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportDraft:
    """One file as it would be stored, with every guess to be seen and corrected first.

    transcript is None, with the reason in `problem`, for a file that cannot be read; `detail` and `values`
    are those of the error.
    kind : individual or group; whether the number of respondents decides is left to `correct_speakers`.
    person_attributes : of the only respondent; of the interview where there are several.
    persons : by speaker label, where a sheet names them.
    sheet_row : name of the interview in the sheet of participants.
    guesses : what was guessed (such as "actor_group") and from what.
    match : the transcript of the study that this file seems to be of; `decision` says what saving does then.
    coded : the file with its codings, where an export wrote it; `unknown_codes` says what becomes of those
        whose code the study lacks.
    comments : whether a person's comments become memos on the transcript too.
    stored : what the study knows of the interview that this is another state of.
    corrected : the fields that somebody has set.     stated : what somebody said of the speakers.
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
    persons: Mapping[str, PersonFacts] = field(default_factory=dict)
    sheet_row: str | None = None
    guesses: Mapping[str, Guess] = field(default_factory=dict)
    match: StoredMatch | None = None
    decision: Decision = "new"
    coded: CodedFile | None = None
    unknown_codes: UnknownChoice = "leave"
    comments: CommentsChoice = "keep"
    stored: InterviewFacts | None = None
    corrected: frozenset[str] = frozenset()
    stated: StatedByHand = field(default_factory=StatedByHand)

    @property
    def duplicate_of(self) -> str | None:
        """Name of the transcript that has this file, or its very words, already."""
        return self.match.name if self.match is not None and self.match.kind != "changed" else None

    @property
    def respondents(self) -> tuple[str, ...]:
        """Labels of the respondents; where no role is known, of all who are not interviewers."""
        if self.transcript is None:
            return ()
        speakers = self.transcript.speakers
        sure = tuple(speaker.label for speaker in speakers if speaker.role == "respondent")
        return sure or tuple(speaker.label for speaker in speakers if speaker.role != "interviewer")


def file_name(given: GivenFile | OfferedFile | str | Path) -> str:
    """What the user calls a file."""
    return Path(given).name if isinstance(given, (str, Path)) else given.name


def read_draft(given: GivenFile | OfferedFile | str | Path) -> ImportDraft:
    """Read one file; one that cannot be read becomes a draft that says why."""
    name = file_name(given)
    try:
        file = transcript_file(given)
        transcript = interviews.read_bytes(file.content, file.name)
    except TranscriptError as error:
        return ImportDraft(name, "", Path(name).stem, None, error_text(error), error.reason, error.remedy)
    except InvalidRequestError as error:
        return ImportDraft(name, "", Path(name).stem, None, str(error), "not_found")
    coded = coded_file_of(file, transcript, {}) if transcript.layout == "stated" else None
    if coded is not None:
        transcript = coded.transcript
    return ImportDraft(file.name, file.sha256, Path(file.name).stem, transcript, coded=coded)


def unread_draft(given: GivenFile | OfferedFile | str | Path) -> ImportDraft:
    """The draft of a file that was left unread, as somebody stopped the import before it."""
    name = file_name(given)
    return ImportDraft(name, "", Path(name).stem, None, t("errors.file_cancelled", file=name), "cancelled")


def correct_draft(
    draft: ImportDraft,
    *,
    labels: Mapping[str, str | None] | None = None,
    roles: Mapping[str, Role] | None = None,
    status: SegmentStatus | None = None,
    status_of: Mapping[str, SegmentStatus] | None = None,
    speaks_for: Mapping[str, str | None] | None = None,
    **values: Any,
) -> ImportDraft:
    """The draft with corrected speakers and any other fields.

    labels : old to new; None says that the label was no speaker.   roles : by the new labels.
    status : of every spoken turn.   status_of : of the turns of single speakers, by the new labels.
    speaks_for : whose words an interpreter renders, by the interpreter's new label; None: nobody's.
    """
    transcript = draft.transcript
    if transcript is not None:
        if labels or roles:
            transcript = transcript.with_speakers(labels or {}, roles=roles or {})
            values.setdefault("persons", _renamed(draft.persons, labels or {}))
        if status is not None or status_of or speaks_for:
            transcript = _with_status(transcript, status, status_of or {}, speaks_for or {})
        values["transcript"] = transcript
        values["stated"] = _stated(draft.stated, labels or {}, roles or {}, status or status_of or speaks_for)
    values.setdefault("corrected", draft.corrected | (CORRECTABLE & set(values)))
    return replace(draft, **values)


def facts_when_saved(draft: ImportDraft) -> InterviewFacts:
    """What will be known of the interview once the draft is stored.

    A new version of a transcript leaves what the study knows of it, but for what somebody set in the draft
    and what a sheet of participants says; guesses from the file change nothing then.
    """
    if draft.decision != "version" or draft.stored is None:
        attributes = {**draft.attributes, **draft.person_attributes}
        return InterviewFacts(draft.name, draft.actor_group, draft.kind, draft.held_on, attributes)
    said = {name for name, guess in draft.guesses.items() if guess.source == "participants"}
    values = {name: getattr(draft, name) for name in CORRECTABLE & (draft.corrected | said)}
    attributes = {**draft.stored.attributes, **draft.attributes, **draft.person_attributes}
    return replace(draft.stored, **values, attributes=attributes)


def correct_speakers(
    draft: ImportDraft,
    *,
    labels: Mapping[str, str | None] | None = None,
    roles: Mapping[str, Role] | None = None,
) -> ImportDraft:
    """As `correct_draft`; whether it was a group follows from how many respondents there are now."""
    after = correct_draft(draft, labels=labels, roles=roles)
    if len(after.respondents) != len(draft.respondents):
        return correct_draft(after, kind="group" if len(after.respondents) > 1 else "individual")
    return after


def needs_a_look(draft: ImportDraft) -> tuple[str, ...]:
    """Why a person should look at a draft before it is stored; nothing for one where all is plain.

    Words: "unreadable", "changed", "warnings", "merges", "no_speakers", "many_speakers", "unsure_row".
    """
    transcript = draft.transcript
    if transcript is None:
        return ("unreadable",)
    if draft.duplicate_of is not None:
        return ()
    row = draft.guesses.get("participants")
    reasons = {
        "changed": draft.match is not None,
        "warnings": bool(transcript.warnings),
        "merges": bool(transcript.speaker_merges),
        "no_speakers": not transcript.speakers,
        "many_speakers": len(transcript.speakers) > MANY_SPEAKERS,
        "unsure_row": row is not None and row.score is not None and row.score < 99.0,
    }
    return tuple(name for name, found in reasons.items() if found)


def _stated(
    before: StatedByHand, labels: Mapping[str, str | None], roles: Mapping[str, Role], status: object
) -> StatedByHand:
    given = {new for old, new in labels.items() if new is not None}
    kept = frozenset(label for label in before.labels if label not in labels)
    known = {labels.get(label, label): role for label, role in before.roles.items()}
    return StatedByHand(
        kept | given,
        {label: role for label, role in known.items() if label is not None} | dict(roles),
        before.status or bool(status),
    )


def _renamed(persons: Mapping[str, PersonFacts], labels: Mapping[str, str | None]) -> dict[str, PersonFacts]:
    kept: dict[str, PersonFacts] = {}
    for label, person in persons.items():
        new = labels.get(label, label)
        if new is not None:
            kept.setdefault(new, person)
    return kept


def _with_status(
    transcript: Transcript,
    status: SegmentStatus | None,
    status_of: Mapping[str, SegmentStatus],
    speaks_for: Mapping[str, str | None],
) -> Transcript:
    turns = []
    for turn in transcript.turns:
        if turn.kind == "speech":
            label = turn.speaker or ""
            turn = replace(turn, status=status_of.get(label, status or turn.status))
            if label in speaks_for:
                turn = replace(turn, speaks_for=speaks_for[label])
                if label not in status_of:
                    turn = replace(turn, status="interpreted" if speaks_for[label] else "verbatim")
        turns.append(turn)
    return replace(transcript, turns=tuple(turns))
