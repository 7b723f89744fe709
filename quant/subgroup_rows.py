"""The rows of each subgroup of a panel, in memory or in the engine that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from quant.effect_results import period_name
from quant.errors import EffectError
from quant.panel_refusals import listed

MAX_SUBGROUPS = 100


@dataclass(frozen=True)
class Subgroup:
    """One value of a column, and the panel's rows that have it."""

    column: str
    value: Any
    rows: Any

    @property
    def key(self) -> tuple[str, Any]:
        """What the subgroup is found by."""
        return self.column, self.value


def find_subgroups(panel: Any, columns: Sequence[str], unit: str | None) -> list[Subgroup]:
    """The subgroups that the columns make, in the order of their values; rows without a value are in none.

    unit : column whose units must each stay in one subgroup; None where that does not matter.

    Raises EffectError if a column is missing, has one value or more than 100, or changes within units.
    """
    if isinstance(panel, pd.DataFrame):
        return [part for column in columns for part in _of_frame(panel, column, unit)]
    return [part for column in columns for part in _of_table(panel, column, unit)]


def _of_frame(panel: pd.DataFrame, column: str, unit: str | None) -> list[Subgroup]:
    _check_known(column, list(panel.columns))
    seen = panel[column]
    ordered = isinstance(seen.dtype, pd.CategoricalDtype) and seen.cat.ordered
    values = (
        seen.cat.remove_unused_categories().cat.categories.tolist() if ordered else seen.dropna().unique()
    )
    values = list(values) if ordered else _sorted(pd.Series(values).tolist())
    _check_number(column, values)
    if unit is not None and unit in panel.columns:
        _check_constant(column, unit, int((panel.groupby(unit)[column].nunique() > 1).sum()))
    return [Subgroup(column, value, panel[seen == value]) for value in values]


def _of_table(panel: Any, column: str, unit: str | None) -> list[Subgroup]:
    from quant.effect_tables import EngineTable, open_table

    engine = open_table(panel)
    table = engine.table
    _check_known(column, list(table.columns))
    found = engine.run(table.select(column).distinct().limit(MAX_SUBGROUPS + 2))[column]
    values = _sorted(found.dropna().tolist())
    _check_number(column, values)
    if unit is not None and unit in table.columns:
        by_unit = table.group_by(unit).agg(values=table[column].nunique())
        changing = engine.run(by_unit.agg(found=(by_unit["values"] > 1).sum()))
        _check_constant(column, unit, int(changing["found"].iloc[0] or 0))
    return [
        Subgroup(column, value, EngineTable(table.filter(table[column] == value), engine.run))
        for value in values
    ]


def _sorted(values: list[Any]) -> list[Any]:
    try:
        return sorted(values)
    except TypeError:  # numbers beside text
        return sorted(values, key=str)


def _check_known(column: str, known: list[Any]) -> None:
    if column not in known:
        raise EffectError(
            "there is no column '{column}'; the columns are: {known}",
            reason="effect_unknown_column",
            column=column,
            known=listed(known),
        )


def _check_number(column: str, values: list[Any]) -> None:
    if not 2 <= len(values) <= MAX_SUBGROUPS:
        raise EffectError(
            "subgroups need a column with 2 to {most} values; '{column}' has {found}, such as {example}",
            reason="subgroup_number",
            most=MAX_SUBGROUPS,
            column=column,
            found=len(values) if len(values) <= MAX_SUBGROUPS else f"{MAX_SUBGROUPS}+",
            example=period_name(values[0]) if values else "-",
        )


def _check_constant(column: str, unit: str, changing: int) -> None:
    if changing:
        raise EffectError(
            "'{column}' changes within {found} unit(s) of '{unit}'; take the value before the start, so that "
            "the treatment cannot have changed it",
            reason="subgroup_changes",
            column=column,
            found=changing,
            unit=unit,
        )
