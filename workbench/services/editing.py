"""Correcting a text that is coded: a new version, every coding carried over, and what became of each.

One edit is one transaction and one event, which can be taken back like any other change. The rules for
codings stand in docs/methods/anchoring.md; answers to what changed in `reviewing`, older texts in
`text_versions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, cast

from sqlmodel import Session, col, select

import interviews
from interviews import SegmentStatus, SpeakerGuess, Transcript, Turn, TurnKind
from interviews.transcript import Role
from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import t
from workbench.services.coding_actions import storable
from workbench.services.files import GivenFile
from workbench.services.reading_warnings import warnings_of, warnings_to_store
from workbench.services.reviewing import accept_changes, codings_to_review, place_again
from workbench.services.text_turns import (
    StatedByHand,
    TurnEdit,
    apply_edits,
    carry_annotations,
    carry_turn_data,
)
from workbench.services.text_versions import list_versions, version_transcript
from workbench.services.transcripts import annotations_of_rows
from workbench.store import anchors, events, sources
from workbench.store import codings as coding_store
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import (
    AnnotationRow,
    TranscriptRow,
    TranscriptVersionRow,
    TurnRow,
    new_id,
)

__all__ = [
    "CodingFate",
    "TextChange",
    "TurnEdit",
    "accept_changes",
    "codings_to_review",
    "edit_turns",
    "list_versions",
    "place_again",
    "preview_edits",
    "preview_restore",
    "preview_text",
    "replace_text",
    "restore_version",
    "text_in_use",
    "version_transcript",
]

Origin = Literal["reimport", "edit"]
STATUSES: tuple[anchors.Status, ...] = ("kept", "moved", "changed", "lost")


@dataclass(frozen=True)
class CodingFate:
    """What a new text does to one coding.

    status : "kept", "moved" (the same words elsewhere), "changed" (its words were edited) or "lost".
    old_start, old_end : in the version before (of a lost one that was found again: in its own version).
    new_quote, start, end : in the new version; None if the coding is lost.
    found_again : it was lost, and the new text has its words again.
    """

    coding_id: str
    code: str
    coder: str
    status: anchors.Status
    old_quote: str
    new_quote: str | None
    old_start: int
    old_end: int
    start: int | None
    end: int | None
    found_again: bool = False


@dataclass(frozen=True)
class TextChange:
    """What a new text is, or would be, to a transcript.

    version : the number of the new version; that in use where the new text is the same (`changed` is False).
    fates : of every coding, in the order of the old text.
    annotations_lost : comments and notes that stay behind on the old version.
    """

    transcript_id: str
    transcript: str
    version: int
    previous_version: int
    changed: bool
    stored: bool
    words: int
    previous_words: int
    turns: int
    fates: tuple[CodingFate, ...] = ()
    annotations: int = 0
    annotations_lost: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """How many codings were kept, moved, changed and lost."""
        return {status: sum(fate.status == status for fate in self.fates) for status in STATUSES}

    def as_dict(self) -> dict[str, Any]:
        """The change as JSON values."""
        return {**asdict(self), "counts": dict(self.counts), "fates": [asdict(fate) for fate in self.fates]}


@dataclass(frozen=True)
class _Wanted:
    """A new text on its way to be stored."""

    transcript: Transcript
    origin: Origin
    action: str
    source: GivenFile | None = None
    unchanged: tuple[tuple[int, int, int], ...] = ()
    facts: Mapping[str, Any] | None = None
    action_id: str | None = None


def preview_text(study: Study, transcript: str, new: Transcript) -> TextChange:
    """What `replace_text` would do; nothing is stored. Raises NotFoundError."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        version = store.current_version(session, row)
        carried = carry_turn_data(_as_transcript(session, row, version), new)
        change, _moves = _planned(session, row, version, _Wanted(carried, "reimport", ""), new_id())
    return change


def replace_text(
    study: Study,
    transcript: str,
    new: Transcript,
    *,
    actor: str,
    origin: Origin = "reimport",
    source: GivenFile | None = None,
    based_on: int | None = None,
    stated: StatedByHand | None = None,
    alongside: Callable[[Session, TranscriptRow, str], object] | None = None,
) -> TextChange:
    """Make a corrected text the one in use; the old version stays, and its codings are carried over.

    transcript : id, number or name.   new : as `interviews.read` gives it; turns whose words did not change
        keep what the study knows of them.   source : the file behind it.
    based_on : the version that the corrections were made on; a newer one in use is not overwritten.
    stated : what somebody said of the new text's speakers; it stands over what the study knows.
    alongside : called with session, transcript and id of the action, to store more that one undo takes back
        together with the text.
    A text that is the same as the one in use stores nothing.
    Raises NotFoundError, InvalidRequestError.
    """
    with study.write() as session:
        row, version = _open(session, study, transcript, based_on)
        carried = carry_turn_data(_as_transcript(session, row, version), new, stated)
        action_id = new_id()
        if alongside is not None:
            alongside(session, row, action_id)
        wanted = _Wanted(carried, origin, f"text.{origin}", source, action_id=action_id)
        return _store(session, study, row, version, wanted, actor)


