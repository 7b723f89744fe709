"""Coding: every gesture is one call, one transaction and one entry in the log.

The invariant held at every door: the quote of a coding equals `text[start:end]` of its text version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from workbench.errors import InvalidCodingError, InvalidRequestError, NotFoundError, WorkbenchError
from workbench.store import codings as store
from workbench.store import events
from workbench.store import schemes as scheme_store
from workbench.store import transcripts as transcript_store
from workbench.store.engine import StudyStore as Study
from workbench.store.studies import get_coder
from workbench.store.tables import CodeRow, CodingRow, EventRow, MemoRow, TranscriptVersionRow, new_id

Origin = Literal["hand", "suggestion", "import"]


@dataclass(frozen=True)
class Coding:
    """A code on a passage; positions in code points of the transcript's text in use."""

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
    """The answer to a bundle of operations: ids that are stored (now or before), and why others are not."""

    done: tuple[str, ...]
    refused: Mapping[str, str]


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
        action = _Action(session, study.study_id, actor, transcript_id=row.id, version=version)
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
    study: Study, codings: Sequence[Mapping[str, Any]], *, actor: str, origin: Origin = "import"
) -> int:
    """Store many codings as one action: all of them or, if one does not fit, none.

    codings : keys transcript, start, end, code; optional quote, coder, weight, memo, id.
    Returns how many were new: a coding whose id is stored already is left as it is.
    Raises NotFoundError, InvalidCodingError (with the place in the list).
    """
    stored = 0
    with study.write() as session:
        actions: dict[tuple[str, str], _Action] = {}
        action_id = new_id()
        for place, values in enumerate(codings, start=1):
            coder, reference = str(values.get("coder") or actor), str(values["transcript"])
            if (coder, reference) not in actions:
                row = transcript_store.find_transcript(session, study.study_id, reference)
                version = transcript_store.current_version(session, row)
                actions[coder, reference] = _Action(
                    session, study.study_id, coder, transcript_id=row.id, version=version, action_id=action_id
                )
            coding_id = str(values.get("id") or new_id())
            if session.get(CodingRow, coding_id) is not None:
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
                raise type(error)(f"coding {place}: {error}") from error
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
    """Do again what the newest undo took back, unless something new was done since."""
    return _take_back(study, "redo", actor=actor, only_own=only_own, transcript=transcript)


def apply_operations(study: Study, operations: Iterable[Mapping[str, Any]], *, actor: str) -> OperationResult:
    """Apply gestures from the coding surface, each in its own transaction and at most once by its `op_id`.

    operations : as workbench/ui/coding_surface documents them. One that does not fit is refused with the
    reason and stops no other.
    """
    given = list(operations)
    with study.read() as session:
        known = events.known_operations(session, study.study_id, [str(op["op_id"]) for op in given])
    done, refused = [], {}
    for operation in given:
        operation_id = str(operation["op_id"])
        if operation_id not in known:
            try:
                _apply(study, operation, actor)
            except WorkbenchError as error:
                refused[operation_id] = str(error)
                continue
            except IntegrityError as error:
                # The same operation may have arrived twice at once, and the other transaction stored it.
                with study.read() as session:
                    if not events.known_operations(session, study.study_id, [operation_id]):
                        refused[operation_id] = f"the change could not be stored: {error.orig}"
                        continue
            except (KeyError, TypeError, ValueError) as error:
                refused[operation_id] = f"the operation is not complete: {error}"
                continue
            known.add(operation_id)
        done.append(operation_id)
    return OperationResult(tuple(done), refused)


