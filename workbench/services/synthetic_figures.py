"""Figures of synthetic controls: the treated unit beside its synthetic one, and its gap before placebos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench.figures import Figure, gap_plot, trends_plot
from workbench.i18n import t
from workbench.services.synthetic_runs import POOR
from workbench.services.synthetic_tables import SyntheticTables

Unit = Mapping[str, Any]


def path_figure(tables: SyntheticTables, unit: Unit) -> Figure:
    """The treated unit beside its synthetic control, by period."""
    synthetic = t("synthetic.synthetic", language=tables.language)
    names = {"treated": str(unit["treated_unit"]), "synthetic": synthetic}
    means = pd.DataFrame(
        [
            {"period": str(row["period"]), "series": name, "value": row[key]}
            for key, name in names.items()
            for row in unit["path"]
        ]
    )
    return trends_plot(
        means,
        title=tables.title("path", unit),
        start=str(unit["start"]),
        language=tables.language,
        y_title=tables.outcome,
        decimals=tables.decimals(),
        source=tables.source(),
        key=f"synthetic_path_{unit['treated_unit']}",
    )


def gap_figure(tables: SyntheticTables, unit: Unit) -> Figure:
    """The gap of the treated unit with its prediction intervals, before the gaps of the placebo units."""
    treated = str(unit["treated_unit"])
    rows = [{"period": str(row["period"]), "unit": treated, "gap": row["gap"]} for row in unit["path"]]
    rows += [row for row in unit["placebo_gaps"] if row["unit"] != treated]
    gaps = pd.DataFrame(rows)
    intervals = {str(row["period"]): row for row in (unit["intervals"] or {}).get("table", ())}
    for end in ("ci_low", "ci_high"):
        gaps[end] = [
            intervals.get(period, {}).get(end) if name == treated else None
            for period, name in zip(gaps["period"], gaps["unit"], strict=True)
        ]
    return gap_plot(
        gaps.astype({"gap": float, "ci_low": float, "ci_high": float}),
        title=tables.title("gap", unit),
        treated=treated,
        start=str(unit["start"]),
        interpretable=unit["fit"] != POOR,
        language=tables.language,
        decimals=tables.decimals(),
        source=tables.source(),
    )
