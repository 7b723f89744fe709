"""One user action on codings: the checks, the rows and the events, inside the caller's transaction."""

from __future__ import annotations

from typing import Any, Literal

from sqlmodel import Session

from workbench.errors import InvalidCodingError, InvalidRequestError, NotFoundError
from workbench.i18n import t
from workbench.store import codings as store
from workbench.store import events
from workbench.store import schemes as scheme_store
from workbench.store.studies import get_coder
from workbench.store.tables import (
    CodeRow,
    CodingRow,
    MemoRow,
    PinnedQuotationRow,
    TranscriptVersionRow,
    new_id,
)

Origin = Literal["hand", "suggestion", "import"]


def storable(text: str) -> str:
    """The text without what no database keeps: NUL goes, half a surrogate pair becomes `?`."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class CodingAction:
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
        self.session, self.study_id, self.actor = session, study_id, storable(actor)
        self.transcript_id, self.version = transcript_id, version
        self.operation_id, self.action_id = operation_id, action_id or new_id()
        self._codes: dict[str, CodeRow] = {}
        self._coder_id: str | None = None
        self._scheme_version: str | None = None

    @classmethod
    def on_coding(cls, session: Session, study_id: str, actor: str, coding_id: str) -> CodingAction:
        row = session.get(CodingRow, coding_id)
        if row is None or row.study_id != study_id:
            raise NotFoundError(t("errors.no_coding", coding=coding_id), reason="gone")
        version = session.get_one(TranscriptVersionRow, row.version_id)
        return cls(session, study_id, actor, transcript_id=row.transcript_id, version=version)

    @property
    def coder_id(self) -> str:
        if self._coder_id is None:
            if not self.actor:
                raise InvalidRequestError(t("errors.no_coder"), reason="no_coder")
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
            self._add_memo(coding_id, storable(memo))
        return coding_id

    def remove(self, coding_id: str) -> None:
        row = self._coding(coding_id)
        pin = store.pin_on(self.session, coding_id)
        if pin is not None:
            self._delete("pinned_quotation.remove", pin)
        memo = store.memo_of(self.session, coding_id)
        if memo is not None:
            self._delete("memo.remove", memo)
        self._delete("coding.remove", row)

    def recode(self, coding_id: str, code: str) -> None:
        row, wanted = self._coding(coding_id), self._code(code)
        before = self.session.get_one(CodeRow, row.code_id)
        if before.id == wanted.id:
            return
        pin = store.pin_on(self.session, coding_id)
        if pin is not None and _theme(before) != _theme(wanted):
            self._delete("pinned_quotation.remove", pin)
        self._change("coding.recode", row, code_id=wanted.id, scheme_version=self.scheme_version)

    def resize(self, coding_id: str, start: Any, end: Any, quote: str | None) -> None:
        start, end = self._checked_range(start, end, quote)
        row = self._coding(coding_id)
        self._place("coding.resize", row, start, end)

    def place(self, coding_id: str, start: Any, end: Any, quote: str | None = None) -> None:
        """Give a coding that an edit of the text changed or lost its place in this version."""
        start, end = self._checked_range(start, end, quote)
        self._place("coding.place", self._coding(coding_id), start, end)

    def accept(self, coding_id: str) -> None:
        """Take the words that an edit of the text has left of a coding for its words."""
        row = self._coding(coding_id)
        if row.review == "lost":
            raise InvalidRequestError(t("errors.lost_not_accepted", coding=coding_id), reason="lost")
        if row.review is not None:
            self._change("coding.accept", row, review=None, earlier_quote=None)

    def _place(self, action: str, row: CodingRow, start: int, end: int) -> None:
        # Somebody has looked: nothing is left to review, and the coding belongs to this version.
        self._change(
            action,
            row,
            version_id=self.version.id,
            start=start,
            end=end,
            quote=self.version.text[start:end],
            review=None,
            earlier_quote=None,
        )

    def weigh(self, coding_id: str, weight: Any) -> None:
        """Give a coding a weight of 0 to 3, or none."""
        self._change("coding.weigh", self._coding(coding_id), weight=_checked_weight(weight))

    def memo(self, coding_id: str, text: str) -> None:
        text = storable(text)
        row = store.memo_of(self.session, self._coding(coding_id).id)
        if row is None:
            if text.strip():
                self._add_memo(coding_id, text)
        elif text.strip():
            self._change("memo.change", row, text=text)
        else:
            self._delete("memo.remove", row)

    def _delete(self, action: str, row: CodingRow | MemoRow | PinnedQuotationRow) -> None:
        self._record(action, row, before=events.snapshot(row), after=None)
        self.session.delete(row)
        self.session.flush()

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
        row: CodingRow | MemoRow | PinnedQuotationRow,
        *,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
    ) -> None:
        events.record(
            self.session,
            self.study_id,
            actor=self.actor,
            action=action,
            entity=_ENTITIES[type(row)],
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
            raise NotFoundError(t("errors.coding_gone", coding=coding_id), reason="gone")
        return row

    def _code(self, path: str) -> CodeRow:
        if path not in self._codes:
            row = scheme_store.find_code(self.session, self.study_id, path)
            if row is None:
                raise NotFoundError(t("errors.no_code", path=path), reason="no_code")
            self._codes[path] = row
        return self._codes[path]

    def _checked_range(self, start: Any, end: Any, quote: str | None) -> tuple[int, int]:
        text = self.version.text
        if not (type(start) is int and type(end) is int):
            raise InvalidCodingError(
                t("errors.positions_not_whole", start=start, end=end), reason="outside_text"
            )
        if not 0 <= start < end <= len(text):
            raise InvalidCodingError(
                t("errors.passage_outside", start=start, end=end, characters=len(text)), reason="outside_text"
            )
        if quote is not None and text[start:end] != quote:
            raise InvalidCodingError(
                t("errors.other_words", start=start, end=end, found=text[start:end][:60], quote=quote[:60]),
                reason="other_words",
            )
        return start, end


_ENTITIES = {CodingRow: "coding", MemoRow: "memo", PinnedQuotationRow: "pinned_quotation"}


def _theme(code: CodeRow) -> str:
    return code.path.split("/")[0]


def _checked_weight(weight: Any) -> int | None:
    if weight is None:
        return None
    if type(weight) is not int or not 0 <= weight <= 3:
        raise InvalidCodingError(t("errors.bad_weight", weight=weight))
    return weight
