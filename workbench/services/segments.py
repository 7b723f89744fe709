"""Whether a passage is somebody's own words: the status of turns, changed by hand and read for quotations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, cast, get_args

from interviews import SegmentStatus
from workbench.errors import InvalidRequestError
from workbench.i18n import Language, t
from workbench.services.coding_actions import storable
from workbench.services.transcripts import TranscriptFacts, list_transcripts
from workbench.store import events
from workbench.store import segments as segment_store
from workbench.store import transcripts as store
from workbench.store.engine import StudyStore as Study

# From a speaker's own words to words that are nobody's.
STATUSES: tuple[SegmentStatus, ...] = ("verbatim", "translation", "interpreted", "summary", "notes")
_TURNS = re.compile(r"\s*(\d+)(?:\s*[-–]\s*(\d+))?\s*")


class StatedTurn(Protocol):
    """A turn with its status, as the store and the readers of files give it."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def status(self) -> str: ...


@dataclass(frozen=True)
class Segment:
    """One turn as listed: its number counts from 1 in the order of the text."""

    number: int
    start: int
    end: int
    speaker: str | None
    kind: str
    status: SegmentStatus
    speaks_for: str | None
    words: str

    def as_dict(self) -> dict[str, Any]:
        """The segment as JSON values."""
        return asdict(self)


def list_segments(study: Study, transcript: str) -> list[Segment]:
    """The turns of a transcript with their status. Raises NotFoundError."""
    with study.read() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        version = store.current_version(session, row)
        turns = store.turns_of(session, version.id)
    return [
        Segment(
            number=place,
            start=turn.start,
            end=turn.end,
            speaker=turn.speaker,
            kind=turn.kind,
            status=_known(turn.status),
            speaks_for=turn.speaks_for,
            words=version.text[turn.start : turn.end],
        )
        for place, turn in enumerate(turns, start=1)
    ]


def set_status(
    study: Study,
    transcript: str,
    turns: Collection[int] | None,
    status: str | None,
    *,
    actor: str,
    span: tuple[int, int] | None = None,
    speaks_for: str | None = None,
) -> int:
    """Say what turns are: own words, summary, interpreter's rendering, translation or notes.

    turns : numbers as `list_segments` counts them; None takes those that `span` touches, or all without it.
    status : one of `STATUSES`; None leaves it as it is.
    speaks_for : whose words an interpreter renders; "" takes it away, None leaves it as it is.

    Returns how many turns changed; the change is one action and can be taken back.
    Raises NotFoundError, InvalidRequestError (unknown status, a turn that is not there).
    """
    if status is not None and status not in STATUSES:
        raise InvalidRequestError(t("errors.no_segment_status", status=status, known=", ".join(STATUSES)))
    with study.write() as session:
        row = store.find_transcript(session, study.study_id, transcript)
        version = store.current_version(session, row)
        held = store.turns_of(session, version.id)
        absent = sorted(set(turns or ()) - set(range(1, len(held) + 1)))
        if absent:
            raise InvalidRequestError(
                t("errors.no_such_turn", turn=absent[0], transcript=row.name, turns=len(held))
            )
        after: dict[str, list[Any]] = {}
        for number, turn in enumerate(held, start=1):
            chosen = number in turns if turns is not None else span is None or _touches(turn, span)
            values = [
                status or turn.status,
                turn.speaks_for if speaks_for is None else storable(speaks_for.strip()) or None,
            ]
            if chosen and values != [turn.status, turn.speaks_for]:
                after[str(turn.ordinal)] = values
        if not after:
            return 0
        ordinals = {int(ordinal) for ordinal in after}
        before = segment_store.status_of_turns(session, version.id, ordinals)
        segment_store.set_status_of_turns(session, version.id, after)
        events.record(
            session,
            study.study_id,
            actor=storable(actor),
            action="turn.status",
            entity=segment_store.ENTITY,
            entity_id=row.id,
            transcript_id=row.id,
            before={"version_id": version.id, "turns": before},
            after={"version_id": version.id, "turns": after},
        )
    return len(after)


def segments_stamp(study: Study, transcript_id: str) -> int:
    """A number that grows whenever the status of a transcript's turns changes."""
    with study.read() as session:
        return segment_store.newest_change(session, transcript_id)


def turn_numbers(said: str) -> set[int]:
    """Numbers of turns out of `3`, `3-7` or `1,4-6`. Raises InvalidRequestError."""
    numbers: set[int] = set()
    for part in said.split(","):
        found = _TURNS.fullmatch(part)
        first = int(found[1]) if found else 0
        last = int(found[2] or first) if found else 0
        if not found or not 1 <= first <= last < 10_000_000:
            raise InvalidRequestError(t("errors.bad_turns", turns=said))
        numbers.update(range(first, min(last, first + 1_000_000) + 1))
    return numbers


def passage_status(turns: Iterable[StatedTurn], start: int, end: int) -> SegmentStatus:
    """What `text[start:end]` is: of several turns, that which is least anybody's own words."""
    found = {_known(turn.status) for turn in turns if turn.start < end and turn.end > start}
    return max(found, key=STATUSES.index, default="verbatim")


def statuses_of(
    study: Study, passages: Iterable[tuple[str, int, int]], facts: Sequence[TranscriptFacts] | None = None
) -> Mapping[tuple[str, int, int], SegmentStatus]:
    """The status of passages (transcript id, start, end) of texts in use; verbatim ones are left out."""
    ids = {listed.id for listed in (facts if facts is not None else list_transcripts(study))}
    with study.read() as session:
        turns = store.turns_not_verbatim(session, study.study_id)
    statuses = {}
    for transcript_id, start, end in passages:
        if transcript_id in ids and transcript_id in turns:
            status = passage_status(turns[transcript_id], start, end)
            if status != "verbatim":
                statuses[transcript_id, start, end] = status
    return statuses


def marked(attribution: str, status: SegmentStatus, language: Language | None = None) -> str:
    """Who is quoted, with what the passage is where it is not that person's own words."""
    if status == "verbatim":
        return attribution
    return t(f"segments.after.{status}", language=language, who=attribution)


def _touches(turn: StatedTurn, span: tuple[int, int]) -> bool:
    return turn.start < span[1] and turn.end > span[0]


def _known(status: str) -> SegmentStatus:
    return cast(SegmentStatus, status) if status in get_args(SegmentStatus) else "verbatim"
