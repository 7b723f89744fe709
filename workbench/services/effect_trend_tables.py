"""Tables of the trends before the start: what their test could see, and effects if they were not parallel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.display import Cell, Column, TableSpec, format_number
from workbench.i18n import t
from workbench.services.effect_run_tables import PERCENT, PLACES, EffectTables, Outcome


def power_table(tables: EffectTables) -> TableSpec | None:
    """What violation of parallel trends the test before the start would have seen; None without one."""
    rows, sections = tables.sectioned("power")
    if not rows:
        return None
    slope, bias = tables.t("power.trend"), tables.t("power.bias")
    cells: list[tuple[Cell, ...]] = [
        (
            tables.t(f"power.{row['test']}"), 100 * row["power"], row["slope"], row["slope_percent"],
            row["bias_average"], row["bias_average_percent"],
        )
        for row in rows
    ]  # fmt: skip
    return TableSpec(
        key="effects_power",
        title=tables.t("title.power"),
        columns=(
            Column("test", tables.t("power.test"), weight=2.2),
            Column("power", tables.t("power.power"), kind="percent"),
            Column("slope", tables.t("power.units"), kind="decimal", decimals=4, group=slope),
            Column("slope_percent", tables.t("power.of_mean"), group=slope, **PERCENT),
            Column("bias", tables.t("power.units"), kind="decimal", decimals=4, group=bias),
            Column("bias_percent", tables.t("power.of_mean"), group=bias, **PERCENT),
        ),
        rows=tuple(cells),
        sections=sections,
        notes=(tables.t("power.note"), *tables.told("pretrend_weak")),
        source=tables.source(),
        language=tables.language,
    )


def sensitivity_table(tables: EffectTables) -> TableSpec | None:
    """Effects under departures from parallel trends; None where none was asked for."""
    bounded = [each for each in tables.found.outcomes if each["sensitivity"]]
    if not bounded:
        return None
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for each in bounded:
        for found in each["sensitivity"]:
            sections.append((len(rows), f"{tables.outcome(each)}: {_restriction(tables, found)}"))
            parallel = tables.t("sensitivity.parallel")
            rows.append((parallel, found["ci_low"], found["ci_high"], _zero(tables, found)))
            for row in found["table"]:
                bound = format_number(row["bound"], 3, tables.language)
                rows.append((bound, row["ci_low"], row["ci_high"], _zero(tables, row)))
    interval = tables.t("sensitivity.interval")
    return TableSpec(
        key="effects_sensitivity",
        title=tables.t("title.sensitivity"),
        columns=(
            Column("bound", tables.t("sensitivity.bound"), weight=2.0),
            Column("ci_low", t("effects.from", language=tables.language), group=interval, **PLACES),
            Column("ci_high", t("effects.to", language=tables.language), group=interval, **PLACES),
            Column("zero", tables.t("sensitivity.zero"), weight=1.6),
        ),
        rows=tuple(rows),
        sections=tuple(sections),
        notes=(
            tables.t("sensitivity.note"),
            *(_breakdown(tables, each) for each in bounded),
            *tables.told("sensitivity_base"),
            *tables.told("sensitivity_few_clusters"),
        ),
        source=tables.source(),
        language=tables.language,
    )


def _restriction(tables: EffectTables, found: Mapping[str, Any]) -> str:
    return tables.t(f"sensitivity.{found['restriction']}")


def _zero(tables: EffectTables, row: Mapping[str, Any]) -> str:
    if row["ci_low"] is None or row["ci_high"] is None:
        return "–"
    return tables.t(
        "sensitivity.excludes" if row["ci_low"] > 0 or row["ci_high"] < 0 else "sensitivity.contains"
    )


def _breakdown(tables: EffectTables, outcome: Outcome) -> str:
    parts = []
    for found in outcome["sensitivity"]:
        named = _restriction(tables, found)
        if found["never_breaks"]:
            parts.append(tables.t("sensitivity.never", restriction=named))
        elif found["breakdown"] is None:
            parts.append(tables.t("sensitivity.at_once", restriction=named))
        else:
            value = format_number(found["breakdown"], 3, tables.language)
            parts.append(tables.t("sensitivity.breakdown", restriction=named, value=value))
    return f"{tables.outcome(outcome)}: {'; '.join(parts)}."
