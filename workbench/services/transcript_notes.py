"""The comments, footnotes and endnotes that came with a transcript's file, and memos made of comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from interviews import Annotation
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services.coding_actions import storable
from workbench.services.transcripts import annotations_of_rows
from workbench.store import events, sources
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study
from workbench.store.studies import get_coder
from workbench.store.tables import CoderRow, MemoRow, TranscriptRow, new_id

QUOTE_KEPT = 300


@dataclass(frozen=True)
class TranscriptMemo:
    """A memo on a whole transcript."""

    id: str
    coder: str
    text: str


def notes_of(study: Study, transcript: str) -> tuple[Annotation, ...]:
    """The notes of the text in use, in its order. Raises NotFoundError for a transcript there is none of."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        return annotations_of_rows(sources.annotations_of(session, store.current_version(session, row).id))


def memos_of(study: Study, transcript: str) -> tuple[TranscriptMemo, ...]:
    """The memos on a transcript itself, oldest first. Raises NotFoundError."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        return tuple(TranscriptMemo(memo.id, coder, memo.text) for memo, coder in _memos(session, row.id))


def take_comments(study: Study, transcript: str, *, actor: str) -> int:
    """Make the comments of a transcript's file memos on the transcript; returns how many are new.

    The comments stay where they are. One action, which can be taken back. Raises NotFoundError.
    """
    with study.write() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        version = store.current_version(session, row)
        notes = annotations_of_rows(sources.annotations_of(session, version.id))
        return add_comment_memos(session, row, version.text, notes, actor=actor)


def comments_left(text: str, notes: Sequence[Annotation], memos: Sequence[TranscriptMemo]) -> int:
    """How many comments are no memos yet."""
    held = {memo.text for memo in memos}
    return len({said for note in notes if (said := memo_text(text, note)) and said not in held})


def add_comment_memos(
    session: Session,
    transcript: TranscriptRow,
    text: str,
    notes: Sequence[Annotation],
    *,
    actor: str,
    action_id: str | None = None,
) -> int:
    """Within the caller's transaction: a memo for each comment that is none yet; how many."""
    actor, action_id = storable(actor), action_id or new_id()
    held = {memo.text for memo, _coder in _memos(session, transcript.id)}
    wanted = [said for note in notes if (said := memo_text(text, note)) and said not in held]
    if not wanted:
        return 0
    if not actor:
        raise InvalidRequestError(t("errors.no_coder"), reason="no_coder")
    coder = get_coder(session, transcript.study_id, actor)
    new = dict.fromkeys(wanted)
    for said in new:
        memo = MemoRow(
            study_id=transcript.study_id, coder_id=coder.id, text=said, transcript_id=transcript.id
        )
        session.add(memo)
        session.flush()
        events.record(
            session,
            transcript.study_id,
            actor=actor,
            action="memo.add",
            entity="memo",
            entity_id=memo.id,
            transcript_id=transcript.id,
            action_id=action_id,
            after=events.snapshot(memo),
        )
    return len(new)


def memo_text(text: str, note: Annotation) -> str:
    """A comment as the text of a memo, with its author and the words it stands on; "" for other notes."""
    if note.kind != "comment" or not note.text.strip():
        return ""
    quote = " ".join(text[note.start : note.end].split())
    quote = f"{quote[:QUOTE_KEPT].rstrip()} …" if len(quote) > QUOTE_KEPT else quote
    source = " · ".join(part for part in (note.author, f"“{quote}”" if quote else "") if part)
    return storable("\n".join(part for part in (note.text.strip(), source) if part))


def _memos(session: Session, transcript_id: str) -> list[tuple[MemoRow, str]]:
    query = (
        select(MemoRow, CoderRow.name)
        .join(CoderRow, col(MemoRow.coder_id) == CoderRow.id)
        .where(MemoRow.transcript_id == transcript_id)
        .order_by(col(MemoRow.created_at), col(MemoRow.id))
    )
    return list(session.exec(query))
