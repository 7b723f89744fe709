"""Codings that an edit of the text changed or lost: what they were, where they may belong, and the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rapidfuzz import fuzz, process
from sqlmodel import Session

import interviews
from workbench.errors import NotFoundError
from workbench.i18n import t
from workbench.services.coding_actions import CodingAction
from workbench.store import anchors
from workbench.store import codings as store
from workbench.store import transcripts as transcript_store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import CodingRow, TranscriptRow, new_id

AROUND = 160
PROPOSALS = 3
LIKE_ENOUGH = 78.0  # of 100, where nothing stands nearly as it was
LONGEST_COMPARED = 2000


@dataclass(frozen=True)
class Proposal:
    """A place of the text in use where a lost coding may belong. score : likeness to its words, 0-1."""

    start: int
    end: int
    quote: str
    score: float


@dataclass(frozen=True)
class CodingToReview:
    """A coding that waits for a coder.

    status : "changed" (its words were edited) or "lost" (too few of them are left, or they stand twice).
    old_quote : the words as they were when somebody last looked.   quote : as the text has them now, or had
        them before a lost one was lost.
    start, end, version : where `quote` stands; of a lost one in the last version that had it.
    before, after : what stands around it there.
    proposals : of a lost one, likeliest first.
    """

    coding_id: str
    transcript_id: str
    transcript: str
    status: Literal["changed", "lost"]
    code: str
    coder: str
    memo: str
    old_quote: str
    quote: str
    start: int
    end: int
    version: int
    before: str
    after: str
    proposals: tuple[Proposal, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The coding as JSON values."""
        return asdict(self)


def codings_to_review(study: Study, transcript: str | None = None) -> list[CodingToReview]:
    """Codings that wait for a coder, in the order of transcripts and text; lost ones first in each.

    transcript : id, number or name; all of the study if None. Raises NotFoundError.
    """
    with study.read() as session:
        if transcript is not None:
            rows = [transcript_store.find_transcript(session, study.study_id, transcript)]
        else:
            waiting = transcript_store.review_counts(session, study.study_id)
            listed = transcript_store.list_transcripts(session, study.study_id)
            rows = [row for row, _ in listed if row.id in waiting]
        return [found for row in rows for found in _of_transcript(session, row)]


def waiting_counts(study: Study) -> Mapping[str, int]:
    """How many codings wait for a coder in each transcript (by id) that has any."""
    with study.read() as session:
        counts = transcript_store.review_counts(session, study.study_id)
    return {transcript_id: sum(found.values()) for transcript_id, found in counts.items()}


def place_again(study: Study, coding_id: str, start: int, end: int, *, actor: str) -> None:
    """Put a lost or changed coding on `text[start:end]` of the text in use.

    Raises NotFoundError, InvalidCodingError; nothing is stored then.
    """
    with study.write() as session:
        action, _row = _on_current(session, study, coding_id, actor)
        action.place(coding_id, start, end)


def accept_changes(study: Study, coding_ids: Sequence[str], *, actor: str) -> int:
    """Take the edited words of codings for theirs, as one action; returns how many were waiting.

    Raises NotFoundError, InvalidRequestError for a lost one; none is accepted then.
    """
    accepted, action_id = 0, new_id()
    with study.write() as session:
        for coding_id in dict.fromkeys(coding_ids):
            action, row = _on_current(session, study, coding_id, actor, action_id)
            accepted += row.review == "changed"
            action.accept(coding_id)
    return accepted


def _on_current(
    session: Session, study: Study, coding_id: str, actor: str, action_id: str | None = None
) -> tuple[CodingAction, CodingRow]:
    row = session.get(CodingRow, coding_id)
    if row is None or row.study_id != study.study_id:
        raise NotFoundError(t("errors.no_coding", coding=coding_id), reason="gone")
    transcript = session.get_one(TranscriptRow, row.transcript_id)
    version = transcript_store.current_version(session, transcript)
    action = CodingAction(
        session,
        study.study_id,
        actor,
        transcript_id=transcript.id,
        version=version,
        action_id=action_id,
    )
    return action, row