def edit_turns(
    study: Study, transcript: str, edits: Sequence[TurnEdit], *, actor: str, based_on: int
) -> TextChange:
    """Correct single turns: words, speaker and the like, split, join, delete, insert.

    edits : of turns by their place in version `based_on`, which must still be in use.
    Raises NotFoundError, InvalidRequestError (an edit that does not fit; somebody was faster); nothing is
    stored then.
    """
    with study.write() as session:
        row, version = _open(session, study, transcript, based_on)
        edited = apply_edits(_as_transcript(session, row, version), edits)
        wanted = _Wanted(edited.transcript, "edit", "text.edit", unchanged=edited.unchanged)
        return _store(session, study, row, version, wanted, actor)


def preview_edits(study: Study, transcript: str, edits: Sequence[TurnEdit], *, based_on: int) -> TextChange:
    """What `edit_turns` would do; nothing is stored. Raises as that does."""
    with study.read() as session:
        row, version = _open(session, study, transcript, based_on)
        edited = apply_edits(_as_transcript(session, row, version), edits)
        wanted = _Wanted(edited.transcript, "edit", "", unchanged=edited.unchanged)
        change, _moves = _planned(session, row, version, wanted, new_id())
    return change


def text_in_use(study: Study, transcript: str) -> tuple[TranscriptRow, Transcript]:
    """A transcript and the text of it that is in use, as readers of files give one. Raises NotFoundError."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        return row, _as_transcript(session, row, store.current_version(session, row))


def restore_version(
    study: Study, transcript: str, version: int, *, actor: str, based_on: int | None = None
) -> TextChange:
    """Make the text of an earlier version the one in use again, as a new version.

    Codings that were lost and whose words it has are found again. Raises NotFoundError.
    """
    with study.write() as session:
        row, current = _open(session, study, transcript, based_on)
        wanted = _earlier(session, study, row, version)
        return _store(session, study, row, current, wanted, actor)


def preview_restore(study: Study, transcript: str, version: int) -> TextChange:
    """What `restore_version` would do; nothing is stored. Raises NotFoundError."""
    with study.read() as session:
        row, current = _open(session, study, transcript, None)
        change, _moves = _planned(session, row, current, _earlier(session, study, row, version), new_id())
    return change


# ---- planning and storing


def _earlier(session: Session, study: Study, row: TranscriptRow, version: int) -> _Wanted:
    earlier = store.find_version(session, study.study_id, row.id, version)
    if earlier is None:
        raise NotFoundError(t("errors.no_transcript_version", version=version, transcript=row.name))
    return _Wanted(
        _as_transcript(session, row, earlier),
        "edit",
        "text.restore",
        facts={"restored_version": version},
    )


def _open(
    session: Session, study: Study, reference: str, based_on: int | None
) -> tuple[TranscriptRow, TranscriptVersionRow]:
    row = store.find_transcript(session, study.study_id, reference)
    if based_on is not None and based_on != row.current_version:
        raise InvalidRequestError(
            t(
                "errors.text_edited_since",
                transcript=row.name,
                version=row.current_version,
                based_on=based_on,
            ),
            reason="newer_version",
        )
    return row, store.current_version(session, row)


def _as_transcript(session: Session, row: TranscriptRow, version: TranscriptVersionRow) -> Transcript:
    """A stored version as the value that readers of files give."""
    turns = store.turns_of(session, version.id)
    roles = {turn.speaker: turn.role for turn in turns if turn.speaker is not None}
    return Transcript(
        text=version.text,
        turns=tuple(
            Turn(
                turn.start,
                turn.end,
                turn.speaker,
                turn.time_seconds,
                cast(TurnKind, turn.kind),
                cast(SegmentStatus, turn.status),
                turn.speaks_for,
            )
            for turn in turns
        ),
        speakers=tuple(SpeakerGuess(label, cast(Role, role), 0, 0) for label, role in roles.items()),
        warnings=warnings_of(version.warnings),
        name=row.name,
        source_format=version.source_format or row.source_format,
        encoding=version.encoding or None,
        layout=version.layout,
        annotations=annotations_of_rows(sources.annotations_of(session, version.id)),
    )


def _planned(
    session: Session,
    row: TranscriptRow,
    version: TranscriptVersionRow,
    wanted: _Wanted,
    version_id: str,
) -> tuple[TextChange, dict[str, anchors.Moved]]:
    """What a new text does, before anything is stored."""
    old, new = _as_transcript(session, row, version), wanted.transcript
    _check(new)
    annotations, left_behind = carry_annotations(old, new)
    same = (new.text, new.turns, annotations) == (old.text, old.turns, old.annotations)
    same = same and _roles(new) == _roles(old)
    number = version.version if same else _next_version(session, row)
    moves: dict[str, anchors.Moved] = {}
    fates: tuple[CodingFate, ...] = ()
    if not same:
        target = anchors.TextVersion(version_id, number, new.text)
        moves = anchors.moves_to(session, row, target, unchanged=wanted.unchanged)
        fates = _fates(session, row, moves)
    change = TextChange(
        transcript_id=row.id,
        transcript=row.name,
        version=number,
        previous_version=version.version,
        changed=not same,
        stored=False,
        words=interviews.words(new.text),
        previous_words=version.words,
        turns=sum(turn.kind == "speech" for turn in new.turns),
        fates=fates,
        annotations=len(annotations),
        annotations_lost=left_behind,
    )
    return change, moves


def _check(new: Transcript) -> None:
    if not new.text.strip():
        raise InvalidRequestError(t("errors.edit_nothing_left"), reason="no_words")
    if new.text != storable(new.text):
        raise InvalidRequestError(t("errors.text_not_storable"), reason="characters")


def _roles(transcript: Transcript) -> dict[str, str]:
    spoken = {turn.speaker for turn in transcript.turns}
    return {each.label: each.role for each in transcript.speakers if each.label in spoken}


def _next_version(session: Session, row: TranscriptRow) -> int:
    return max(version.version for version in store.list_versions(session, row.id)) + 1


def _fates(
    session: Session, row: TranscriptRow, moves: Mapping[str, anchors.Moved]
) -> tuple[CodingFate, ...]:
    listed = coding_store.list_codings(session, row.study_id, transcript_id=row.id, lost=None)
    fates = []
    for full in listed:
        move = moves.get(full.row.id)
        if move is None:
            continue
        lost = move.status == "lost"
        fates.append(
            CodingFate(
                coding_id=full.row.id,
                code=full.path,
                coder=full.coder,
                status=move.status,
                old_quote=move.before.quote,
                new_quote=None if lost else move.after.quote,
                old_start=move.before.start,
                old_end=move.before.end,
                start=None if lost else move.after.start,
                end=None if lost else move.after.end,
                found_again=move.found_again,
            )
        )
    return tuple(fates)


def _store(
    session: Session,
    study: Study,
    row: TranscriptRow,
    version: TranscriptVersionRow,
    wanted: _Wanted,
    actor: str,
) -> TextChange:
    version_id, new, actor = new_id(), wanted.transcript, storable(actor)
    change, moves = _planned(session, row, version, wanted, version_id)
    if not change.changed:
        return change
    session.add(
        TranscriptVersionRow(
            id=version_id,
            transcript_id=row.id,
            version=change.version,
            text=new.text,
            words=change.words,
            encoding=new.encoding or "",
            layout=new.layout or "",
            warnings=warnings_to_store(new.warnings),
            origin=wanted.origin,
            author=actor,
            source_name=wanted.source.name if wanted.source is not None else "",
            source_format=new.source_format if wanted.source is not None else "",
            source_sha256=wanted.source.sha256 if wanted.source is not None else "",
        )
    )
    session.flush()
    store.add_turns(session, _turn_rows(version_id, new))
    annotations, _ = carry_annotations(_as_transcript(session, row, version), new)
    sources.add_annotations(
        session, (AnnotationRow(version_id=version_id, **asdict(each)) for each in annotations)
    )
    anchors.apply_moves(session, moves)
    row.current_version = change.version
    session.add(row)
    session.flush()
    numbers = _numbers(session, row.id, moves.values())
    before, after = anchors.event_values(moves, numbers, change.previous_version, change.version)
    told = {
        "name": row.name,
        "counts": dict(change.counts),
        "words": change.words,
        "file": wanted.source.name if wanted.source is not None else "",
    }
    events.record(
        session,
        study.study_id,
        actor=actor,
        action=wanted.action,
        action_id=wanted.action_id,
        entity=events.TEXT,
        entity_id=row.id,
        transcript_id=row.id,
        before=before | {"name": row.name},
        after={**after, **told, **(wanted.facts or {})},
    )
    return replace(change, stored=True)


def _numbers(session: Session, transcript_id: str, moves: Iterable[anchors.Moved]) -> dict[str, int]:
    used = {place.version_id for move in moves for place in (move.before, move.after)}
    query = select(TranscriptVersionRow.id, TranscriptVersionRow.version).where(
        TranscriptVersionRow.transcript_id == transcript_id, col(TranscriptVersionRow.id).in_(list(used))
    )
    return dict(session.exec(query).all())


def _turn_rows(version_id: str, transcript: Transcript) -> list[TurnRow]:
    roles = {speaker.label: speaker.role for speaker in transcript.speakers}
    return [
        TurnRow(
            version_id=version_id,
            ordinal=ordinal,
            role=roles.get(turn.speaker or "", "unknown"),
            **asdict(turn),
        )
        for ordinal, turn in enumerate(transcript.turns)
    ]
