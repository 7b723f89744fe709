"""From files to transcripts in the study: read, look at what was recognised, correct, save.

The doors; guesses, recognising, sheets of participants and storing stand in modules of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from workbench.services.files import GivenFile, OfferedFile
from workbench.services.import_drafts import (
    CommentsChoice,
    Decision,
    Guess,
    ImportDraft,
    InterviewFacts,
    InterviewKind,
    PersonFacts,
    StoredMatch,
    correct_draft,
    correct_speakers,
    facts_when_saved,
    file_name,
    needs_a_look,
    read_draft,
    unread_draft,
)
from workbench.services.import_guesses import with_guesses, with_row
from workbench.services.import_matches import recognise
from workbench.services.import_saving import ImportedTranscript, OnStep, save_transcripts
from workbench.services.participants import ParticipantSheet, match_interviews, read_participants
from workbench.services.schemes import study_scheme
from workbench.services.transcripts import list_transcripts
from workbench.store.engine import StudyStore as Study

__all__ = [
    "CHANGED_CHOICES",
    "COMMENTS_CHOICES",
    "Guess",
    "ImportDraft",
    "ImportedTranscript",
    "InterviewFacts",
    "InterviewKind",
    "ParticipantSheet",
    "PersonFacts",
    "StoredMatch",
    "correct_draft",
    "correct_speakers",
    "draft_transcripts",
    "facts_when_saved",
    "import_transcripts",
    "needs_a_look",
    "participant_sheet",
    "save_transcripts",
    "with_row",
]

ChangedChoice = Literal["version", "new", "skip"]
CHANGED_CHOICES: tuple[ChangedChoice, ...] = get_args(ChangedChoice)
COMMENTS_CHOICES: tuple[CommentsChoice, ...] = get_args(CommentsChoice)
TranscriptFile = GivenFile | OfferedFile | str | Path


def participant_sheet(study: Study, file: GivenFile) -> ParticipantSheet:
    """Read a sheet with the actor groups of the study's scheme. Raises as `read_participants`."""
    scheme = study_scheme(study)
    return read_participants(file, scheme.actor_groups if scheme is not None else ())


def draft_transcripts(
    study: Study,
    files: Sequence[TranscriptFile],
    *,
    actor_group: str | None = None,
    participants: GivenFile | ParticipantSheet | None = None,
    changed: ChangedChoice = "skip",
    comments: CommentsChoice = "keep",
    on_step: OnStep | None = None,
    on_file: Callable[[str], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> list[ImportDraft]:
    """Read files without storing them; one that cannot be read becomes a draft that says why.

    actor_group : the group of all of them; guessed from file names, headers and speaker labels if None.
    participants : a csv or xlsx with one row an interview or person: a column with the file or interview
        name, and columns that become attributes.
    changed : what saving does with a file that is another state of a transcript of the study.
    comments : whether the comments of the files become memos on their transcripts too.
    on_step : called with (done, total) after each file; what it raises ends the reading.
    on_file : called with the name of each file before it is read.
    is_cancelled : once it says so, the files that are left become drafts that were not read.
    """
    scheme = study_scheme(study)
    groups = scheme.actor_groups if scheme is not None else ()
    sheet = read_participants(participants, groups) if isinstance(participants, GivenFile) else participants
    drafts = []
    for done, given in enumerate(files, start=1):
        if is_cancelled is not None and is_cancelled():
            drafts.append(unread_draft(given))
            continue
        if on_file is not None:
            on_file(file_name(given))
        drafts.append(read_draft(given))
        if on_step is not None:
            on_step(done, len(files))
    rows = (
        match_interviews(sheet, [(draft.name, draft.respondents) for draft in drafts])
        if sheet is not None
        else [None] * len(drafts)
    )
    matches = recognise(study, drafts)
    known = _known_facts(study, matches)
    return [
        replace(
            with_guesses(draft, groups, actor_group=actor_group, row=row),
            match=match,
            decision=_decision(match, changed),
            comments=comments,
            stored=known.get(match.transcript_id) if match is not None else None,
        )
        for draft, row, match in zip(drafts, rows, matches, strict=True)
    ]


def import_transcripts(
    study: Study,
    files: Sequence[TranscriptFile],
    *,
    actor: str,
    actor_group: str | None = None,
    participants: GivenFile | None = None,
    changed: ChangedChoice = "skip",
    comments: CommentsChoice = "keep",
    on_step: OnStep | None = None,
    on_file: Callable[[str], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> list[ImportedTranscript]:
    """Read and store files in one go, taking every guess as it is; parameters as in `draft_transcripts`."""
    drafts = draft_transcripts(
        study,
        files,
        actor_group=actor_group,
        participants=participants,
        changed=changed,
        comments=comments,
        on_step=on_step,
        on_file=on_file,
        is_cancelled=is_cancelled,
    )
    return save_transcripts(study, drafts, actor=actor, is_cancelled=is_cancelled)


def _known_facts(study: Study, matches: Sequence[StoredMatch | None]) -> dict[str, InterviewFacts]:
    """What the study knows of the interviews that files are another state of, by transcript id."""
    wanted = {match.transcript_id for match in matches if match is not None and match.kind == "changed"}
    if not wanted:
        return {}
    return {
        facts.id: InterviewFacts(
            facts.name,
            facts.actor_group,
            "group" if facts.type == "group" else "individual",
            facts.held_on,
            facts.attributes,
        )
        for facts in list_transcripts(study)
        if facts.id in wanted
    }


def _decision(match: StoredMatch | None, changed: ChangedChoice) -> Decision:
    if match is None:
        return "new"
    return changed if match.kind == "changed" else "skip"