def _of_transcript(session: Session, transcript: TranscriptRow) -> list[CodingToReview]:
    listed = store.list_codings(session, transcript.study_id, transcript_id=transcript.id, lost=None)
    waiting = [full for full in listed if full.row.review is not None]
    versions = anchors.versions_of(session, transcript.id)
    current = next(each for each in versions.values() if each.version == transcript.current_version)
    propose = _proposer(current.text)
    return [
        _to_review(full, transcript, versions[full.row.version_id], propose)
        for full in sorted(waiting, key=lambda full: full.row.review != "lost")
    ]


def _to_review(
    full: store.FullCoding,
    transcript: TranscriptRow,
    version: anchors.TextVersion,
    propose: Callable[..., tuple[Proposal, ...]],
) -> CodingToReview:
    row = full.row
    lost = row.review == "lost"
    return CodingToReview(
        coding_id=row.id,
        transcript_id=transcript.id,
        transcript=transcript.name,
        status="lost" if lost else "changed",
        code=full.path,
        coder=full.coder,
        memo=full.memo,
        old_quote=row.earlier_quote or row.quote,
        quote=row.quote,
        start=row.start,
        end=row.end,
        version=version.version,
        before=version.text[max(0, row.start - AROUND) : row.start],
        after=version.text[row.end : row.end + AROUND],
        proposals=propose(row.quote, row.earlier_quote or "") if lost else (),
    )


def _proposer(text: str) -> Callable[..., tuple[Proposal, ...]]:
    """Gives places of a text for words: where they stand, as they are or nearly, else the likest lines."""
    lines = [
        (found.start(), found.group())
        for found in re.finditer(r"[^\n]+", text)
        if len(found.group()) <= LONGEST_COMPARED
    ]

    def propose(*quotes: str) -> tuple[Proposal, ...]:
        wanted = [quote for quote in dict.fromkeys(quotes) if quote.strip()]
        found = [(place, place + len(quote), 1.0) for quote in wanted for place in _places(quote, text)]
        for quote in wanted:
            match = interviews.locate(quote, text)
            if match is not None:
                places = ((match.start, match.end), *match.others)
                found += [(start, end, match.score) for start, end in places]
        found = found or [each for quote in wanted for each in _like_stretches(quote, lines)]
        distinct: list[Proposal] = []
        for start, end, score in found:
            if not any(start < other.end and other.start < end for other in distinct):
                distinct.append(Proposal(start, end, text[start:end], round(score, 3)))
        return tuple(distinct[:PROPOSALS])

    return propose


def _places(quote: str, text: str) -> list[int]:
    """Where the words stand as they are, and are whole words."""
    places: list[int] = []
    place = text.find(quote)
    while place >= 0 and len(places) < PROPOSALS:
        if not (_divides(text, place) or _divides(text, place + len(quote))):
            places.append(place)
        place = text.find(quote, place + len(quote))
    return places


def _divides(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _like_stretches(quote: str, lines: Sequence[tuple[int, str]]) -> list[tuple[int, int, float]]:
    """The stretches of single lines that are likest to the words, in whole words."""
    if not 4 <= len(quote) <= LONGEST_COMPARED:
        return []
    words = [line for _, line in lines]
    likest = process.extract(
        quote, words, scorer=fuzz.partial_ratio, limit=PROPOSALS, score_cutoff=LIKE_ENOUGH
    )
    found = []
    for line, score, place in likest:
        at = fuzz.partial_ratio_alignment(quote, line)
        if at is None or len(line) < 4:
            continue
        start, end = at.dest_start, at.dest_end
        while start > 0 and line[start - 1].isalnum() and line[start].isalnum():
            start -= 1
        while end < len(line) and line[end - 1].isalnum() and line[end].isalnum():
            end += 1
        found.append((lines[place][0] + start, lines[place][0] + end, score / 100))
    return found
