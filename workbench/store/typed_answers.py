"""Queries on answers typed in: their sources (one a scale), single questionnaires, and the log of typing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from workbench.store.tables import EventRow, SourceRow, SurveyPersonRow, SurveyResponseRow

TYPED = "typed"
ACTION = "answers.type"


def is_typed(source: SourceRow) -> bool:
    """Whether the source holds answers typed in on the screen, and no file."""
    return source.mapping.get("entry") == TYPED


def variant_of(source: SourceRow) -> str:
    """The simplified scale on which the answers of the source stand; "" for the instrument's own."""
    return str(source.mapping.get("variant", ""))


def response(
    session: Session, sources: Sequence[SourceRow], person: str, respondent: str, number: int
) -> tuple[SourceRow, SurveyPersonRow, SurveyResponseRow] | None:
    """The questionnaire of a person, respondent and round; one typed in goes before one of a file."""
    query = (
        select(SurveyPersonRow, SurveyResponseRow)
        .join(SurveyResponseRow, col(SurveyResponseRow.survey_person_id) == SurveyPersonRow.id)
        .where(
            SurveyPersonRow.key == person,
            col(SurveyPersonRow.source_id).in_([source.id for source in sources]),
            SurveyResponseRow.respondent == respondent,
            SurveyResponseRow.round == number,
        )
    )
    by_id = {source.id: source for source in sources}
    found = [(by_id[owner.source_id], owner, row) for owner, row in session.exec(query)]
    found.sort(key=lambda each: not is_typed(each[0]))
    return found[0] if found else None


def person(session: Session, source: SourceRow, key: str) -> SurveyPersonRow | None:
    """The person with that id in a source."""
    return session.exec(
        select(SurveyPersonRow).where(SurveyPersonRow.source_id == source.id, SurveyPersonRow.key == key)
    ).first()


def responses_of(session: Session, owner: SurveyPersonRow) -> list[SurveyResponseRow]:
    """All questionnaires about a person in one source."""
    return list(session.exec(select(SurveyResponseRow).where(SurveyResponseRow.survey_person_id == owner.id)))


def last_typing(session: Session, study_id: str, actor: str) -> list[EventRow]:
    """The events of what that person typed in last and has not taken back; newest first, empty if none."""
    events = session.exec(
        select(EventRow)
        .where(EventRow.study_id == study_id, EventRow.action == ACTION, EventRow.actor == actor)
        .order_by(col(EventRow.sequence).desc())
    )
    undone: set[int] = set()
    last: list[EventRow] = []
    for event in events:
        if event.kind == "undo":
            undone.add(event.undoes or 0)
        elif last and event.action_id != last[0].action_id:
            break
        elif event.sequence not in undone:
            last.append(event)
    return last
