"""What is known of an interview, whole: read as one value, given back as one, and put back by undo.

Works inside the caller's transaction. An event of it (`ENTITY`) holds that value before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from workbench.store import anchors, transcripts
from workbench.store.tables import (
    AttributeRow,
    AttributeValueRow,
    EventRow,
    InterviewPersonRow,
    InterviewRow,
    PersonRow,
    SurveyPersonRow,
    TranscriptRow,
)

ENTITY = "interview_facts"
_OWN = ("name", "actor_group", "kind")


def facts_of(session: Session, transcript: TranscriptRow) -> dict[str, Any]:
    """Name, interview, its attributes and its persons with theirs, as JSON values."""
    interview = session.get_one(InterviewRow, transcript.interview_id)
    parts = session.exec(
        select(InterviewPersonRow, PersonRow)
        .join(PersonRow, col(InterviewPersonRow.person_id) == PersonRow.id)
        .where(InterviewPersonRow.interview_id == interview.id)
        .order_by(col(InterviewPersonRow.speaker), col(PersonRow.id))
    )
    return {
        "name": transcript.name,
        "interview": {name: getattr(interview, name) for name in _OWN}
        | {"held_on": interview.held_on.isoformat() if interview.held_on else None},
        "attributes": attributes_of(session, interview_id=interview.id),
        "persons": [
            {
                "id": person.id,
                "pseudonym": person.pseudonym,
                "survey_key": person.survey_key,
                "speaker": part.speaker,
                "role": part.role,
                "attributes": attributes_of(session, person_id=person.id),
            }
            for part, person in parts
        ],
    }


def set_facts(session: Session, transcript: TranscriptRow, facts: Mapping[str, Any]) -> None:
    """Make what is known of an interview what `facts_of` once said."""
    interview = session.get_one(InterviewRow, transcript.interview_id)
    transcript.name = facts["name"]
    for name in _OWN:
        setattr(interview, name, facts["interview"][name])
    held_on = facts["interview"]["held_on"]
    interview.held_on = date.fromisoformat(held_on) if held_on else None
    session.add(transcript)
    session.add(interview)
    session.flush()
    study_id = transcript.study_id
    present = attributes_of(session, interview_id=interview.id)
    transcripts.set_attributes(
        session,
        study_id,
        subject="interview",
        subject_id=interview.id,
        values={**dict.fromkeys(present, ""), **facts["attributes"]},
    )
    _set_persons(session, study_id, interview.id, facts["persons"])
    session.flush()


def put_back_facts(session: Session, event: EventRow) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give an interview what was known of it before an event; returns what its inverse holds.

    Raises InvalidRequestError if it was corrected again since, or its name was given to another.
    """
    transcript = session.get(TranscriptRow, event.transcript_id)
    before, after = event.before or {}, event.after or {}
    if transcript is None or facts_of(session, transcript) != after:
        raise anchors.changed_since(event)
    if not name_is_free_for(session, transcript, before["name"]) or not name_is_free_for(
        session, transcript, before["interview"]["name"]
    ):
        raise anchors.changed_since(event)
    set_facts(session, transcript, before)
    return after, before


def name_is_free_for(session: Session, transcript: TranscriptRow, name: str) -> bool:
    """Whether no other transcript and no other interview of the study has this name."""
    others = select(TranscriptRow.id).where(
        TranscriptRow.study_id == transcript.study_id,
        TranscriptRow.name == name,
        TranscriptRow.id != transcript.id,
    )
    interviews = select(InterviewRow.id).where(
        InterviewRow.study_id == transcript.study_id,
        InterviewRow.name == name,
        InterviewRow.id != transcript.interview_id,
    )
    return session.exec(others).first() is None and session.exec(interviews).first() is None


def known_person(session: Session, study_id: str, survey_key: str, pseudonym: str) -> PersonRow | None:
    """The person of the study with this id and pseudonym, None if there is none."""
    query = select(PersonRow).where(
        PersonRow.study_id == study_id,
        PersonRow.survey_key == survey_key,
        PersonRow.pseudonym == pseudonym,
    )
    return session.exec(query.order_by(col(PersonRow.id))).first()


def _set_persons(
    session: Session, study_id: str, interview_id: str, persons: list[Mapping[str, Any]]
) -> None:
    """Make these the persons of an interview; one who took part in nothing else goes."""
    wanted = {person["id"] for person in persons}
    parts = session.exec(select(InterviewPersonRow).where(InterviewPersonRow.interview_id == interview_id))
    for part in parts.all():
        if part.person_id not in wanted:
            session.delete(part)
            session.flush()
            _drop_if_nowhere(session, part.person_id)
    for values in persons:
        person = session.get(PersonRow, values["id"]) or PersonRow(
            id=values["id"], study_id=study_id, pseudonym=values["pseudonym"]
        )
        person.pseudonym, person.survey_key = values["pseudonym"], values["survey_key"]
        session.add(person)
        session.flush()
        part = session.get(InterviewPersonRow, (interview_id, person.id)) or InterviewPersonRow(
            interview_id=interview_id, person_id=person.id
        )
        part.speaker, part.role = values["speaker"], values["role"]
        session.add(part)
        present = attributes_of(session, person_id=person.id)
        transcripts.set_attributes(
            session,
            study_id,
            subject="person",
            subject_id=person.id,
            values={**dict.fromkeys(present, ""), **values["attributes"]},
        )


def _drop_if_nowhere(session: Session, person_id: str) -> None:
    for table in (InterviewPersonRow, SurveyPersonRow):
        if session.exec(select(table).where(table.person_id == person_id).limit(1)).first() is not None:
            return
    session.delete(session.get_one(PersonRow, person_id))
    session.flush()


def attributes_of(
    session: Session, *, interview_id: str | None = None, person_id: str | None = None
) -> dict[str, str]:
    """Attributes of an interview or of a person, by name."""
    own = (
        col(AttributeValueRow.interview_id) == interview_id
        if interview_id is not None
        else col(AttributeValueRow.person_id) == person_id
    )
    query = (
        select(AttributeRow.name, AttributeValueRow.value)
        .join(AttributeValueRow, col(AttributeValueRow.attribute_id) == AttributeRow.id)
        .where(own)
        .order_by(col(AttributeRow.name))
    )
    return dict(session.exec(query).all())
