"""Queries on codings and memos."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from workbench.store.tables import (
    AskedRow,
    CodeRow,
    CoderRow,
    CodingRow,
    InterviewRow,
    MemoRow,
    PinnedQuotationRow,
)

# A coding whose words the text in use no longer has counts nowhere until somebody has placed it again.
NOT_LOST = col(CodingRow.review).is_distinct_from("lost")


@dataclass(frozen=True)
class FullCoding:
    """A coding with the code, coder and memo it refers to."""

    row: CodingRow
    path: str
    coder: str
    memo: str


def list_codings(
    session: Session,
    study_id: str,
    *,
    transcript_id: str | None = None,
    ids: Collection[str] | None = None,
    lost: bool | None = False,
) -> list[FullCoding]:
    """All codings, those of one transcript or those with these ids, in the order of transcript and text.

    lost : False leaves out those whose words the text in use no longer has, True gives them alone, None all.
    """
    query = (
        select(CodingRow, CodeRow.path, CoderRow.name, MemoRow.text)
        .join(CodeRow, col(CodingRow.code_id) == CodeRow.id)
        .join(CoderRow, col(CodingRow.coder_id) == CoderRow.id)
        .join(MemoRow, col(MemoRow.coding_id) == CodingRow.id, isouter=True)
        .where(CodingRow.study_id == study_id)
        .order_by(
            col(CodingRow.transcript_id), col(CodingRow.start), col(CodingRow.end).desc(), col(CodingRow.id)
        )
    )
    if transcript_id is not None:
        query = query.where(CodingRow.transcript_id == transcript_id)
    if ids is not None:
        query = query.where(col(CodingRow.id).in_(ids))
    if lost is not None:
        query = query.where(col(CodingRow.review) == "lost" if lost else NOT_LOST)
    return [FullCoding(row, path, coder, memo or "") for row, path, coder, memo in session.exec(query)]


def memo_of(session: Session, coding_id: str) -> MemoRow | None:
    """The memo on a coding."""
    return session.exec(select(MemoRow).where(MemoRow.coding_id == coding_id)).first()


def pin_on(session: Session, coding_id: str) -> PinnedQuotationRow | None:
    """The choice of this coding as the quotation of its theme."""
    return session.exec(select(PinnedQuotationRow).where(PinnedQuotationRow.coding_id == coding_id)).first()


def not_asked(session: Session, study_id: str) -> dict[str, set[str]]:
    """Paths of the codes that were not asked about, by name of the interview."""
    query = (
        select(InterviewRow.name, CodeRow.path)
        .select_from(AskedRow)
        .join(InterviewRow, col(AskedRow.interview_id) == InterviewRow.id)
        .join(CodeRow, col(AskedRow.code_id) == CodeRow.id)
        .where(InterviewRow.study_id == study_id, col(AskedRow.asked).is_(False))
    )
    paths: dict[str, set[str]] = {}
    for interview, path in session.exec(query):
        paths.setdefault(interview, set()).add(path)
    return paths
