"""Where codings stand when a transcript's text changes: carried to another version, and put back again.

Works inside the caller's transaction. The invariant: a coding's quote is `text[start:end]` of its version.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from sqlmodel import Session, col, select

from interviews import Reanchored, reanchor
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.store.tables import CodingRow, EventRow, TranscriptRow, TranscriptVersionRow

Status = Literal["kept", "moved", "changed", "lost"]
Stretch = tuple[
    int, int, int
]  # start in the earlier text, start in the new one, length: known to be the same
PLACE_FIELDS = ("version_id", "start", "end", "quote", "review", "earlier_quote")


@dataclass(frozen=True)
class Place:
    """Where a coding stands: its version, positions and words there, and whether a coder is to look at it."""

    version_id: str
    start: int
    end: int
    quote: str
    review: str | None = None
    earlier_quote: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Place:
        """The place in the values of a coding; older events know nothing of a review."""
        return cls(**{name: values.get(name) for name in PLACE_FIELDS})  # type: ignore[arg-type]

    @classmethod
    def of_row(cls, row: CodingRow) -> Place:
        return cls(**{name: getattr(row, name) for name in PLACE_FIELDS})

    def set_on(self, row: CodingRow) -> None:
        for name, value in asdict(self).items():
            setattr(row, name, value)


@dataclass(frozen=True)
class Moved:
    """What becomes of one coding's place. found_again : it was lost, and the new text has its words."""

    before: Place
    after: Place
    status: Status
    found_again: bool = False


@dataclass(frozen=True)
class TextVersion:
    """What is needed of a version here; it may not be stored yet."""

    id: str
    version: int
    text: str

    @classmethod
    def of(cls, row: TranscriptVersionRow) -> TextVersion:
        return cls(row.id, row.version, row.text)


def same_words(one: str, other: str) -> bool:
    """Whether two quotes differ in white space or in how accents are stored, and in nothing else."""
    return one == other or [unicodedata.normalize("NFC", word) for word in one.split()] == [
        unicodedata.normalize("NFC", word) for word in other.split()
    ]


def carry(
    places: Sequence[Place], old: TextVersion, new: TextVersion, *, unchanged: Iterable[Stretch] = ()
) -> list[Moved]:
    """Carry places of one version over to another; those whose words are lost stay where they are.

    unchanged : stretches of both texts that are known to be the same, from an edit in the application.
    """
    known = list(unchanged)
    found = {n: at for n, place in enumerate(places) if (at := _in_known(place, known)) is not None}
    rest = [n for n in range(len(places)) if n not in found]
    results = reanchor([(places[n].start, places[n].end) for n in rest], old.text, new.text)
    found |= dict(zip(rest, results, strict=True))
    return [_moved(place, found[n], new) for n, place in enumerate(places)]


def _in_known(place: Place, known: Sequence[Stretch]) -> Reanchored | None:
    for start, new_start, length in known:
        if start <= place.start and place.end <= start + length:
            shift = new_start - start
            return Reanchored((place.start + shift, place.end + shift), "kept")
    return None


def _moved(place: Place, found: Reanchored, new: TextVersion) -> Moved:
    if found.span is None:
        return Moved(place, replace(place, review="lost"), "lost")
    start, end = found.span
    quote = new.text[start:end]
    earlier = place.earlier_quote if place.earlier_quote is not None else place.quote
    status: Status = found.status
    if status == "changed" and same_words(quote, place.quote):
        status = "kept"
    asks = not same_words(quote, earlier) and (status == "changed" or place.earlier_quote is not None)
    after = Place(new.id, start, end, quote, "changed" if asks else None, earlier if asks else None)
    return Moved(place, after, status)


