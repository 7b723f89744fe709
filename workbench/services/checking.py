"""Checking that everything stored in a study holds together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from workbench.services.linking import list_links
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import CodingRow, TranscriptRow, TranscriptVersionRow, TurnRow


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
    """Check quotes against texts, turns against texts, references between rows, and the file itself.

    Links to numbers that the study lacks (yet) are no problem: they wait for an import.
    """
    problems: list[str] = []
    with study.read() as session:
        texts = _texts(session, study.study_id)
        checked = {
            "texts": len(texts),
            "turns": _check_turns(session, texts, problems),
            "codings": _check_codings(session, study.study_id, texts, problems),
        }
        if session.get_bind().dialect.name == "sqlite":
            problems += _check_file(session)
    checked["links"] = len(list_links(study))
    return CheckReport(checked, tuple(problems))


def _texts(session: Session, study_id: str) -> dict[str, tuple[str, str]]:
    """Name and text by version id."""
    query = (
        select(TranscriptVersionRow, TranscriptRow.name)
        .join(TranscriptRow, col(TranscriptVersionRow.transcript_id) == TranscriptRow.id)
        .where(TranscriptRow.study_id == study_id)
    )
    return {version.id: (name, version.text) for version, name in session.exec(query)}


def _check_turns(session: Session, texts: dict[str, tuple[str, str]], problems: list[str]) -> int:
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
        name, content = texts[turn.version_id]
        if not end <= turn.start <= turn.end <= len(content):
            problems.append(
                f"{name}: turn {turn.ordinal} ({turn.start}-{turn.end}) does not lie in order in the text"
            )
        end = max(end, turn.end)
    return len(turns)


def _check_codings(
    session: Session, study_id: str, texts: dict[str, tuple[str, str]], problems: list[str]
) -> int:
    codings = session.exec(select(CodingRow).where(CodingRow.study_id == study_id)).all()
    for coding in codings:
        if coding.version_id not in texts:
            problems.append(f"coding {coding.id} belongs to a text that is not there")
            continue
        name, content = texts[coding.version_id]
        if content[coding.start : coding.end] != coding.quote:
            problems.append(
                f"{name}: coding {coding.id} at {coding.start}-{coding.end} holds {coding.quote[:40]!r}, "
                f"the text {content[coding.start : coding.end][:40]!r}"
            )
    return len(codings)


def _check_file(session: Session) -> list[str]:
    broken = [row[0] for row in session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    dangling = [
        f"{table} row {row} refers to a missing row of {parent}"
        for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check"))
    ]
    return broken + dangling
