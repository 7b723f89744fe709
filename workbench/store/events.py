"""The append-only log: writing events, and taking changes back by reading them.

An event holds the row before and after the change. Its inverse puts the row back as it was before, and is
itself an event; the inverse of an inverse does the change again. The event of a text (`TEXT`) holds the
version in use and the places of codings that it changed; how codings follow a text is left to `anchors`.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlmodel import Session, col, func, select

from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.store import anchors, interviews, segments
from workbench.store.tables import (
    AnalysisRow,
    CodingRow,
    EventRow,
    JudgementRow,
    LinkRow,
    MemoRow,
    PinnedQuotationRow,
    Row,
    new_id,
)

Kind = Literal["do", "undo", "redo"]

TEXT = "text"

# The rows whose changes can be taken back one by one; so can the texts of transcripts.
UNDOABLE: dict[str, type[Row]] = {
    "coding": CodingRow,
    "memo": MemoRow,
    "link": LinkRow,
    "judgement": JudgementRow,
    "pinned_quotation": PinnedQuotationRow,
    "analysis": AnalysisRow,
}


def snapshot(row: Row) -> dict[str, Any]:
    """A row as JSON values, as events keep it."""
    return row.model_dump(mode="json")


def record(
    session: Session,
    study_id: str,
    *,
    actor: str,
    action: str,
    entity: str,
    entity_id: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    kind: Kind = "do",
    action_id: str | None = None,
    operation_id: str | None = None,
    undoes: int | None = None,
    transcript_id: str | None = None,
) -> EventRow:
    """Add an event to the log, in the transaction of the change it tells of."""
    event = EventRow(
        study_id=study_id,
        actor=actor,
        action=action,
        kind=kind,
        action_id=action_id or new_id(),
        operation_id=operation_id,
        undoes=undoes,
        entity=entity,
        entity_id=entity_id,
        transcript_id=transcript_id,
        before=before,
        after=after,
    )
    session.add(event)
    return event


def known_operations(session: Session, study_id: str, operation_ids: list[str]) -> set[str]:
    """Which of these client operations the log holds already."""
    found = session.exec(
        select(EventRow.operation_id).where(
            EventRow.study_id == study_id, col(EventRow.operation_id).in_(operation_ids)
        )
    )
    return {operation for operation in found if operation is not None}


def list_events(session: Session, study_id: str, *, limit: int | None = None) -> list[EventRow]:
    """The log, newest first."""
    query = (
        select(EventRow)
        .where(EventRow.study_id == study_id)
        .order_by(col(EventRow.sequence).desc())
        .limit(limit)
    )
    return list(session.exec(query))


def transcript_events(session: Session, transcript_id: str, *, after_sequence: int) -> list[EventRow]:
    """What happened to a transcript's codings and memos since an event, oldest first."""
    query = (
        select(EventRow)
        .where(EventRow.transcript_id == transcript_id, col(EventRow.sequence) > after_sequence)
        .order_by(col(EventRow.sequence))
    )
    return list(session.exec(query))


def last_sequence(session: Session, study_id: str) -> int:
    """The number of the newest event, 0 if there is none."""
    return session.exec(select(func.max(EventRow.sequence)).where(EventRow.study_id == study_id)).one() or 0


def take_back(
    session: Session,
    study_id: str,
    *,
    actor: str,
    direction: Literal["undo", "redo"],
    only_actor: str | None = None,
    transcript_id: str | None = None,
) -> list[EventRow]:
    """Take back the newest action (or do again the newest that was taken back); nothing if there is none.

    only_actor, transcript_id : look only at the actions of this person, or on this transcript.
    Raises InvalidRequestError if somebody has changed the same thing since.
    """
    target = _newest_action(
        session, study_id, direction=direction, actor=only_actor, transcript_id=transcript_id
    )
    action_id = new_id()
    inverses = []
    for event in target:
        before, after = _put_back(session, event)
        inverse = record(
            session,
            study_id,
            actor=actor,
            action=event.action,
            entity=event.entity,
            entity_id=event.entity_id,
            before=before,
            after=after,
            kind=direction,
            action_id=action_id,
            undoes=event.sequence,
            transcript_id=event.transcript_id,
        )
        inverses.append(inverse)
        session.flush()
    return inverses