def moves_to(
    session: Session,
    transcript: TranscriptRow,
    new: TextVersion,
    *,
    unchanged: Iterable[Stretch] = (),
) -> dict[str, Moved]:
    """What becomes of all codings of a transcript if `new` becomes the text in use, by coding id.

    Lost codings are looked for too, and taken up where the new text has exactly their words again; those
    that stay lost are not in the result.
    """
    rows = codings_of(session, transcript.id)
    versions = versions_of(session, transcript.id, {row.version_id for row in rows})
    current = next((v for v in versions.values() if v.version == transcript.current_version), None)
    moves: dict[str, Moved] = {}
    if current is not None:
        here = [row for row in rows if row.version_id == current.id and row.review != "lost"]
        moved = carry([Place.of_row(row) for row in here], current, new, unchanged=unchanged)
        moves |= {row.id: move for row, move in zip(here, moved, strict=True)}
    for version in versions.values():
        lost = [row for row in rows if row.version_id == version.id and row.review == "lost"]
        for row, move in zip(lost, carry([Place.of_row(row) for row in lost], version, new), strict=True):
            if move.status in ("kept", "moved"):
                moves[row.id] = replace(move, found_again=True)
    return moves


def codings_of(session: Session, transcript_id: str) -> list[CodingRow]:
    """All codings of a transcript, lost ones too, in the order of the text."""
    query = (
        select(CodingRow)
        .where(CodingRow.transcript_id == transcript_id)
        .order_by(col(CodingRow.start), col(CodingRow.end), col(CodingRow.id))
    )
    return list(session.exec(query))


def versions_of(
    session: Session, transcript_id: str, ids: Iterable[str] | None = None
) -> dict[str, TextVersion]:
    """Versions of a transcript by id, or those of these ids."""
    query = select(TranscriptVersionRow).where(TranscriptVersionRow.transcript_id == transcript_id)
    if ids is not None:
        query = query.where(col(TranscriptVersionRow.id).in_(list(ids)))
    return {row.id: TextVersion.of(row) for row in session.exec(query)}


def apply_moves(session: Session, moves: Mapping[str, Moved]) -> None:
    """Set the codings to their new places."""
    for coding_id, move in moves.items():
        if move.after != move.before:
            row = session.get_one(CodingRow, coding_id)
            move.after.set_on(row)
            session.add(row)
    session.flush()


# ---- what the log keeps of it


