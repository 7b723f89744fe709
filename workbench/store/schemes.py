"""Queries on the coding scheme."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from workbench.store.codings import NOT_LOST
from workbench.store.tables import CodeRow, CodingRow, SchemeRow


def get_scheme(session: Session, study_id: str) -> SchemeRow | None:
    """The scheme of the study, None before one is chosen."""
    return session.exec(select(SchemeRow).where(SchemeRow.study_id == study_id)).first()


def list_codes(session: Session, study_id: str, *, retired: bool = True) -> list[CodeRow]:
    """The codes in the order of the scheme."""
    query = select(CodeRow).where(CodeRow.study_id == study_id).order_by(col(CodeRow.position))
    if not retired:
        query = query.where(col(CodeRow.retired).is_(False))
    return list(session.exec(query))


def codes_by_path(session: Session, study_id: str) -> dict[str, CodeRow]:
    """The codes by their path."""
    return {row.path: row for row in list_codes(session, study_id)}


def find_code(session: Session, study_id: str, path: str) -> CodeRow | None:
    """The code with this path."""
    return session.exec(select(CodeRow).where(CodeRow.study_id == study_id, CodeRow.path == path)).first()


def codings_by_code(session: Session, study_id: str, *, lost: bool = False) -> dict[str, int]:
    """Number of codings by code id.

    lost : with those whose words the text in use no longer has; they keep a code in use.
    """
    query = select(CodingRow.code_id, func.count()).where(CodingRow.study_id == study_id)
    if not lost:
        query = query.where(NOT_LOST)
    query = query.group_by(col(CodingRow.code_id))
    return dict(session.exec(query).all())
