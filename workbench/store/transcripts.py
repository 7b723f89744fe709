"""Queries on interviews, persons, transcripts, their versions, turns and attributes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from workbench.errors import NotFoundError
from workbench.i18n import t
from workbench.store.codings import NOT_LOST
from workbench.store.tables import (
    AttributeRow,
    AttributeValueRow,
    CodingRow,
    InterviewPersonRow,
    InterviewRow,
    PersonRow,
    TranscriptRow,
    TranscriptVersionRow,
    TurnRow,
)


def find_transcript(session: Session, study_id: str, reference: str) -> TranscriptRow:
    """The transcript with this id, number or name. Raises NotFoundError."""
    rows = session.exec(
        select(TranscriptRow).where(
            TranscriptRow.study_id == study_id,
            sa.or_(
                col(TranscriptRow.id) == reference,
                col(TranscriptRow.name) == reference,
                col(TranscriptRow.number) == (int(reference) if _is_number(reference) else -1),
            ),
        )
    ).all()
    # A name may look like a number: the name wins, as it is what the user sees.
    for row in sorted(rows, key=lambda row: row.name != reference):
        return row
    known = ", ".join(
        session.exec(
            select(TranscriptRow.name)
            .where(TranscriptRow.study_id == study_id)
            .order_by(col(TranscriptRow.number))
            .limit(5)
        )
    )
    raise NotFoundError(
        t("errors.no_transcript_but", transcript=reference, known=known)
        if known
        else t("errors.no_transcript", transcript=reference),
        reason="no_transcript",
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def next_number(session: Session, study_id: str) -> int:
    """The number the next transcript gets."""
    newest = session.exec(
        select(func.max(TranscriptRow.number)).where(TranscriptRow.study_id == study_id)
    ).one()
    return (newest or 0) + 1


def list_transcripts(session: Session, study_id: str) -> list[tuple[TranscriptRow, InterviewRow]]:
    """All transcripts with their interviews, in the order of their numbers."""
    query = (
        select(TranscriptRow, InterviewRow)
        .join(InterviewRow, col(TranscriptRow.interview_id) == InterviewRow.id)
        .where(TranscriptRow.study_id == study_id)
        .order_by(col(TranscriptRow.number))
    )
    return list(session.exec(query))


def current_version(session: Session, transcript: TranscriptRow) -> TranscriptVersionRow:
    """The text in use."""
    return session.exec(
        select(TranscriptVersionRow).where(
            TranscriptVersionRow.transcript_id == transcript.id,
            TranscriptVersionRow.version == transcript.current_version,
        )
    ).one()


def version_facts(session: Session, study_id: str) -> dict[str, TranscriptVersionRow]:
    """The version in use of every transcript, by transcript id; the texts stay behind."""
    query = (
        select(TranscriptVersionRow)
        .join(TranscriptRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(
            TranscriptRow.study_id == study_id,
            col(TranscriptVersionRow.version) == TranscriptRow.current_version,
        )
        .options(defer(TranscriptVersionRow.text))  # type: ignore[arg-type]  # SQLModel types it as its value
    )
    return {row.transcript_id: row for row in session.exec(query)}


def turns_of(session: Session, version_id: str) -> list[TurnRow]:
    """The turns of one version, in the order of the text."""
    return list(
        session.exec(select(TurnRow).where(TurnRow.version_id == version_id).order_by(col(TurnRow.ordinal)))
    )


def texts_in_use(session: Session, study_id: str) -> dict[str, str]:
    """The text in use of every transcript, by transcript id, in the order of their numbers."""
    query = (
        select(TranscriptRow.id, TranscriptVersionRow.text)
        .join(TranscriptVersionRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(
            TranscriptRow.study_id == study_id,
            col(TranscriptVersionRow.version) == TranscriptRow.current_version,
        )
        .order_by(col(TranscriptRow.number))
    )
    return dict(session.exec(query).all())


def turns_in_use(session: Session, study_id: str) -> dict[str, list[TurnRow]]:
    """The turns of every text in use, by transcript id, in the order of the text."""
    return _turns_by_transcript(session, study_id)


def turns_not_verbatim(session: Session, study_id: str) -> dict[str, list[TurnRow]]:
    """Turns of texts in use that are not their speaker's own words, by transcript id."""
    return _turns_by_transcript(session, study_id, col(TurnRow.status) != "verbatim")


