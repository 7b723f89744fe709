"""Queries on links, judgements and pinned quotations."""

from __future__ import annotations

from sqlmodel import Session, col, select

from workbench.store.codings import NOT_LOST
from workbench.store.tables import CodeRow, CoderRow, CodingRow, JudgementRow, LinkRow, PinnedQuotationRow


def list_links(session: Session, study_id: str) -> list[tuple[LinkRow, str]]:
    """All links with the path of their theme, in the order of the scheme."""
    query = (
        select(LinkRow, CodeRow.path)
        .join(CodeRow, col(LinkRow.code_id) == CodeRow.id)
        .where(LinkRow.study_id == study_id)
        .order_by(col(CodeRow.position), col(LinkRow.kind), col(LinkRow.target), col(LinkRow.by))
    )
    return list(session.exec(query))


def list_judgements(session: Session, study_id: str) -> list[tuple[JudgementRow, str, str]]:
    """All judgements with theme path and the name of the person who gave them, newest last."""
    query = (
        select(JudgementRow, CodeRow.path, CoderRow.name)
        .join(CodeRow, col(JudgementRow.code_id) == CodeRow.id)
        .join(CoderRow, col(JudgementRow.coder_id) == CoderRow.id)
        .where(JudgementRow.study_id == study_id)
        .order_by(col(JudgementRow.confirmed_at), col(JudgementRow.id))
    )
    return list(session.exec(query))


def pinned_quotations(
    session: Session, study_id: str, *, lost: bool = False
) -> dict[str, PinnedQuotationRow]:
    """The pinned quotation of each theme, by code id.

    lost : with those whose words the text in use no longer has, which stand for nothing until placed again.
    """
    query = (
        select(PinnedQuotationRow)
        .join(CodingRow, col(PinnedQuotationRow.coding_id) == CodingRow.id)
        .where(PinnedQuotationRow.study_id == study_id)
    )
    if not lost:
        query = query.where(NOT_LOST)
    return {row.code_id: row for row in session.exec(query)}
