"""Queries on analyses kept with the study, and the hash of the data that an analysis was made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from workbench.store.numbers import get_instrument, list_sources
from workbench.store.tables import AnalysisRow

ANSWERS = "answers"


def list_analyses(session: Session, study_id: str, *, kind: str | None = None) -> list[AnalysisRow]:
    """The analyses kept, oldest first."""
    query = select(AnalysisRow).where(AnalysisRow.study_id == study_id)
    if kind is not None:
        query = query.where(AnalysisRow.kind == kind)
    return list(session.exec(query.order_by(col(AnalysisRow.created_at), col(AnalysisRow.title))))


def find_analysis(session: Session, study_id: str, kind: str, title: str) -> AnalysisRow | None:
    """The analysis of that kind and title, None if there is none."""
    return session.exec(
        select(AnalysisRow).where(
            AnalysisRow.study_id == study_id, AnalysisRow.kind == kind, AnalysisRow.title == title
        )
    ).first()


def data_basis(session: Session, study_id: str, reads: Sequence[str]) -> str:
    """A hash of the sources of these kinds: their files and how they are read.

    A file imported again unchanged gives the same hash. Answers are read with the questionnaire, so its
    items, scales and factors are part of it, their wording is not; nor are goals, which no analysis reads.
    """
    parts: list[object] = [
        [kind, source.sha256, source.mapping]
        for kind in sorted(set(reads))
        for source in list_sources(session, study_id, kind=kind)
        if "goals" not in source.mapping
    ]
    instrument = get_instrument(session, study_id)
    if ANSWERS in reads and instrument is not None:
        parts.append(_without_words(instrument.content))
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _without_words(content: Mapping[str, Any]) -> dict[str, Any]:
    """What of a questionnaire decides how answers are read."""
    items = [
        {name: value for name, value in item.items() if name not in ("label", "wording")}
        for item in content.get("items", ())
    ]
    return {"items": items, **{name: content.get(name) for name in ("factors", "rules", "variants")}}
