"""Queries on studies and their coders."""

from __future__ import annotations

from sqlmodel import Session, col, select

from workbench.store.tables import CoderRow, StudyRow


def get_study(session: Session, study_id: str) -> StudyRow:
    """The study's own row."""
    return session.exec(select(StudyRow).where(StudyRow.id == study_id)).one()


def get_coder(session: Session, study_id: str, name: str) -> CoderRow:
    """The coder of that name, added to the study if new."""
    coder = session.exec(select(CoderRow).where(CoderRow.study_id == study_id, CoderRow.name == name)).first()
    if coder is None:
        coder = CoderRow(study_id=study_id, name=name)
        session.add(coder)
        session.flush()
    return coder


def list_coders(session: Session, study_id: str) -> list[CoderRow]:
    """All coders, by name."""
    query = select(CoderRow).where(CoderRow.study_id == study_id).order_by(col(CoderRow.name))
    return list(session.exec(query))
