"""Tables of a status note: level and change beside the others, goals by quarter, a goal's rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from quant import Instrument
from quant.goals import Goal
from quant.unit_comparison import reading
from workbench.display import Align, Cell, Column, CountCell, Kind, TableSpec, format_number
from workbench.i18n import Language, label, t
from workbench.services import note_sentences
from workbench.services.goals import StudyGoals

HIDDEN = "•"


def note_tables(
    comparison: pd.DataFrame,
    shares: pd.DataFrame,
    instrument: Instrument,
    goals: StudyGoals | None,
    unit: str,
    language: Language,
    *,
    least_base: int,
    rounds: tuple[int, ...],
) -> list[TableSpec]:
    """Level in the last round, change from the first, and goals by quarter, as far as there are any."""
    last = rounds[-1] if rounds else 0
    levels = comparison[(comparison["measure"] == "level") & (comparison["round"] == last)]
    changes = comparison[comparison["measure"] == "change"]
    tables = [
        _compared(levels, "level", instrument, unit, language, first=rounds[0] if rounds else 0, last=last)
    ]
    if not changes.empty:
        tables.append(_compared(changes, "change", instrument, unit, language, first=rounds[0], last=last))
    if goals is not None and not shares.empty:
        tables.append(_goals(shares, goals, unit, language, least_base=least_base))
    return tables


def printed_table(
    comparison: pd.DataFrame, instrument: Instrument, language: Language, *, rounds: tuple[int, ...]
) -> TableSpec:
    """Level and change in one table, as narrow as a page: the others without their interval."""
    first, last = (rounds[0], rounds[-1]) if rounds else (0, 0)
    measures = ("level", "change") if (comparison["measure"] == "change").any() else ("level",)
    columns = [Column("name", t("notes.dimension", language=language), weight=4.4)]
    for measure in measures:
        group = t(f"notes.{measure}_title", language=language, first=first, last=last)
        shape: tuple[tuple[str, Kind, float], ...] = (
            ("n", "integer", 0.85),
            ("mean", "decimal", 0.95),
            ("interval", "text", 1.9),
            ("others_n", "integer", 1.1),
            ("others_mean", "decimal", 1.1),
        )
        for key, kind, weight in shape:
            columns.append(
                Column(
                    f"{measure}_{key}",
                    t(f"notes.printed.{key}", language=language),
                    kind,
                    decimals=1 if kind == "decimal" else None,
                    align="right" if kind == "text" else None,
                    weight=weight,
                    group=group,
                    missing=HIDDEN,
                )
            )
    known = {
        (r["measure"], r["respondent"], r["name"]): r
        for r in comparison[comparison["round"] == last].to_dict("records")
    }
    cells: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for respondent in instrument.respondents:
        names = [
            name for name in _dimensions(instrument, respondent.id) if ("level", respondent.id, name) in known
        ]
        if names:
            sections.append((len(cells), label(respondent.label, language=language)))
        for name in names:
            parts = [_printed_part(known.get((m, respondent.id, name)), language) for m in measures]
            title = label(instrument.dimension_label(name), language=language)
            cells.append((title, *(cell for part in parts for cell in part)))
    return TableSpec(
        key="note_printed",
        title=t("notes.printed.title", language=language),
        columns=tuple(columns),
        rows=tuple(cells),
        sections=tuple(sections),
        language=language,
    )


def _printed_part(record: Mapping[Any, Any] | None, language: Language) -> tuple[Cell, ...]:
    if record is None:
        return (None,) * 5
    return (
        _count(record["n"]),
        _number(record["mean"]),
        _interval(record["ci_low"], record["ci_high"], language),
        _count(record["others_n"]),
        _number(record["others_mean"]),
    )


def _dimensions(instrument: Instrument, respondent: str) -> list[str]:
    return list(dict.fromkeys(i.dimension for i in instrument.items if i.respondent == respondent))


def shown_shares(shares: pd.DataFrame, least_base: int) -> pd.DataFrame:
    """Goal shares as far as they are given in per cent: not on a base of fewer than `least_base` persons."""
    shown = shares.copy()
    few = ~(shown["n"] >= least_base)
    shown.loc[few, ["share", "ci_low", "ci_high"]] = float("nan")
    shown.loc[~(shown["others_n"] >= least_base), "others_share"] = float("nan")
    return shown


def short_quarter(quarter: str, language: Language) -> str:
    """`2019Q2` as headings have it."""
    return t("notes.quarter_short", language=language, number=quarter[-1], year=quarter[:4])


def rule_text(goal: Goal, language: Language, *, strangers: int) -> str:
    """How a goal is measured: the rule, and who stands in the denominator."""
    text = t(
        f"notes.rule_{goal.period}",
        language=language,
        goal=label(goal.label, language=language),
        at_least=goal.at_least,
        of=goal.of,
        recorded=goal.least_recorded,
        statuses=", ".join(goal.statuses),
    )
    return f"{text} {t('notes.rule_strangers', language=language, n=strangers)}" if strangers else text


def _compared(
    rows: pd.DataFrame,
    measure: str,
    instrument: Instrument,
    unit: str,
    language: Language,
    *,
    first: int,
    last: int,
) -> TableSpec:
    others = t("notes.others", language=language)
    columns = [Column("name", t("notes.dimension", language=language), weight=3.0)]
    for side, group in (("", unit), ("others_", others)):
        columns += [
            Column(
                f"{side}n",
                t("notes.n", language=language),
                "integer",
                group=group,
                missing=HIDDEN,
                weight=0.8,
            ),
            Column(
                f"{side}mean",
                t(f"notes.{measure}", language=language),
                "decimal",
                decimals=1,
                group=group,
                missing=HIDDEN,
                weight=1.0,
            ),
            Column(
                f"{side}interval",
                t("notes.interval", language=language),
                "text",
                group=group,
                missing=HIDDEN,
                weight=1.5,
                align="right",
            ),
        ]
    columns.append(Column("reading", t("notes.reading", language=language), weight=1.9))
    cells: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for respondent in instrument.respondents:
        mine = rows[rows["respondent"] == respondent.id]
        if not mine.empty:
            sections.append((len(cells), label(respondent.label, language=language)))
        order = _dimensions(instrument, respondent.id)
        records = sorted(mine.to_dict("records"), key=lambda record: order.index(str(record["name"])))
        cells += [_compared_row(record, instrument, language) for record in records]
    return TableSpec(
        key=f"note_{measure}",
        title=t(f"notes.{measure}_title", language=language, first=first, last=last),
        columns=tuple(columns),
        rows=tuple(cells),
        sections=tuple(sections),
        language=language,
    )


def _compared_row(record: Mapping[Any, Any], instrument: Instrument, language: Language) -> tuple[Cell, ...]:
    name = label(instrument.dimension_label(str(record["name"])), language=language)
    told = reading(record["difference_low"], record["difference_high"])
    return (
        name,
        _count(record["n"]),
        _number(record["mean"]),
        _interval(record["ci_low"], record["ci_high"], language),
        _count(record["others_n"]),
        _number(record["others_mean"]),
        _interval(record["others_ci_low"], record["others_ci_high"], language),
        HIDDEN if pd.isna(record["mean"]) else t(f"notes.read_{told}", language=language),
    )


def printed_goals(
    shares: pd.DataFrame, names: Mapping[str, str], unit: str, language: Language, *, least_base: int
) -> TableSpec:
    """The goals in one quarter, a row a goal; the quarters before it stand in the figure."""
    records = shown_shares(shares, least_base).to_dict("records")
    when = note_sentences.quarter_name(str(records[0]["quarter"]), language) if records else ""
    first = Column("goal", t("notes.goal", language=language), weight=3.6)
    return TableSpec(
        key="note_goals_printed",
        title=t("notes.goals_in", language=language, quarter=when),
        columns=(first, *_goal_columns(unit, language)),
        rows=tuple((names[str(r["goal"])], *_goal_row(r, language)) for r in records),
        language=language,
    )


def _goals(
    shares: pd.DataFrame, goals: StudyGoals, unit: str, language: Language, *, least_base: int
) -> TableSpec:
    shown = shown_shares(shares, least_base)
    cells: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for goal in goals.goals:
        mine = shown[shown["goal"] == goal.id].to_dict("records")
        if mine:
            sections.append((len(cells), label(goal.label, language=language)))
        cells += [(short_quarter(str(r["quarter"]), language), *_goal_row(r, language)) for r in mine]
    return TableSpec(
        key="note_goals",
        title=t("notes.goals_title", language=language),
        columns=(
            Column("quarter", t("notes.quarter_column", language=language), weight=1.2),
            *_goal_columns(unit, language),
        ),
        rows=tuple(cells),
        sections=tuple(sections),
        language=language,
    )


def _goal_columns(unit: str, language: Language) -> tuple[Column, ...]:
    def column(key: str, title: str, kind: Kind = "text", *, group: str = "", weight: float = 0.9) -> Column:
        align: Align | None = "right" if kind == "text" else None
        return Column(key, title, kind, group=group, missing=HIDDEN, weight=weight, align=align)

    count, others = t("notes.n", language=language), t("notes.others", language=language)
    return (
        column("count", count, group=unit, weight=1.1),
        column("percent", "", "percent", group=unit),
        column("interval", t("notes.interval", language=language), group=unit, weight=1.4),
        column("others_n", count, "integer", group=others),
        column("others_percent", "", "percent", group=others),
        Column("target", t("notes.target", language=language), "percent", missing="–", weight=1.1),
        Column("reached", t("notes.reached", language=language), missing=HIDDEN, weight=0.9),
    )


def _goal_row(record: Mapping[Any, Any], language: Language) -> tuple[Cell, ...]:
    known, target = not pd.isna(record["k"]), record["target"]
    count = CountCell(int(record["k"]), int(record["n"])) if known else None
    reached: str | None = None
    if known:
        share = record["k"] / record["n"]
        reached = (
            "–" if pd.isna(target) else t(f"notes.{'yes' if share >= target else 'no'}", language=language)
        )
    return (
        count,
        _times_100(record["share"]),
        _interval(100 * record["ci_low"], 100 * record["ci_high"], language, decimals=0),
        _count(record["others_n"]),
        _times_100(record["others_share"]),
        _times_100(target),
        reached,
    )


def _count(value: float) -> int | None:
    return None if pd.isna(value) else int(value)


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _times_100(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else 100 * float(value)


def _interval(low: float, high: float, language: Language, *, decimals: int = 1) -> str | None:
    if pd.isna(low) or pd.isna(high):
        return None
    return t(
        "notes.from_to",
        language=language,
        low=format_number(low, decimals, language),
        high=format_number(high, decimals, language),
    )
