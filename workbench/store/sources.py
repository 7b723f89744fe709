"""Queries on the files that transcripts came from, and on their texts in use, to know a file again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from workbench.store.tables import AnnotationRow, InterviewRow, TranscriptRow, TranscriptVersionRow, TurnRow


@dataclass(frozen=True)
class StoredSource:
    """A file behind a version of a transcript. newest : no later version came from a file."""

    transcript_id: str
    transcript: str
    version: int
    sha256: str
    newest: bool


@dataclass(frozen=True)
class CurrentText:
    """The text in use of a transcript and the file that it first came from."""

    transcript_id: str
    name: str
    source_name: str
    source_format: str
    text: str


def stored_sources(session: Session, study_id: str) -> list[StoredSource]:
    """The files of all versions, the newest of each transcript marked."""
    query = (
        select(
            TranscriptRow.id,
            TranscriptRow.name,
            TranscriptVersionRow.version,
            TranscriptVersionRow.source_sha256,
        )
        .join(TranscriptVersionRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(TranscriptRow.study_id == study_id, TranscriptVersionRow.source_sha256 != "")
        .order_by(col(TranscriptRow.number), col(TranscriptVersionRow.version))
    )
    rows = session.exec(query).all()
    newest = {transcript_id: version for transcript_id, _name, version, _sha256 in rows}
    return [
        StoredSource(transcript_id, name, version, sha256, newest[transcript_id] == version)
        for transcript_id, name, version, sha256 in rows
    ]


def transcript_of_source(session: Session, study_id: str, sha256: str) -> TranscriptRow | None:
    """The transcript whose newest file has this hash, None if there is none."""
    if not sha256:
        return None
    later = aliased(TranscriptVersionRow)
    query = (
        select(TranscriptRow)
        .join(TranscriptVersionRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(
            TranscriptRow.study_id == study_id,
            TranscriptVersionRow.source_sha256 == sha256,
            ~sa.exists().where(
                col(later.transcript_id) == TranscriptRow.id,
                col(later.version) > TranscriptVersionRow.version,
                col(later.source_sha256) != "",
            ),
        )
        .order_by(col(TranscriptRow.number))
    )
    return session.exec(query).first()


def current_texts(session: Session, study_id: str) -> Iterator[CurrentText]:
    """The texts in use one by one, in the order of the transcripts' numbers."""
    query = (
        sa.select(
            col(TranscriptRow.id),
            col(TranscriptRow.name),
            col(TranscriptRow.source_name),
            col(TranscriptRow.source_format),
            col(TranscriptVersionRow.text),
        )
        .join(TranscriptVersionRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(
            col(TranscriptRow.study_id) == study_id,
            col(TranscriptVersionRow.version) == TranscriptRow.current_version,
        )
        .order_by(col(TranscriptRow.number))
        .execution_options(yield_per=20)
    )
    for row in session.execute(query):
        yield CurrentText(*row)


def turn_speakers(session: Session, transcript_id: str) -> list[str | None]:
    """The speakers of the turns in use, in the order of the text; None for headings and notes."""
    query = (
        select(TurnRow.speaker)
        .join(TranscriptVersionRow, col(TurnRow.version_id) == TranscriptVersionRow.id)
        .join(TranscriptRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(
            TranscriptRow.id == transcript_id,
            col(TranscriptVersionRow.version) == TranscriptRow.current_version,
        )
        .order_by(col(TurnRow.ordinal))
    )
    return list(session.exec(query))


def add_turn_values(session: Session, values: Sequence[Mapping[str, Any]]) -> None:
    """Store turns given as the values of their rows: thousands at once, without an object for each."""
    if values:
        session.execute(sa.insert(TurnRow), values)


def add_annotations(session: Session, rows: Iterable[AnnotationRow]) -> None:
    """Store many comments and notes at once."""
    values = [row.model_dump() for row in rows]
    if values:
        session.execute(sa.insert(AnnotationRow), values)


def annotations_of(session: Session, version_id: str) -> list[AnnotationRow]:
    """Comments and notes of one version, in the order of the text."""
    query = (
        select(AnnotationRow)
        .where(AnnotationRow.version_id == version_id)
        .order_by(col(AnnotationRow.start), col(AnnotationRow.end), col(AnnotationRow.id))
    )
    return list(session.exec(query))


def name_is_free(session: Session, study_id: str, name: str) -> bool:
    """Whether neither a transcript nor an interview of the study has this name."""
    taken = sa.union(
        sa.select(col(TranscriptRow.id)).where(
            col(TranscriptRow.study_id) == study_id, col(TranscriptRow.name) == name
        ),
        sa.select(col(InterviewRow.id)).where(
            col(InterviewRow.study_id) == study_id, col(InterviewRow.name) == name
        ),
    )
    return session.execute(taken).first() is None
