"""Queries on numbers: sources, instruments, survey responses and estimates."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session, col, delete, func, select

from workbench.store.tables import (
    EstimateRow,
    InstrumentRow,
    SchemeRow,
    SourceRow,
    SurveyPersonRow,
    SurveyResponseRow,
)


def get_instrument(session: Session, study_id: str) -> InstrumentRow | None:
    """The questionnaire of the study, None before one is chosen."""
    return session.exec(select(InstrumentRow).where(InstrumentRow.study_id == study_id)).first()


def list_sources(session: Session, study_id: str, *, kind: str | None = None) -> list[SourceRow]:
    """The files of numbers imported, oldest first."""
    query = select(SourceRow).where(SourceRow.study_id == study_id)
    if kind is not None:
        query = query.where(SourceRow.kind == kind)
    return list(
        session.exec(query.order_by(col(SourceRow.imported_at), col(SourceRow.file_name), col(SourceRow.id)))
    )


def survey_rows(session: Session, source_id: str) -> list[tuple[SurveyPersonRow, SurveyResponseRow]]:
    """All responses of a file of answers with the persons they are about."""
    query = (
        select(SurveyPersonRow, SurveyResponseRow)
        .join(SurveyResponseRow, col(SurveyResponseRow.survey_person_id) == SurveyPersonRow.id)
        .where(SurveyPersonRow.source_id == source_id)
        .order_by(col(SurveyPersonRow.key), col(SurveyResponseRow.round), col(SurveyResponseRow.respondent))
    )
    return list(session.exec(query))


def list_estimates(session: Session, study_id: str) -> list[EstimateRow]:
    """All estimates, in the order of their files."""
    query = (
        select(EstimateRow)
        .join(SourceRow, col(EstimateRow.source_id) == SourceRow.id)
        .where(EstimateRow.study_id == study_id)
        .order_by(
            col(SourceRow.imported_at),
            col(SourceRow.file_name),
            col(EstimateRow.source_id),
            col(EstimateRow.position),
        )
    )
    return list(session.exec(query))


def remove_source(session: Session, source: SourceRow) -> None:
    """Take a file of numbers out of the study, with all that came from it."""
    session.execute(delete(EstimateRow).where(col(EstimateRow.source_id) == source.id))
    session.delete(source)


def count_responses(session: Session, study_id: str, *, source_id: str | None = None) -> int:
    """Number of questionnaires filled in, in the study or in one of its files."""
    query = (
        select(func.count())
        .select_from(SurveyResponseRow)
        .join(SurveyPersonRow, col(SurveyResponseRow.survey_person_id) == SurveyPersonRow.id)
        .where(SurveyPersonRow.study_id == study_id)
    )
    if source_id is not None:
        query = query.where(SurveyPersonRow.source_id == source_id)
    return session.exec(query).one()


def count_persons(session: Session, source_id: str) -> int:
    """Number of persons whom the questionnaires of one file are about."""
    query = select(func.count()).select_from(SurveyPersonRow).where(SurveyPersonRow.source_id == source_id)
    return session.exec(query).one()


def good_directions(session: Session, study_id: str) -> dict[str, str]:
    """Which way each outcome is good, as the scheme says: "up", "down" or "open"."""
    row = session.exec(select(SchemeRow).where(SchemeRow.study_id == study_id)).first()
    return dict(row.content.get("good_directions", {})) if row is not None else {}


def kinds_found(source: SourceRow) -> dict[str, int]:
    """Number of findings by kind in a file of numbers."""
    return dict(Counter(finding["kind"] for finding in source.findings))
