"""The status of turns, and whether a theme was asked about: changed, recorded and put back.

Works inside the caller's transaction.

Before and after, an event of it holds the version and `ordinal -> [status, speaks_for]` of what changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, func, select

from workbench.store import anchors, transcripts
from workbench.store.tables import AskedRow, EventRow, TranscriptRow, TranscriptVersionRow, TurnRow

ENTITY = "turn_status"
ASKED = "asked_theme"
Values = Mapping[int, tuple[str, str | None]]


def status_of_turns(session: Session, version_id: str, ordinals: Values | set[int]) -> dict[str, list[Any]]:
    """Status and whom it speaks for, of these turns, as events hold them."""
    rows = session.exec(
        select(TurnRow).where(TurnRow.version_id == version_id, col(TurnRow.ordinal).in_(list(ordinals)))
    )
    return {str(row.ordinal): [row.status, row.speaks_for] for row in rows}


def set_status_of_turns(session: Session, version_id: str, values: Mapping[str, list[Any]]) -> None:
    """Give turns status and whom they speak for."""
    for ordinal, (status, speaks_for) in values.items():
        row = session.get_one(TurnRow, (version_id, int(ordinal)))
        row.status, row.speaks_for = status, speaks_for
        session.add(row)
    session.flush()


def newest_change(session: Session, transcript_id: str) -> int:
    """The number of the newest event that changed a status in a transcript, 0 if there is none."""
    newest = select(func.max(EventRow.sequence)).where(
        EventRow.transcript_id == transcript_id, EventRow.entity == ENTITY
    )
    return session.exec(newest).one() or 0


def put_back_status(session: Session, event: EventRow) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the turns of an event what they had before it; returns what its inverse holds.

    Under a newer text the same turns are meant, where it has as many turns with just these words.
    Raises InvalidRequestError if they were changed since, or the text in use does not have them.
    """
    before, after = event.before or {}, event.after or {}
    version = session.get(TranscriptVersionRow, after.get("version_id"))
    transcript = session.get(TranscriptRow, event.transcript_id)
    if version is None or transcript is None:
        raise anchors.changed_since(event)
    current = transcripts.current_version(session, transcript)
    places = {int(ordinal): int(ordinal) for ordinal in after.get("turns", {})}
    if current.id != version.id:
        places = _same_turns(session, version, current, places)
    left = {str(places[int(o)]): values for o, values in after["turns"].items() if int(o) in places}
    wanted = {str(places[int(o)]): values for o, values in before["turns"].items() if int(o) in places}
    whole = len(left) == len(after["turns"])
    if not whole or status_of_turns(session, current.id, set(places.values())) != left:
        raise anchors.changed_since(event)
    set_status_of_turns(session, current.id, wanted)
    return {"version_id": current.id, "turns": left}, {"version_id": current.id, "turns": wanted}


def put_back_asked(session: Session, event: EventRow) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Let a theme be asked about in an interview, or not, as before an event; returns what its inverse holds.

    Raises InvalidRequestError if that was changed since.
    """
    values = event.after or event.before or {}
    row = session.get(AskedRow, (values["interview_id"], values["code_id"]))
    present = row.model_dump(mode="json") if row is not None else None
    if present != event.after:
        raise anchors.changed_since(event)
    if event.before is None:
        session.delete(row)
    else:
        row = row or AskedRow(interview_id=values["interview_id"], code_id=values["code_id"])
        row.asked = event.before["asked"]
        session.add(row)
    session.flush()
    return present, event.before


def _same_turns(
    session: Session, old: TranscriptVersionRow, new: TranscriptVersionRow, places: Mapping[int, int]
) -> dict[int, int]:
    """Turns of `old` by place, and where `new` has the same words from the same speaker.

    A turn whose words several turns have is found if both texts have as many: the first is the first.
    """

    def by_words(version: TranscriptVersionRow) -> dict[tuple[str | None, str], list[int]]:
        found: dict[tuple[str | None, str], list[int]] = {}
        for turn in transcripts.turns_of(session, version.id):
            said = version.text[turn.start : turn.end]
            found.setdefault((turn.speaker, said), []).append(turn.ordinal)
        return found

    here = by_words(new)
    same: dict[int, int] = {}
    for key, ordinals in by_words(old).items():
        if len(here.get(key, ())) == len(ordinals):
            same |= {one: other for one, other in zip(ordinals, here[key], strict=True) if one in places}
    return same