def _turns_by_transcript(
    session: Session, study_id: str, *conditions: sa.ColumnElement[bool]
) -> dict[str, list[TurnRow]]:
    query = (
        select(TranscriptRow.id, TurnRow)
        .join(TranscriptVersionRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .join(TurnRow, col(TurnRow.version_id) == TranscriptVersionRow.id)
        .where(
            TranscriptRow.study_id == study_id,
            col(TranscriptVersionRow.version) == TranscriptRow.current_version,
            *conditions,
        )
        .order_by(col(TurnRow.ordinal))
    )
    turns: dict[str, list[TurnRow]] = {}
    for transcript_id, turn in session.exec(query):
        turns.setdefault(transcript_id, []).append(turn)
    return turns


def turn_counts(session: Session, study_id: str) -> dict[str, int]:
    """Number of spoken turns by version id."""
    query = (
        select(TurnRow.version_id, func.count())
        .join(TranscriptVersionRow, col(TurnRow.version_id) == TranscriptVersionRow.id)
        .join(TranscriptRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(TranscriptRow.study_id == study_id, TurnRow.kind == "speech")
        .group_by(col(TurnRow.version_id))
    )
    return dict(session.exec(query).all())


def persons_of_interviews(session: Session, study_id: str) -> list[tuple[InterviewPersonRow, PersonRow]]:
    """Who took part in which interview."""
    query = (
        select(InterviewPersonRow, PersonRow)
        .join(PersonRow, col(InterviewPersonRow.person_id) == PersonRow.id)
        .where(PersonRow.study_id == study_id)
        .order_by(col(InterviewPersonRow.speaker))
    )
    return list(session.exec(query))


def set_attributes(
    session: Session, study_id: str, *, subject: str, subject_id: str, values: Mapping[str, str]
) -> None:
    """Give an interview or a person attributes; an empty value takes the attribute away."""
    for name, value in values.items():
        attribute = session.exec(
            select(AttributeRow).where(
                AttributeRow.study_id == study_id, AttributeRow.subject == subject, AttributeRow.name == name
            )
        ).first()
        if attribute is None:
            attribute = AttributeRow(study_id=study_id, subject=subject, name=name)
            session.add(attribute)
            session.flush()
        key = "interview_id" if subject == "interview" else "person_id"
        row = session.exec(
            select(AttributeValueRow).where(
                AttributeValueRow.attribute_id == attribute.id, getattr(AttributeValueRow, key) == subject_id
            )
        ).first()
        if not value:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(AttributeValueRow(attribute_id=attribute.id, value=value, **{key: subject_id}))
        else:
            row.value = value
            session.add(row)


def interview_attributes(session: Session, study_id: str) -> dict[str, dict[str, str]]:
    """Attributes by interview id; those of its only respondent count as its own."""
    attributes: dict[str, dict[str, str]] = {}
    query = (
        select(AttributeValueRow, AttributeRow.name)
        .join(AttributeRow, col(AttributeValueRow.attribute_id) == AttributeRow.id)
        .where(AttributeRow.study_id == study_id)
    )
    by_person: dict[str, dict[str, str]] = {}
    for row, name in session.exec(query):
        if row.interview_id is not None:
            attributes.setdefault(row.interview_id, {})[name] = row.value
        elif row.person_id is not None:
            by_person.setdefault(row.person_id, {})[name] = row.value
    respondents: dict[str, list[str]] = {}
    for part, _person in persons_of_interviews(session, study_id):
        if part.role == "respondent":
            respondents.setdefault(part.interview_id, []).append(part.person_id)
    for interview_id, person_ids in respondents.items():
        if len(person_ids) == 1:
            own = attributes.setdefault(interview_id, {})
            for name, value in by_person.get(person_ids[0], {}).items():
                own.setdefault(name, value)
    return attributes


def coding_counts(session: Session, study_id: str) -> dict[str, int]:
    """Number of codings by transcript id, without lost ones."""
    query = (
        select(CodingRow.transcript_id, func.count())
        .where(CodingRow.study_id == study_id, NOT_LOST)
        .group_by(col(CodingRow.transcript_id))
    )
    return dict(session.exec(query).all())


def review_counts(session: Session, study_id: str) -> dict[str, dict[str, int]]:
    """How many codings of each transcript wait for a coder, by transcript id and "changed" or "lost"."""
    query = (
        select(CodingRow.transcript_id, CodingRow.review, func.count())
        .where(CodingRow.study_id == study_id, col(CodingRow.review).is_not(None))
        .group_by(col(CodingRow.transcript_id), col(CodingRow.review))
    )
    counts: dict[str, dict[str, int]] = {}
    for transcript_id, review, count in session.exec(query):
        counts.setdefault(transcript_id, {})[str(review)] = count
    return counts


def list_versions(session: Session, transcript_id: str) -> list[TranscriptVersionRow]:
    """All versions of a transcript, oldest first; the texts stay behind."""
    query = (
        select(TranscriptVersionRow)
        .where(TranscriptVersionRow.transcript_id == transcript_id)
        .order_by(col(TranscriptVersionRow.version))
        .options(defer(TranscriptVersionRow.text))  # type: ignore[arg-type]  # SQLModel types it as its value
    )
    return list(session.exec(query))


def add_turns(session: Session, turns: Iterable[TurnRow]) -> None:
    """Store many turns at once."""
    values = [turn.model_dump() for turn in turns]
    if values:
        session.execute(sa.insert(TurnRow), values)


def find_version(
    session: Session, study_id: str, transcript_id: str, version: int
) -> TranscriptVersionRow | None:
    """A version of a transcript of this study, None if there is none."""
    query = (
        select(TranscriptVersionRow)
        .join(TranscriptRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(
            TranscriptRow.study_id == study_id,
            TranscriptRow.id == transcript_id,
            TranscriptVersionRow.version == version,
        )
    )
    return session.exec(query).first()


def delete_transcript(session: Session, transcript: TranscriptRow, interview: InterviewRow) -> None:
    """Delete a transcript, its interview if it has no other, and persons who took part in nothing else."""
    persons = session.exec(
        select(InterviewPersonRow.person_id).where(InterviewPersonRow.interview_id == interview.id)
    ).all()
    session.delete(transcript)
    session.flush()
    if session.exec(select(TranscriptRow).where(TranscriptRow.interview_id == interview.id)).first():
        return
    session.delete(interview)
    session.flush()
    for person_id in persons:
        elsewhere = select(InterviewPersonRow).where(InterviewPersonRow.person_id == person_id)
        if session.exec(elsewhere).first() is None:
            session.delete(session.get_one(PersonRow, person_id))
