"""Guesses that spare typing: which column of a panel holds what, windows by year, a pretended start."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from quant.effect_results import period_name
from quant.panel_rules import PERIOD, START, TREATED
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services.effect_runs import PanelFile, panel_columns

MOST_PERIODS, MOST_UNITS = 400, 2000
MOST_OUTCOMES = 3
NAMES: Mapping[str, tuple[str, ...]] = {
    "time": ("quarter", "kvartal", "period", "periode", "year", "år", "month", "måned", "time", "tid", "t"),
    "treated": ("treated", "indsats", "treatment", "behandlet", "intervention", "treat", "d"),
    "unit": ("person", "person_id", "id", "unit", "enhed", "pnr", "state", "county", "country", "region"),
    "cluster": ("municipality", "kommune", "cluster", "klynge", "school", "skole", "firm", "virksomhed"),
    "start": ("start", "first_treated", "first.treat", "cohort", "kohorte", "gvar"),
}
_YEAR = re.compile(r"(?:^|\D)(\d{4})(?:\D|$)")


@dataclass(frozen=True)
class ColumnGuess:
    """The most likely column for each part of a declaration; None where none is likely."""

    time: str | None
    treated: str | None
    unit: str | None
    cluster: str | None
    start: str | None
    outcomes: tuple[str, ...]


def guess_columns(panel: PanelFile) -> ColumnGuess:
    """Columns by their usual names; outcomes are the numbers that no other part takes.

    A unit is guessed only where it has one row a period, as it would be refused otherwise.
    """
    columns = panel_columns(panel)
    found = {part: _named(columns, names) for part, names in NAMES.items()}
    outcomes = _outcomes_as_built(columns)
    if outcomes:
        found |= {"unit": columns[0], "time": PERIOD, "treated": TREATED}
        return ColumnGuess(outcomes=outcomes[:MOST_OUTCOMES], **found)
    if found["unit"] is None:
        found["unit"] = found["cluster"]
    if isinstance(panel.rows, pd.DataFrame) and found["unit"] and found["time"]:
        rows = panel.rows[[found["unit"], found["time"]]]
        if rows.duplicated().any():
            found["unit"] = None
    taken = {name for name in found.values() if name is not None}
    numbers = _numbers(panel)
    outcomes = tuple(name for name in columns if name in numbers and name not in taken)
    return ColumnGuess(outcomes=outcomes[:MOST_OUTCOMES], **found)


def _outcomes_as_built(columns: Sequence[str]) -> tuple[str, ...]:
    """What stands between period and treated in a panel that `quant.panel_building` made; else nothing."""
    place = list(columns).index(TREATED) if TREATED in columns else 0
    if columns[1:2] != [PERIOD] or columns[place + 1 : place + 2] != [START]:
        return ()
    return tuple(columns[2:place])


def periods_of(panel: PanelFile, time: str) -> list[str]:
    """The periods of a panel as text, in order. Raises InvalidRequestError for a column with too many."""
    values = _distinct(panel, time)
    if not 2 <= len(values) <= MOST_PERIODS:
        raise InvalidRequestError(
            t("errors.no_periods_column", column=time, found=len(values), most=MOST_PERIODS)
        )
    return [period_name(value) for value in values]


def guess_start(panel: PanelFile, periods: Sequence[str], time: str, treated: str | None) -> str:
    """The first period in which units become treated, as far as the columns tell; else two thirds in."""
    if isinstance(panel.rows, pd.DataFrame):
        start = _named([str(name) for name in panel.rows.columns], NAMES["start"])
        found = [] if start is None else _periods_among(panel.rows[start], periods)
        if not found and treated is not None and treated in panel.rows.columns:
            found = _periods_among(panel.rows.loc[panel.rows[treated] == 1, time], periods)
        if found and found[0] != periods[0]:
            return found[0]
    return periods[len(periods) * 2 // 3]


def _periods_among(values: pd.Series, periods: Sequence[str]) -> list[str]:
    known = {period_name(value) for value in values.dropna().unique()}
    return [period for period in periods if period in known]


def units_of(panel: PanelFile, unit: str) -> list[str]:
    """The units of a panel as text, in order; the first MOST_UNITS of very many."""
    return [str(value) for value in _distinct(panel, unit, most=MOST_UNITS)][:MOST_UNITS]


def has_repeated_rows(panel: PanelFile, unit: str, time: str) -> bool:
    """Whether a unit has several rows in a period, so that rows are persons of it."""
    if isinstance(panel.rows, pd.DataFrame):
        return bool(panel.rows.duplicated([unit, time]).any())
    from quant.effect_tables import open_table

    opened = open_table(panel.rows)
    keys = opened.table.select(unit, time)
    rows = opened.run(keys.aggregate(rows=keys.count()))["rows"].iloc[0]
    different = keys.distinct()
    return bool(rows > opened.run(different.aggregate(rows=different.count()))["rows"].iloc[0])


def windows_by_year(periods: Sequence[str], start: str) -> dict[str, tuple[str, ...]]:
    """The periods from the start on by their calendar year; none where periods are years or have none."""
    after = periods[list(periods).index(start) :] if start in periods else []
    years: dict[str, list[str]] = {}
    for period in after:
        year = _YEAR.search(period)
        if year is None:
            return {}
        years.setdefault(year[1], []).append(period)
    if len(years) < 2 or all(len(window) == 1 for window in years.values()):
        return {}
    return {year: tuple(window) for year, window in years.items()}


def pretended_start(periods: Sequence[str], start: str) -> tuple[str, ...]:
    """The middle of the time before the start; none where it is too short."""
    before = list(periods).index(start) if start in periods else 0
    return (periods[before // 2],) if before >= 2 else ()


def _named(columns: Sequence[str], names: Sequence[str]) -> str | None:
    plain = {column.lower(): column for column in columns}
    return next((plain[name] for name in names if name in plain), None)


def _numbers(panel: PanelFile) -> set[str]:
    if isinstance(panel.rows, pd.DataFrame):
        kinds = panel.rows.dtypes
        return {str(name) for name in panel.rows.columns if pd.api.types.is_numeric_dtype(kinds[name])}
    from quant.effect_tables import open_table

    schema = open_table(panel.rows).table.schema()
    return {name for name, kind in schema.items() if kind.is_numeric()}


def _distinct(panel: PanelFile, column: str, *, most: int = MOST_PERIODS) -> list[Any]:
    if isinstance(panel.rows, pd.DataFrame):
        values = list(pd.unique(panel.rows[column].dropna()))
    else:
        from quant.effect_tables import open_table

        opened = open_table(panel.rows)
        wanted = opened.table.select(column).distinct().limit(most + 2)
        values = list(opened.run(wanted)[column].dropna())
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=str)