def newest_change(
    session: Session, study_id: str, *, actor: str | None, transcript_id: str | None
) -> list[EventRow]:
    """The events that `take_back` would take back, newest first; none if there is nothing to take back."""
    return _newest_action(session, study_id, direction="undo", actor=actor, transcript_id=transcript_id)


def _newest_action(
    session: Session, study_id: str, *, direction: Kind, actor: str | None, transcript_id: str | None
) -> list[EventRow]:
    """The events of the action to take back, newest first."""
    entities = [*UNDOABLE, TEXT, segments.ENTITY, segments.ASKED, interviews.ENTITY]
    scope: list[Any] = [EventRow.study_id == study_id, col(EventRow.entity).in_(entities)]
    if actor is not None:
        scope.append(EventRow.actor == actor)
    if transcript_id is not None:
        scope.append(EventRow.transcript_id == transcript_id)
    undone = select(EventRow.undoes).where(EventRow.study_id == study_id, col(EventRow.undoes).is_not(None))
    candidates = select(EventRow).where(*scope, col(EventRow.sequence).not_in(undone))
    if direction == "undo":
        candidates = candidates.where(col(EventRow.kind).in_(["do", "redo"]))
    else:
        # A new change ends what can be done again.
        newest_change = session.exec(
            select(func.max(EventRow.sequence)).where(*scope, EventRow.kind == "do")
        ).one()
        candidates = candidates.where(EventRow.kind == "undo", col(EventRow.sequence) > (newest_change or 0))
    newest = session.exec(candidates.order_by(col(EventRow.sequence).desc()).limit(1)).first()
    if newest is None:
        return []
    whole = candidates.where(EventRow.action_id == newest.action_id)
    return list(session.exec(whole.order_by(col(EventRow.sequence).desc())))


def _put_back(session: Session, event: EventRow) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Give the row of an event the values it had before it; returns what its inverse holds."""
    if event.entity == TEXT:
        return anchors.put_back_text(session, event)
    if event.entity == segments.ENTITY:
        return segments.put_back_status(session, event)
    if event.entity == segments.ASKED:
        return segments.put_back_asked(session, event)
    if event.entity == interviews.ENTITY:
        return interviews.put_back_facts(session, event)
    table = UNDOABLE[event.entity]
    row = session.get(table, event.entity_id)
    present = snapshot(row) if row is not None else None
    is_coding = event.entity == "coding"
    as_left = anchors.is_as_left(session, event, _coding(row)) if is_coding else present == event.after
    if not as_left:
        raise anchors.changed_since(event)
    if event.before is None and is_coding and _has_company(session, event.entity_id):
        raise InvalidRequestError(
            t("errors.has_company", moment=event.at.astimezone()),
            reason="changed_since",
        )
    if event.before is None:
        session.delete(row)
        return present, None
    wanted = anchors.put_back_coding(session, event, _coding(row)) if is_coding else event.before
    values = table.model_validate(wanted)
    if row is None:
        session.add(values)
        return present, snapshot(values)
    for name in table.model_fields:
        setattr(row, name, getattr(values, name))
    session.add(row)
    return present, snapshot(row)


def _coding(row: Row | None) -> CodingRow | None:
    return row if isinstance(row, CodingRow) else None


def _has_company(session: Session, coding_id: str) -> bool:
    """Whether something of its own stands on a coding, which would go with it unrecorded."""
    return any(
        session.exec(select(table.id).where(table.coding_id == coding_id).limit(1)).first() is not None
        for table in (MemoRow, PinnedQuotationRow)
    )
