"""Checking that everything stored in a study holds together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from workbench.services.linking import list_links
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import AnnotationRow, CodingRow, TranscriptRow, TranscriptVersionRow, TurnRow


@dataclass(frozen=True)
class CheckReport:
    """What was checked (counts by kind) and what does not hold; a problem names its place."""

    checked: dict[str, int]
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True if nothing is wrong."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {"ok": self.ok, "checked": self.checked, "problems": list(self.problems)}


def check_study(study: Study) -> CheckReport:
    """Check quotes against texts, turns and annotations against texts, references, and the file itself.

    A coding stands on the version in use, unless its words are lost there; then on the last that had them.
    Links to numbers that the study lacks (yet) are no problem: they wait for an import.
    """
    problems: list[str] = []
    with study.read() as session:
        texts = _texts(session, study.study_id, problems)
        checked = {
            "texts": len(texts),
            "turns": _check_turns(session, texts, problems),
            "codings": _check_codings(session, study.study_id, texts, problems),
            "annotations": _check_annotations(session, texts, problems),
        }
        if session.get_bind().dialect.name == "sqlite":
            problems += _check_file(session)
    checked["links"] = len(list_links(study))
    return CheckReport(checked, tuple(problems))


@dataclass(frozen=True)
class _Text:
    """A version, with the name of its transcript."""

    name: str
    content: str
    transcript_id: str
    in_use: bool


def _texts(session: Session, study_id: str, problems: list[str]) -> dict[str, _Text]:
    """All versions by id."""
    query = (
        select(TranscriptVersionRow, TranscriptRow)
        .join(TranscriptRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(TranscriptRow.study_id == study_id)
    )
    texts = {
        version.id: _Text(row.name, version.text, row.id, version.version == row.current_version)
        for version, row in session.exec(query)
    }
    served = {text.transcript_id for text in texts.values() if text.in_use}
    for row in session.exec(select(TranscriptRow).where(TranscriptRow.study_id == study_id)):
        if row.id not in served:
            problems.append(f"{row.name}: version {row.current_version}, which is in use, is not there")
    return texts


def _check_turns(session: Session, texts: dict[str, _Text], problems: list[str]) -> int:
    # Through the versions of this study: a database may hold the turns of others.
    query = (
        select(TurnRow)
        .where(col(TurnRow.version_id).in_(list(texts)))
        .order_by(col(TurnRow.version_id), col(TurnRow.ordinal))
    )
    turns = session.exec(query).all()
    end, version = 0, ""
    for turn in turns:
        if turn.version_id != version:
            end, version = 0, turn.version_id
        name, content = texts[turn.version_id].name, texts[turn.version_id].content
        if not end <= turn.start <= turn.end <= len(content):
            problems.append(
                f"{name}: turn {turn.ordinal} ({turn.start}-{turn.end}) does not lie in order in the text"
            )
        end = max(end, turn.end)
    return len(turns)


def _check_codings(session: Session, study_id: str, texts: dict[str, _Text], problems: list[str]) -> int:
    codings = session.exec(select(CodingRow).where(CodingRow.study_id == study_id)).all()
    for coding in codings:
        if coding.version_id not in texts:
            problems.append(f"coding {coding.id} belongs to a text that is not there")
            continue
        text_of, content = texts[coding.version_id], texts[coding.version_id].content
        name = text_of.name
        if text_of.transcript_id != coding.transcript_id:
            problems.append(f"{name}: coding {coding.id} belongs to a text of another transcript")
        if not text_of.in_use and coding.review != "lost":
            problems.append(f"{name}: coding {coding.id} stands on a text that is not in use")
        if content[coding.start : coding.end] != coding.quote:
            problems.append(
                f"{name}: coding {coding.id} at {coding.start}-{coding.end} holds {coding.quote[:40]!r}, "
                f"the text {content[coding.start : coding.end][:40]!r}"
            )
    return len(codings)


def _check_annotations(session: Session, texts: dict[str, _Text], problems: list[str]) -> int:
    query = select(AnnotationRow).where(col(AnnotationRow.version_id).in_(list(texts)))
    annotations = session.exec(query).all()
    for annotation in annotations:
        text_of = texts[annotation.version_id]
        if not annotation.start <= annotation.end <= len(text_of.content):
            problems.append(
                f"{text_of.name}: {annotation.kind} {annotation.id} at {annotation.start}-{annotation.end} "
                "lies outside the text"
            )
    return len(annotations)


def _check_file(session: Session) -> list[str]:
    broken = [row[0] for row in session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    dangling = [
        f"{table} row {row} refers to a missing row of {parent}"
        for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check"))
    ]
    return broken + dangling
