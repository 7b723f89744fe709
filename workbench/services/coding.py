"""Coding: every gesture is one call, one transaction and one entry in the log.

The invariant held at every door: the quote of a coding equals `text[start:end]` of its text version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import interviews
from workbench.errors import InvalidCodingError, InvalidRequestError, StoreUnavailableError, WorkbenchError
from workbench.i18n import t
from workbench.services.coding_actions import CodingAction, Origin
from workbench.store import codings as store
from workbench.store import events
from workbench.store import transcripts as transcript_store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import CodingRow, EventRow, TranscriptRow, TranscriptVersionRow, new_id


@dataclass(frozen=True)
class Coding:
    """A code on a passage; positions in code points of the transcript's text in use.

    review : "changed" if the text was edited within the passage and nobody has looked since; `earlier_quote`
        holds the words as they were.
    """

    id: str
    transcript_id: str
    transcript: str
    start: int
    end: int
    quote: str
    code: str
    coder: str
    weight: int | None
    memo: str
    origin: str
    review: str | None = None
    earlier_quote: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The coding as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class CodingChange:
    """What became of one coding: as it is now, or None if it is gone."""

    coding_id: str
    coding: Coding | None


@dataclass(frozen=True)
class OperationResult:
    """The answer to a bundle of operations.

    done : ids that are stored, now or before.
    refused : why others never will be, by id; `reasons` holds the same as stable words.
    waiting : why the rest could not be stored now (the store is busy or cannot be written), else empty;
        nothing was decided about them, so send them again.
    """

    done: tuple[str, ...]
    refused: Mapping[str, str]
    reasons: Mapping[str, str]
    waiting: str = ""


def list_codings(study: Study, *, transcript: str | None = None) -> list[Coding]:
    """All codings, or those of one transcript, in the order of transcript number and text."""
    with study.read() as session:
        names = {row.id: row for row, _ in transcript_store.list_transcripts(session, study.study_id)}
        wanted = None
        if transcript is not None:
            wanted = transcript_store.find_transcript(session, study.study_id, transcript).id
        rows = store.list_codings(session, study.study_id, transcript_id=wanted)
    rows.sort(key=lambda full: names[full.row.transcript_id].number)
    return [coding_of(full, names[full.row.transcript_id].name) for full in rows]


def coding_of(full: store.FullCoding, transcript_name: str) -> Coding:
    """A stored coding as the services hand it out."""
    row = full.row
    return Coding(
        id=row.id,
        transcript_id=row.transcript_id,
        transcript=transcript_name,
        start=row.start,
        end=row.end,
        quote=row.quote,
        code=full.path,
        coder=full.coder,
        weight=row.weight,
        memo=full.memo,
        origin=row.origin,
        review=row.review,
        earlier_quote=row.earlier_quote,
    )


def add_coding(
    study: Study,
    transcript: str,
    *,
    start: int,
    end: int,
    code: str,
    actor: str,
    quote: str | None = None,
    weight: int | None = None,
    memo: str = "",
    origin: Origin = "hand",
) -> str:
    """Put a code on `text[start:end]` of a transcript and return the coding's id.

    transcript : id, number or name.   code : path such as "language/progress".
    quote : the words the caller means; checked against the text if given.
    Raises NotFoundError, InvalidCodingError; nothing is stored then.
    """
    with study.write() as session:
        row = transcript_store.find_transcript(session, study.study_id, transcript)
        version = transcript_store.current_version(session, row)
        action = CodingAction(session, study.study_id, actor, transcript_id=row.id, version=version)
        return action.add(
            coding_id=new_id(),
            start=start,
            end=end,
            quote=quote,
            code=code,
            memo=memo,
            weight=weight,
            origin=origin,
        )


def add_codings(
    study: Study,
    codings: Sequence[Mapping[str, Any]],
    *,
    actor: str,
    origin: Origin = "import",
    alongside: Callable[[Session, str], object] | None = None,
) -> int:
    """Store many codings as one action: all of them or, if one does not fit, none.

    codings : keys transcript, start, end, code; optional quote, coder, weight, memo, id.
    alongside : called with session and id of the action, to store more that one undo takes back with them.
    Returns how many were new: a coding whose id is stored already is left as it is.
    Raises NotFoundError, InvalidCodingError (with the place in the list).
    """
    stored = 0
    with study.write() as session:
        actions: dict[tuple[str, str], CodingAction] = {}
        action_id = new_id()
        if alongside is not None:
            alongside(session, action_id)
        for place, values in enumerate(codings, start=1):
            coder, reference = str(values.get("coder") or actor), str(values["transcript"])
            if (coder, reference) not in actions:
                row = transcript_store.find_transcript(session, study.study_id, reference)
                version = transcript_store.current_version(session, row)
                actions[coder, reference] = CodingAction(
                    session, study.study_id, coder, transcript_id=row.id, version=version, action_id=action_id
                )
            coding_id = str(values.get("id") or new_id())
            held = session.get(CodingRow, coding_id)
            if held is not None and held.study_id != study.study_id:
                # A database may hold the study that the codings came from: here they get ids of their own,
                # the same ones each time.
                coding_id = str(uuid5(NAMESPACE_OID, f"{study.study_id}:{coding_id}"))
                held = session.get(CodingRow, coding_id)
            if held is not None:
                continue
            try:
                actions[coder, reference].add(
                    coding_id=coding_id,
                    start=values["start"],
                    end=values["end"],
                    quote=values.get("quote"),
                    code=str(values["code"]),
                    memo=str(values.get("memo") or ""),
                    weight=values.get("weight"),
                    origin=origin,
                )
            except WorkbenchError as error:
                raise type(error)(
                    t("errors.coding_at", place=place, problem=error), reason=error.reason
                ) from error
            stored += 1
    return stored


def remove_coding(study: Study, coding_id: str, *, actor: str) -> None:
    """Take a coding away, with its memo. Raises NotFoundError."""
    _on_coding(study, coding_id, actor, lambda action: action.remove(coding_id))


def recode(study: Study, coding_id: str, code: str, *, actor: str) -> None:
    """Put another code on the same passage. Raises NotFoundError."""
    _on_coding(study, coding_id, actor, lambda action: action.recode(coding_id, code))


def write_memo(study: Study, coding_id: str, text: str, *, actor: str) -> None:
    """Write, change or (with an empty text) remove the memo on a coding. Raises NotFoundError."""
    _on_coding(study, coding_id, actor, lambda action: action.memo(coding_id, text))


def undo(
    study: Study, *, actor: str, only_own: bool = False, transcript: str | None = None
) -> list[EventRow]:
    """Take back the newest change to codings, memos, links or verdicts.

    Returns the new events; none where there is nothing to undo.
    Raises InvalidRequestError if the same thing was changed again by somebody else.
    """
    return _take_back(study, "undo", actor=actor, only_own=only_own, transcript=transcript)


def redo(
    study: Study, *, actor: str, only_own: bool = False, transcript: str | None = None
) -> list[EventRow]:
    """Do again what the newest undo took back, unless something new was done since.

    Raises InvalidRequestError as `undo`.
    """
    return _take_back(study, "redo", actor=actor, only_own=only_own, transcript=transcript)


def apply_operations(study: Study, operations: Iterable[Mapping[str, Any]], *, actor: str) -> OperationResult:
    """Apply gestures from the coding surface, each in its own transaction and at most once by its `op_id`.

    operations : as workbench/ui/coding_surface documents them. One that does not fit is refused with the
    reason and stops no other.
    """
    given = list(operations)
    done: list[str] = []
    refused: dict[str, WorkbenchError] = {}
    waiting = ""
    try:
        known = _known(study, [str(operation["op_id"]) for operation in given])
        for operation in given:
            operation_id = str(operation["op_id"])
            if operation_id not in known:
                refusal = _apply_or_refuse(study, operation, actor)
                if refusal is not None:
                    refused[operation_id] = refusal
                    continue
                known.add(operation_id)
            done.append(operation_id)
    except StoreUnavailableError as error:
        waiting = str(error)
    return OperationResult(
        done=tuple(done),
        refused={operation_id: str(error) for operation_id, error in refused.items()},
        reasons={operation_id: error.reason for operation_id, error in refused.items()},
        waiting=waiting,
    )


def _known(study: Study, operation_ids: list[str]) -> set[str]:
    if not operation_ids:
        return set()
    with study.read() as session:
        return events.known_operations(session, study.study_id, operation_ids)


def _apply_or_refuse(study: Study, operation: Mapping[str, Any], actor: str) -> WorkbenchError | None:
    try:
        _apply(study, operation, actor)
    except StoreUnavailableError:
        raise  # nothing was decided about the operation: it waits
    except WorkbenchError as error:
        return error
    except IntegrityError as error:
        # The same operation may have arrived twice at once, and the other transaction stored it.
        if not _known(study, [str(operation["op_id"])]):
            return InvalidRequestError(t("errors.change_not_stored", detail=error.orig), reason="conflict")
    except (KeyError, TypeError, ValueError) as error:
        return InvalidRequestError(t("errors.operation_incomplete", detail=error), reason="incomplete")
    return None


def changes_since(study: Study, transcript_id: str, sequence: int) -> tuple[int, list[CodingChange]]:
    """What happened to a transcript's codings after an event: the newest event's number and the changes."""
    with study.read() as session:
        log = events.transcript_events(session, transcript_id, after_sequence=sequence)
        if not log:
            return sequence, []
        found = (_coding_of_event(event) for event in log)
        touched = list(dict.fromkeys(coding_id for coding_id in found if coding_id is not None))
        if any(event.entity == events.TEXT for event in log):
            # Under another text any coding may stand elsewhere.
            everywhere = store.list_codings(session, study.study_id, transcript_id=transcript_id, lost=None)
            touched = list(dict.fromkeys([*touched, *(full.row.id for full in everywhere)]))
        current = {full.row.id: full for full in store.list_codings(session, study.study_id, ids=touched)}
        name = transcript_store.find_transcript(session, study.study_id, transcript_id).name
        newest = log[-1].sequence or sequence
    changes = [
        CodingChange(coding_id, coding_of(current[coding_id], name) if coding_id in current else None)
        for coding_id in touched
    ]
    return newest, changes


def coding_snapshot(study: Study, transcript_id: str) -> tuple[int, list[Coding]]:
    """All codings of a transcript and the number of the newest event they include."""
    with study.read() as session:
        sequence = events.last_sequence(session, study.study_id)
        row = transcript_store.find_transcript(session, study.study_id, transcript_id)
        rows = store.list_codings(session, study.study_id, transcript_id=row.id)
    return sequence, [coding_of(full, row.name) for full in rows]


def _coding_of_event(event: EventRow) -> str | None:
    if event.entity == "coding":
        return event.entity_id
    values = event.after or event.before or {}
    return values.get("coding_id") if event.entity == "memo" else None


def _take_back(
    study: Study, direction: Literal["undo", "redo"], *, actor: str, only_own: bool, transcript: str | None
) -> list[EventRow]:
    try:
        with study.write() as session:
            transcript_id = None
            if transcript is not None:
                transcript_id = transcript_store.find_transcript(session, study.study_id, transcript).id
            return events.take_back(
                session,
                study.study_id,
                actor=actor,
                direction=direction,
                only_actor=actor if only_own else None,
                transcript_id=transcript_id,
            )
    except IntegrityError as error:
        raise InvalidRequestError(t("errors.take_back_conflict"), reason="conflict") from error


def _on_coding(study: Study, coding_id: str, actor: str, change: Callable[[CodingAction], object]) -> None:
    with study.write() as session:
        change(CodingAction.on_coding(session, study.study_id, actor, coding_id))


def _apply(study: Study, operation: Mapping[str, Any], actor: str) -> None:
    kind = operation["kind"]
    with study.write() as session:
        if kind in ("undo", "redo"):
            _apply_take_back(session, study, operation, actor)
            return
        transcript = transcript_store.find_transcript(session, study.study_id, str(operation["document"]))
        version = transcript_store.current_version(session, transcript)
        operation = _on_current_text(session, operation, transcript, version)
        action = CodingAction(
            session,
            study.study_id,
            actor,
            transcript_id=transcript.id,
            version=version,
            operation_id=str(operation["op_id"]),
        )
        coding_id = str(operation["coding_id"])
        if kind == "add":
            action.add(
                coding_id=coding_id,
                start=operation["start"],
                end=operation["end"],
                quote=operation["quote"],
                code=str(operation["code"]),
                memo=str(operation.get("memo") or ""),
            )
        elif kind == "remove":
            action.remove(coding_id)
        elif kind == "recode":
            action.recode(coding_id, str(operation["code"]))
        elif kind == "memo":
            action.memo(coding_id, str(operation["memo"]))
        elif kind == "resize":
            action.resize(coding_id, operation["start"], operation["end"], operation["quote"])
        else:
            raise InvalidRequestError(t("errors.unknown_operation", kind=kind), reason="incomplete")


def _on_current_text(
    session: Session, operation: Mapping[str, Any], transcript: TranscriptRow, version: TranscriptVersionRow
) -> Mapping[str, Any]:
    """A gesture made on another version of the text, as it would have been made on the one in use.

    Raises InvalidCodingError if its words do not stand there, or not at one place beyond doubt.
    """
    if str(operation["version"]) == str(version.version):
        return operation
    refusal = InvalidCodingError(
        t("errors.newer_version", transcript=transcript.name), reason="newer_version"
    )
    number = str(operation["version"])
    seen = (
        transcript_store.find_version(session, transcript.study_id, transcript.id, int(number))
        if number.isascii() and number.isdigit()
        else None
    )
    if seen is None:
        raise refusal
    if "start" not in operation:
        return operation
    start, end, quote = operation["start"], operation["end"], operation["quote"]
    if not (type(start) is int and type(end) is int and 0 <= start < end) or seen.text[start:end] != quote:
        raise refusal
    [found] = interviews.reanchor([(start, end)], seen.text, version.text)
    if found.span is None or found.status == "changed":
        raise refusal
    return {**operation, "start": found.span[0], "end": found.span[1]}


def _apply_take_back(session: Session, study: Study, operation: Mapping[str, Any], actor: str) -> None:
    inverses = events.take_back(
        session,
        study.study_id,
        actor=actor,
        direction=operation["kind"],
        only_actor=actor,
        transcript_id=str(operation["document"]),
    )
    if not inverses:
        raise InvalidRequestError(
            t(f"errors.nothing_to_{operation['kind']}_here"),
            reason=f"nothing_to_{operation['kind']}",
        )
    inverses[0].operation_id = str(operation["op_id"])
    session.add(inverses[0])