def changes_since(study: Study, transcript_id: str, sequence: int) -> tuple[int, list[CodingChange]]:
    """What happened to a transcript's codings after an event: the newest event's number and the changes."""
    with study.read() as session:
        log = events.transcript_events(session, transcript_id, after_sequence=sequence)
        if not log:
            return sequence, []
        touched = dict.fromkeys(_coding_of_event(event) for event in log)
        current = {
            full.row.id: full
            for full in store.list_codings(session, study.study_id, transcript_id=transcript_id)
        }
        name = transcript_store.find_transcript(session, study.study_id, transcript_id).name
        newest = log[-1].sequence or sequence
    changes = [
        CodingChange(coding_id, coding_of(current[coding_id], name) if coding_id in current else None)
        for coding_id in touched
        if coding_id is not None
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


def _on_coding(study: Study, coding_id: str, actor: str, change: Callable[[_Action], object]) -> None:
    with study.write() as session:
        change(_Action.on_coding(session, study.study_id, actor, coding_id))


def _apply(study: Study, operation: Mapping[str, Any], actor: str) -> None:
    kind = operation["kind"]
    with study.write() as session:
        if kind in ("undo", "redo"):
            _apply_take_back(session, study, operation, actor)
            return
        transcript = transcript_store.find_transcript(session, study.study_id, str(operation["document"]))
        version = transcript_store.current_version(session, transcript)
        if str(operation["version"]) != str(version.version):
            raise InvalidCodingError(
                f"the text of {transcript.name} has a newer version; open it again and repeat the coding"
            )
        action = _Action(
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
            raise InvalidRequestError(f"unknown operation {kind!r}")


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
        raise InvalidRequestError(f"there is nothing to {operation['kind']} in this transcript")
    inverses[0].operation_id = str(operation["op_id"])
    session.add(inverses[0])


class _Action:
    """One user action on the codings of one transcript, inside one transaction.

    The first event carries the client's operation id, by which a second arrival is recognised.
    """

    def __init__(
        self,
        session: Session,
        study_id: str,
        actor: str,
        *,
        transcript_id: str,
        version: TranscriptVersionRow,
        operation_id: str | None = None,
        action_id: str | None = None,
    ) -> None:
        self.session, self.study_id, self.actor = session, study_id, actor
        self.transcript_id, self.version = transcript_id, version
        self.operation_id, self.action_id = operation_id, action_id or new_id()
        self._codes: dict[str, CodeRow] | None = None
        self._coder_id: str | None = None
        self._scheme_version: str | None = None

    @classmethod
    def on_coding(cls, session: Session, study_id: str, actor: str, coding_id: str) -> _Action:
        row = session.get(CodingRow, coding_id)
        if row is None or row.study_id != study_id:
            raise NotFoundError(f"the study has no coding {coding_id}; it may have been removed")
        version = session.get_one(TranscriptVersionRow, row.version_id)
        return cls(session, study_id, actor, transcript_id=row.transcript_id, version=version)

    @property
    def coder_id(self) -> str:
        if self._coder_id is None:
            if not self.actor:
                raise InvalidRequestError("say who codes: give a coder's name")
            self._coder_id = get_coder(self.session, self.study_id, self.actor).id
        return self._coder_id

    @property
    def scheme_version(self) -> str:
        if self._scheme_version is None:
            scheme = scheme_store.get_scheme(self.session, self.study_id)
            self._scheme_version = scheme.version if scheme is not None else ""
        return self._scheme_version

    def add(
        self,
        *,
        coding_id: str,
        start: Any,
        end: Any,
        quote: str | None,
        code: str,
        memo: str = "",
        weight: Any = None,
        origin: Origin = "hand",
    ) -> str:
        start, end = self._checked_range(start, end, quote)
        row = CodingRow(
            id=coding_id,
            study_id=self.study_id,
            transcript_id=self.transcript_id,
            version_id=self.version.id,
            start=start,
            end=end,
            quote=self.version.text[start:end],
            code_id=self._code(code).id,
            coder_id=self.coder_id,
            weight=_checked_weight(weight),
            origin=origin,
            scheme_version=self.scheme_version,
        )
        self.session.add(row)
        self.session.flush()
        self._record("coding.add", row, before=None, after=events.snapshot(row))
        if memo.strip():
            self._add_memo(coding_id, memo)
        return coding_id

    def remove(self, coding_id: str) -> None:
        row = self._coding(coding_id)
        memo = store.memo_of(self.session, coding_id)
        if memo is not None:
            self._record("memo.remove", memo, before=events.snapshot(memo), after=None)
            self.session.delete(memo)
            self.session.flush()
        self._record("coding.remove", row, before=events.snapshot(row), after=None)
        self.session.delete(row)
        self.session.flush()

    def recode(self, coding_id: str, code: str) -> None:
        row = self._coding(coding_id)
        self._change("coding.recode", row, code_id=self._code(code).id, scheme_version=self.scheme_version)

    def resize(self, coding_id: str, start: Any, end: Any, quote: str | None) -> None:
        start, end = self._checked_range(start, end, quote)
        row = self._coding(coding_id)
        self._change("coding.resize", row, start=start, end=end, quote=self.version.text[start:end])

    def memo(self, coding_id: str, text: str) -> None:
        row = store.memo_of(self.session, self._coding(coding_id).id)
        if row is None:
            if text.strip():
                self._add_memo(coding_id, text)
        elif text.strip():
            self._change("memo.change", row, text=text)
        else:
            self._record("memo.remove", row, before=events.snapshot(row), after=None)
            self.session.delete(row)

    def _add_memo(self, coding_id: str, text: str) -> None:
        row = MemoRow(study_id=self.study_id, coder_id=self.coder_id, coding_id=coding_id, text=text)
        self.session.add(row)
        self.session.flush()
        self._record("memo.add", row, before=None, after=events.snapshot(row))

    def _change(self, action: str, row: CodingRow | MemoRow, **values: Any) -> None:
        before = events.snapshot(row)
        for name, value in values.items():
            setattr(row, name, value)
        self.session.add(row)
        self.session.flush()
        self._record(action, row, before=before, after=events.snapshot(row))

    def _record(
        self,
        action: str,
        row: CodingRow | MemoRow,
        *,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> None:
        events.record(
            self.session,
            self.study_id,
            actor=self.actor,
            action=action,
            entity="coding" if isinstance(row, CodingRow) else "memo",
            entity_id=row.id,
            before=before,
            after=after,
            action_id=self.action_id,
            operation_id=self.operation_id,
            transcript_id=self.transcript_id,
        )
        self.operation_id = None

    def _coding(self, coding_id: str) -> CodingRow:
        row = self.session.get(CodingRow, coding_id)
        if row is None or row.transcript_id != self.transcript_id:
            raise NotFoundError(f"the coding {coding_id} is not there; it may have been removed")
        return row

    def _code(self, path: str) -> CodeRow:
        if self._codes is None:
            self._codes = scheme_store.codes_by_path(self.session, self.study_id)
        if path not in self._codes:
            raise NotFoundError(f"the coding scheme has no code {path!r}; see `workbench scheme STUDY show`")
        return self._codes[path]

    def _checked_range(self, start: Any, end: Any, quote: str | None) -> tuple[int, int]:
        text = self.version.text
        if not (type(start) is int and type(end) is int):
            raise InvalidCodingError(f"positions must be whole numbers, found {start!r} and {end!r}")
        if not 0 <= start < end <= len(text):
            raise InvalidCodingError(
                f"the passage {start}-{end} does not lie in the text, which has {len(text)} characters"
            )
        if quote is not None and text[start:end] != quote:
            raise InvalidCodingError(
                f"the text at {start}-{end} is {text[start:end][:60]!r}, not the quote {quote[:60]!r}; "
                "nothing was stored"
            )
        return start, end


def _checked_weight(weight: Any) -> int | None:
    if weight is None:
        return None
    if type(weight) is not int or not 0 <= weight <= 3:
        raise InvalidCodingError(f"the weight must be 0, 1, 2 or 3, found {weight!r}")
    return weight
