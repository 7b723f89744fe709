"""Outcomes of the study: made of a register extract by declared rules, stored, listed, removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col, select

from quant import read_table
from quant.outcome_rules import OutcomeRules, load_rules, outcome_rules
from quant.outcomes import VALUE_COLUMNS, Outcomes, build
from workbench.errors import NotFoundError
from workbench.i18n import t
from workbench.services.files import GivenFile
from workbench.services.surveys import Nature, study_answers
from workbench.store import events
from workbench.store import numbers as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import OutcomeRow, SourceRow


@dataclass(frozen=True)
class OutcomesSource:
    """A stored register extract: what was made of it, by which rules, and whom the rules left out."""

    id: str
    file_name: str
    label: str
    nature: str
    rules: dict[str, Any]
    values: int
    excluded: list[dict[str, Any]]
    findings: dict[str, int]


def draft_outcomes(
    study: Study,
    records: GivenFile,
    rules: GivenFile | OutcomeRules,
    *,
    round: int | None = None,  # noqa: A002
) -> Outcomes:
    """Make outcomes of a register extract without storing them.

    rules : a .toml or .json file, or the rules themselves.
    round : the measurement that windows follow: the persons' last one of this round, or of all if None.
    Raises OutcomesError or AnswersError for files that cannot be used.
    """
    if isinstance(rules, GivenFile):
        rules = load_rules(rules.content, rules.name)
    return build(
        read_table(records.content, records.name), rules, measured=measurement_dates(study, round=round)
    )


def save_outcomes(
    study: Study,
    records: GivenFile,
    made: Outcomes,
    *,
    actor: str,
    nature: Nature = "measured",
    label: str = "",
) -> OutcomesSource:
    """Store the outcomes; an extract of the same name takes the place of the earlier one."""
    with study.write() as session:
        for old in _extracts(session, study.study_id):
            if old.file_name == records.name:
                store.remove_source(session, old)
        session.flush()
        source = SourceRow(
            study_id=study.study_id,
            kind="outcomes",
            file_name=records.name,
            sha256=records.sha256,
            label=label or records.name,
            nature=nature,
            mapping=made.rules.as_dict(),
            findings=[{"kind": kind} for kind, count in made.findings for _ in range(count)],
            flow=_excluded(made),
        )
        session.add(source)
        session.flush()
        rows = [
            OutcomeRow(study_id=study.study_id, source_id=source.id, **record).model_dump()
            for record in _records(made.frame)
        ]
        if rows:
            session.execute(sa.insert(OutcomeRow), rows)
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="outcomes.import",
            entity="source",
            entity_id=source.id,
            after={"file": records.name, "sha256": records.sha256, "outcomes": len(rows)},
        )
        stored = source.id
    return next(each for each in outcomes_sources(study) if each.id == stored)


def outcomes_sources(study: Study) -> list[OutcomesSource]:
    """The stored register extracts."""
    with study.read() as session:
        counted = select(OutcomeRow.source_id, sa.func.count()).where(OutcomeRow.study_id == study.study_id)
        found = session.exec(counted.group_by(col(OutcomeRow.source_id)))
        counts: dict[str, int] = {str(source): int(number) for source, number in found}
        return [
            OutcomesSource(
                id=row.id,
                file_name=row.file_name,
                label=row.label,
                nature=row.nature,
                rules=row.mapping,
                values=counts.get(row.id, 0),
                excluded=row.flow,
                findings=store.kinds_found(row),
            )
            for row in _extracts(session, study.study_id)
        ]


def _extracts(session: Session, study_id: str) -> list[SourceRow]:
    """Register extracts. Fulfilment of goals (`services.goals`) is stored beside them and is not theirs."""
    found = store.list_sources(session, study_id, kind="outcomes")
    return [source for source in found if "goals" not in source.mapping]


def study_outcomes(study: Study) -> pd.DataFrame:
    """All outcomes: subject, key, period, outcome, value, n."""
    with study.read() as session:
        wanted = select(*(getattr(OutcomeRow, name) for name in VALUE_COLUMNS))
        ours = [source.id for source in _extracts(session, study.study_id)]
        query = wanted.where(col(OutcomeRow.source_id).in_(ours)).order_by(
            col(OutcomeRow.outcome), col(OutcomeRow.key), col(OutcomeRow.period)
        )
        rows = [tuple(row) for row in session.exec(query)]
    return pd.DataFrame(rows, columns=list(VALUE_COLUMNS))


def person_outcomes(study: Study) -> pd.DataFrame:
    """Outcomes of persons: a row a person (index key), a column an outcome; with periods `x 2019Q2`."""
    frame = study_outcomes(study)
    frame = frame[frame["subject"] == "person"]
    names = frame["outcome"] + frame["period"].map(lambda period: f" {period}" if period else "")
    return frame.assign(outcome=names).pivot_table(
        index="key", columns="outcome", values="value", aggfunc="last", sort=False
    )


def remove_outcomes(study: Study, source_id: str, *, actor: str) -> None:
    """Take a register extract and its outcomes out of the study. Raises NotFoundError."""
    with study.write() as session:
        source = session.get(SourceRow, source_id)
        if source is None or source.study_id != study.study_id or source.kind != "outcomes":
            raise NotFoundError(t("errors.no_numbers_file", source=source_id))
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="outcomes.remove",
            entity="source",
            entity_id=source.id,
            before={"file": source.file_name, "sha256": source.sha256},
        )
        store.remove_source(session, source)


def rules_of(source: OutcomesSource) -> OutcomeRules:
    """The rules an extract was read with."""
    return outcome_rules(source.rules)


def measurement_dates(study: Study, *, round: int | None = None) -> pd.Series | None:  # noqa: A002
    """Date of the last questionnaire of each person (in one round, or of all); None without dated answers."""
    answers = study_answers(study)
    if answers is None:
        return None
    frame = answers.frame if round is None else answers.frame[answers.frame["round"] == round]
    dates = pd.to_datetime(frame["date"], errors="coerce").groupby(frame["person"]).max().dropna()
    return dates if len(dates) else None


def _excluded(made: Outcomes) -> list[dict[str, Any]]:
    counted = made.excluded.groupby(["outcome", "reason"], sort=False).size().rename("n").reset_index()
    return _records(counted)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
