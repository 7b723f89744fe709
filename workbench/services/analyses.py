"""Analyses kept with the study: declaration, result and whether the data have changed since.

For regressions, indices and effect estimates alike; what a kind means is known to the module that saves it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from workbench.errors import InvalidRequestError, NotFoundError
from workbench.i18n import t
from workbench.store import analyses as store
from workbench.store import events
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import AnalysisRow, now

Kind = Literal["regression", "index", "effect", "synthetic_control"]
LAST_RUN = ""
ENTITY, RUN_ENTITY = "analysis", "analysis_run"


@dataclass(frozen=True)
class Analysis:
    """One analysis kept.

    title : "" for the last one run of its kind, which nobody has named.
    spec, result : JSON values, as the kind has them.   reads : kinds of sources it was made of.
    stale : whether these sources have changed since; False where the data lie outside the study.
    """

    id: str
    kind: str
    title: str
    spec: dict[str, Any]
    result: dict[str, Any]
    reads: tuple[str, ...]
    created_at: datetime
    stale: bool

    def as_dict(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return {**vars(self), "reads": list(self.reads), "created_at": self.created_at.isoformat()}


def save_analysis(
    study: Study,
    kind: Kind,
    *,
    title: str,
    spec: Mapping[str, Any],
    actor: str,
    result: Mapping[str, Any] | None = None,
    reads: Sequence[str] = (),
    basis: str = "",
) -> Analysis:
    """Keep an analysis; one of the same kind and title takes the place of the earlier one.

    title : what it is called; LAST_RUN for the last one run, which undo does not touch.
    spec, result : whatever `json` can write, and dates, numpy numbers and NaN (kept as null).
    reads : the kinds of sources ("answers", "outcomes", "estimates") whose change makes it stale.
    basis : the hash of data outside the study, where `reads` is empty.
    """
    with study.write() as session:
        row = store.find_analysis(session, study.study_id, kind, title)
        before = events.snapshot(row) if row is not None else None
        row = row or AnalysisRow(study_id=study.study_id, kind=kind, title=title)
        row.spec, row.result = plain(spec), plain(result or {})
        row.reads = list(reads)
        row.basis = store.data_basis(session, study.study_id, reads) if reads else basis
        row.created_at = now()
        session.add(row)
        session.flush()
        named = title != LAST_RUN
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="analysis.save" if named else "analysis.run",
            entity=ENTITY if named else RUN_ENTITY,
            entity_id=row.id,
            before=before if named else None,
            after=events.snapshot(row) if named else {"kind": kind, "spec": row.spec},
        )
        return _analysis(row, stale=False)


def list_analyses(study: Study, kind: Kind | None = None) -> list[Analysis]:
    """The analyses kept, oldest first; the last run of a kind is among them."""
    with study.read() as session:
        rows = store.list_analyses(session, study.study_id, kind=kind)
        present = {
            reads: store.data_basis(session, study.study_id, reads)
            for reads in {tuple(row.reads) for row in rows if row.reads}
        }
    return [_analysis(row, stale=present.get(tuple(row.reads), row.basis) != row.basis) for row in rows]


def reported(study: Study, kind: Kind) -> list[Analysis]:
    """What a report prints of a kind: the named ones, or the last run where none has a name."""
    found = list_analyses(study, kind)
    return [each for each in found if each.title != LAST_RUN] or found


def present_basis(study: Study, reads: Sequence[str]) -> str:
    """The hash of the sources of these kinds as they are today."""
    with study.read() as session:
        return store.data_basis(session, study.study_id, reads)


def remove_analysis(study: Study, kind: Kind, title: str, *, actor: str) -> None:
    """Let go of an analysis. Raises NotFoundError, naming those there are."""
    with study.write() as session:
        row = store.find_analysis(session, study.study_id, kind, title)
        if row is None:
            known = [each.title for each in store.list_analyses(session, study.study_id, kind=kind)]
            raise NotFoundError(
                t("errors.no_such_analysis", title=title, known=", ".join(filter(None, known)) or "–")
            )
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="analysis.remove",
            entity=ENTITY,
            entity_id=row.id,
            before=events.snapshot(row),
        )
        session.delete(row)


def checked_title(title: str) -> str:
    """A title without spaces around it. Raises InvalidRequestError if nothing is left."""
    if not title.strip():
        raise InvalidRequestError(t("errors.analysis_without_title"))
    return title.strip()


def plain(value: Any) -> Any:
    """A value as JSON: numpy numbers as numbers, NaN and infinity as None, dates in ISO form."""
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(entry) for entry in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _analysis(row: AnalysisRow, *, stale: bool) -> Analysis:
    return Analysis(
        id=row.id,
        kind=row.kind,
        title=row.title,
        spec=row.spec,
        result=row.result,
        reads=tuple(row.reads),
        created_at=row.created_at,
        stale=stale,
    )