def event_values(
    moves: Mapping[str, Moved], numbers: Mapping[str, int], old: int, new: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`before` and `after` of a text's event: the version in use, and of codings only what differs.

    numbers : version numbers by version id.   A coding that goes from the old version to the new one is not
    said to; one that stays or comes from elsewhere names its version.
    """
    before: dict[str, Any] = {"current_version": old, "codings": {}}
    after: dict[str, Any] = {"current_version": new, "codings": {}}
    for coding_id, move in moves.items():
        one, other = _values(move.before, numbers), _values(move.after, numbers)
        differing = [name for name in one if one[name] != other[name] and name != "version"]
        if (one["version"], other["version"]) != (old, new):
            differing.append("version")
        if differing:
            before["codings"][coding_id] = {name: one[name] for name in differing}
            after["codings"][coding_id] = {name: other[name] for name in differing}
    return before, after


def _values(place: Place, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "version": numbers[place.version_id],
        "at": [place.start, place.end],
        "quote": place.quote,
        "review": place.review,
        "earlier_quote": place.earlier_quote,
    }


def place_from_event(
    values: Mapping[str, Any], current_version: int, present: Place, ids: Mapping[int, str]
) -> Place:
    """The place that an event gives a coding; what it does not say is as at present."""
    start, end = values.get("at", (present.start, present.end))
    return Place(
        ids[values.get("version", current_version)],
        start,
        end,
        values.get("quote", present.quote),
        values.get("review", present.review),
        values.get("earlier_quote", present.earlier_quote),
    )


# ---- taking changes back


def put_back_text(session: Session, event: EventRow) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the version before an event the text in use again; returns what the inverse event holds.

    Codings go back to where they were; those made or moved since are carried over.
    Raises InvalidRequestError if the text was changed again since.
    """
    transcript = session.get(TranscriptRow, event.entity_id)
    left, wanted = event.after or {}, event.before or {}
    if transcript is None or transcript.current_version != left["current_version"]:
        raise changed_since(event)
    versions = versions_of(session, transcript.id)
    ids = {version.version: version.id for version in versions.values()}
    current, target = versions[ids[left["current_version"]]], versions[ids[wanted["current_version"]]]
    touched = _touched_since(session, event)
    moves: dict[str, Moved] = {}
    to_carry: dict[str, Place] = {}
    for row in codings_of(session, transcript.id):
        present, back = Place.of_row(row), None
        if row.id in left["codings"]:
            there = place_from_event(left["codings"][row.id], current.version, present, ids)
            if there == present:
                back = place_from_event(wanted["codings"][row.id], target.version, present, ids)
        elif row.version_id == current.id and row.id not in touched:
            back = replace(present, version_id=target.id)
        if back is not None and versions[back.version_id].text[back.start : back.end] == back.quote:
            moves[row.id] = Moved(present, back, "lost" if back.review == "lost" else "kept")
        elif row.version_id == current.id and row.review != "lost":
            to_carry[row.id] = present
    carried = carry(list(to_carry.values()), current, target)
    moves |= dict(zip(to_carry, carried, strict=True))
    apply_moves(session, moves)
    transcript.current_version = target.version
    session.add(transcript)
    session.flush()
    numbers = {version.id: version.version for version in versions.values()}
    before, after = event_values(moves, numbers, current.version, target.version)
    return before | {"name": transcript.name}, after | {"name": transcript.name}


def put_back_coding(session: Session, event: EventRow, row: CodingRow | None) -> dict[str, Any]:
    """The values that a coding has once an event is taken back, where the text in use may be a later one.

    row : the coding as it is, None if it is gone. The event has values before it (`event.before`).
    Raises InvalidRequestError if the coding was changed again since.
    """
    wanted = _complete(event.before or {})
    place = Place.of(wanted)
    transcript = session.get(TranscriptRow, wanted["transcript_id"])
    if transcript is None:
        return wanted
    if row is None:
        return wanted | asdict(_carried_to_current(session, transcript, place))
    left, present = _complete(event.after or {}), _complete(row.model_dump(mode="json"))
    if present == left:
        return wanted
    values = {name: wanted[name] if wanted[name] != left[name] else present[name] for name in wanted}
    if all(wanted[name] == left[name] for name in PLACE_FIELDS):
        return values
    return values | asdict(_carried_to_current(session, transcript, place))


def is_as_left(session: Session, event: EventRow, row: CodingRow | None) -> bool:
    """Whether a coding is as an event left it, but for what edits of the text have done to its place."""
    if row is None or event.after is None:
        return (row is None) == (event.after is None)
    left, present = _complete(event.after), _complete(row.model_dump(mode="json"))
    if present == left:
        return True
    differing = {name for name in present if present[name] != left.get(name)}
    return differing <= set(PLACE_FIELDS) and not _placed_since(session, event)


def changed_since(event: EventRow) -> InvalidRequestError:
    """The error of a change that cannot be taken back any more."""
    return InvalidRequestError(
        t("errors.changed_since", moment=event.at.astimezone()), reason="changed_since"
    )


def _complete(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a coding; events from before there were reviews lack them."""
    return {"review": None, "earlier_quote": None, **values}


def _carried_to_current(session: Session, transcript: TranscriptRow, place: Place) -> Place:
    versions = versions_of(session, transcript.id)
    current = next(v for v in versions.values() if v.version == transcript.current_version)
    if place.version_id == current.id and place.review != "lost":
        return place
    [move] = carry([place], versions[place.version_id], current)
    if place.review == "lost" and move.status not in ("kept", "moved"):
        return place
    return move.after


def _later_coding_events(session: Session, event: EventRow) -> list[EventRow]:
    query = select(EventRow).where(
        EventRow.transcript_id == event.transcript_id,
        EventRow.entity == "coding",
        col(EventRow.sequence) > event.sequence,
    )
    return list(session.exec(query))


def _touched_since(session: Session, event: EventRow) -> set[str]:
    return {later.entity_id for later in _later_coding_events(session, event)}


def _placed_since(session: Session, event: EventRow) -> bool:
    """Whether somebody (and no edit of the text) has given the coding another place since an event."""
    later = [each for each in _later_coding_events(session, event) if each.entity_id == event.entity_id]
    undone = {each.undoes for each in later}
    return any(
        each.sequence not in undone
        and (each.kind != "undo" or (each.undoes or 0) < (event.sequence or 0))
        and each.before is not None
        and each.after is not None
        and Place.of(each.before) != Place.of(each.after)
        for each in later
    )
