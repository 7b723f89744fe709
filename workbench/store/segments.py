"""The status of turns: how it is changed, recorded and put back. Works inside the caller's transaction.

Before and after, an event of it holds the version and `ordinal -> [status, speaks_for]` of what changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, func, select

from workbench.store import anchors
from workbench.store.tables import EventRow, TranscriptRow, TranscriptVersionRow, TurnRow

ENTITY = "turn_status"
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

    Raises InvalidRequestError if they were changed since, or the text has a newer version.
    """
    before, after = event.before or {}, event.after or {}
    version = session.get(TranscriptVersionRow, after.get("version_id"))
    transcript = session.get(TranscriptRow, event.transcript_id)
    in_use = version is not None and transcript is not None and version.version == transcript.current_version
    changed = {int(ordinal) for ordinal in after.get("turns", {})}
    if version is None or not in_use or status_of_turns(session, version.id, changed) != after["turns"]:
        raise anchors.changed_since(event)
    set_status_of_turns(session, version.id, before["turns"])
    return after, before
