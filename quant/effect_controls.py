"""Fewer controls: of the untreated units only those named, such as the donors of a synthetic control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from quant.errors import EffectError
from quant.panel_refusals import listed


def keep_controls(panel: Any, controls: Sequence[str], *, column: str, treated: str) -> Any:
    """The panel with all treated units, and of the others only those named.

    panel : a frame, the path of a file, or a table of an engine.
    column : whose values `controls` names, as text.

    Returns a frame for a frame, else a table of the engine. Raises EffectError for names that the column does
    not have, or that belong to treated units.
    """
    if isinstance(panel, pd.DataFrame):
        for name in (column, treated):
            if name not in panel.columns:
                _refuse_column(name, list(panel.columns))
        ever = panel.groupby(column)[treated].max()
        dropped = _dropped(ever, controls, column)
        return panel[~panel[column].isin(dropped)]
    from quant.effect_tables import EngineTable, open_table

    opened = open_table(panel)
    for name in (column, treated):
        if name not in opened.table.columns:
            _refuse_column(name, list(opened.table.columns))
    grouped = opened.table.group_by(column).aggregate(ever=opened.table[treated].max())
    ever = opened.run(grouped).set_index(column)["ever"]
    dropped = _dropped(ever, controls, column)
    return EngineTable(opened.table.filter(~opened.table[column].isin(dropped)), opened.run)


def _dropped(ever: pd.Series, controls: Sequence[str], column: str) -> list[Any]:
    """Values of the column that are neither treated nor named."""
    untreated = {str(value): value for value in ever.index[ever.astype(float) == 0]}
    unknown = [name for name in controls if name not in untreated]
    if unknown:
        raise EffectError(
            "'{column}' has no untreated unit {unknown}; its untreated ones are: {known}",
            reason="effect_unknown_controls",
            column=column,
            unknown=listed(unknown),
            known=listed(sorted(untreated)),
        )
    return [value for name, value in untreated.items() if name not in set(controls)]


def _refuse_column(name: str, known: list[Any]) -> None:
    raise EffectError(
        "there is no column '{column}'; the columns are: {known}",
        reason="effect_unknown_column",
        column=name,
        known=listed(known),
    )
