"""Goals of a study: read with the register records they are measured on, kept as fulfilment by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import select

from quant.goal_files import goal_as_dict, goal_from_dict, parse_goals
from quant.goals import FULFILMENT_COLUMNS, Goal, fulfilment, register_periods
from quant.tables import read_table
from quant.unit_comparison import unit_name
from workbench.display import Column, CountCell, TableSpec
from workbench.errors import InvalidRequestError
from workbench.i18n import Language, label, t
from workbench.services.files import GivenFile
from workbench.services.surveys import Nature, require_answers
from workbench.store import events
from workbench.store import numbers as store
from workbench.store.engine import StudyStore as Study
from workbench.store.tables import OutcomeRow, SourceRow

COLUMN_WORDS = {
    "person": ("person", "borger", "borger_id", "person_id", "citizen", "id", "key", "pnr"),
    "period": ("period", "periode", "week", "uge", "month", "måned", "maaned", "date", "dato"),
    "status": ("status", "kode", "code", "ydelse", "tilstand", "state"),
}


@dataclass(frozen=True)
class StudyGoals:
    """The goals of a study and how far each person fulfils them.

    fulfilment : frame with `quant.goals.FULFILMENT_COLUMNS`; only persons with answers are kept.
    strangers : persons of the register without answers, who are left out.
    """

    goals: tuple[Goal, ...]
    fulfilment: pd.DataFrame
    label: str
    nature: str
    register: str
    strangers: int

    def quarters(self) -> tuple[str, ...]:
        """Quarters in which somebody counts, in order."""
        counted = self.fulfilment[self.fulfilment["counted"]]
        return tuple(sorted(counted["quarter"].unique()))


def import_goals(
    study: Study,
    goals: GivenFile,
    register: GivenFile,
    *,
    actor: str,
    nature: Nature = "measured",
    label: str = "",
    columns: dict[str, str] | None = None,
) -> StudyGoals:
    """Measure the goals of a file on the records of another; they take the place of those there were.

    columns : the register's columns for "person", "period" and "status"; known by their names if None.
    Raises OutcomesError, AnswersError (a file that is no table), InvalidRequestError (nobody of the register
    has answers); what was there stays.
    """
    wanted = parse_goals(goals.content, goals.name)
    table = read_table(register.content, register.name)
    named = {**_guess_columns(list(table.columns)), **(columns or {})}
    records, kind = register_periods(table, **named)
    known = {unit_name(key) for key in require_answers(study).persons.index}
    mine = records[records["person"].isin(known)]
    if mine.empty:
        raise InvalidRequestError(t("errors.goals_no_person", file=register.name))
    met = fulfilment(mine, wanted, kind)
    strangers = records["person"].nunique() - mine["person"].nunique()
    _store(study, wanted, met, goals, register, strangers, actor=actor, nature=nature, label=label)
    found = study_goals(study)
    assert found is not None
    return found


def study_goals(study: Study) -> StudyGoals | None:
    """The goals of the study with their fulfilment; None before any are imported."""
    with study.read() as session:
        sources = _goal_sources(store.list_sources(session, study.study_id, kind="outcomes"))
        if not sources:
            return None
        source = sources[-1]
        rows = session.exec(select(OutcomeRow).where(OutcomeRow.source_id == source.id)).all()
        mapping, label, nature = dict(source.mapping), source.label, source.nature
    records = [
        (row.key, row.outcome, row.period, row.n, row.value is not None, row.value == 1.0) for row in rows
    ]
    return StudyGoals(
        goals=tuple(goal_from_dict(entry) for entry in mapping["goals"]),
        fulfilment=pd.DataFrame(records, columns=list(FULFILMENT_COLUMNS)),
        label=label,
        nature=nature,
        register=mapping["register"],
        strangers=mapping["strangers"],
    )


def _goal_sources(sources: Sequence[SourceRow]) -> list[SourceRow]:
    """Register outcomes of other kinds are kept as sources too: only those with goals are ours."""
    return [source for source in sources if "goals" in source.mapping]


def _store(
    study: Study,
    goals: Sequence[Goal],
    met: pd.DataFrame,
    goals_file: GivenFile,
    register: GivenFile,
    strangers: int,
    *,
    actor: str,
    nature: str,
    label: str,
) -> None:
    with study.write() as session:
        for old in _goal_sources(store.list_sources(session, study.study_id, kind="outcomes")):
            store.remove_source(session, old)
        session.flush()
        source = SourceRow(
            study_id=study.study_id,
            kind="outcomes",
            file_name=register.name,
            sha256=register.sha256,
            label=label or register.name,
            nature=nature,
            mapping={
                "goals": [goal_as_dict(goal) for goal in goals],
                "goals_file": goals_file.name,
                "register": register.name,
                "strangers": int(strangers),
            },
        )
        session.add(source)
        session.flush()
        session.execute(
            sa.insert(OutcomeRow), [_row(study.study_id, source.id, r) for r in met.to_dict("records")]
        )
        events.record(
            session,
            study.study_id,
            actor=actor,
            action="goals.import",
            entity="source",
            entity_id=source.id,
            after={"file": register.name, "goals": [goal.id for goal in goals], "rows": len(met)},
        )


def _row(study_id: str, source_id: str, record: dict[Any, Any]) -> dict[str, Any]:
    return OutcomeRow(
        study_id=study_id,
        source_id=source_id,
        key=str(record["person"]),
        period=str(record["quarter"]),
        outcome=str(record["goal"]),
        value=float(record["fulfilled"]) if record["counted"] else None,
        n=int(record["recorded"]),
    ).model_dump()


def _guess_columns(columns: Sequence[Any]) -> dict[str, str]:
    """The register's columns by their usual names; the name itself where none is known, for the complaint."""
    present = {str(column).strip().lower(): str(column) for column in columns}
    return {
        part: next((present[word] for word in words if word in present), part)
        for part, words in COLUMN_WORDS.items()
    }


def goals_as_dict(found: StudyGoals) -> dict[str, Any]:
    """The goals with what each quarter counts, as JSON values."""
    return {
        "goals": [goal_as_dict(goal) for goal in found.goals],
        "register": found.register,
        "label": found.label,
        "nature": found.nature,
        "strangers": found.strangers,
        "quarters": [
            {"goal": goal, "quarter": quarter, "n": n, "k": k} for goal, quarter, n, k in _counts(found)
        ],
    }


def goals_table(found: StudyGoals, *, language: Language) -> TableSpec:
    """All persons' fulfilment by goal and quarter: number counted and number that fulfil the goal."""
    names = {goal.id: label(goal.label, language=language) for goal in found.goals}
    nature = t(f"surveys.nature.{found.nature}", language=language).lower()
    return TableSpec(
        key="goals",
        title=t("notes.goals_title", language=language),
        columns=(
            Column("goal", t("notes.goal", language=language), weight=4),
            Column("quarter", t("notes.quarter_column", language=language), weight=1.2),
            Column("count", t("notes.count", language=language), align="right", weight=1.2),
        ),
        rows=tuple((names[goal], quarter, CountCell(k, n)) for goal, quarter, n, k in _counts(found)),
        source=f"{found.label} ({nature})",
        language=language,
    )


def _counts(found: StudyGoals) -> list[tuple[str, str, int, int]]:
    counted = found.fulfilment[found.fulfilment["counted"]]
    grouped = counted.groupby(["goal", "quarter"], sort=True)["fulfilled"].agg(["size", "sum"])
    return [(str(goal), str(quarter), int(n), int(k)) for (goal, quarter), n, k in grouped.itertuples()]
