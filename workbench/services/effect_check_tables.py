"""Tables of the checks of effects: subgroups, bootstrap, other clusters, placebos; and all in their order.

`effect_trend_tables` has those of the trends before the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.display import Cell, Column, EstimateCell, TableSpec, format_number, stars_for, stars_note
from workbench.i18n import t
from workbench.services.effect_run_tables import PERCENT, PLACES, EffectTables, Outcome
from workbench.services.effect_trend_tables import power_table, sensitivity_table
from workbench.services.terms import term_label


def check_tables(tables: EffectTables) -> list[TableSpec]:
    """The tables of all checks that the run made, in the order of the page."""
    makers = (
        subgroups_table,
        differences_table,
        bootstrap_table,
        randomisation_table,
        left_out_table,
        placebos_table,
        power_table,
        sensitivity_table,
    )
    return [table for make in makers if (table := make(tables)) is not None]


def all_tables(tables: EffectTables) -> list[TableSpec]:
    """Every table of a run, in the order of the page."""
    outcomes = tables.found.outcomes
    pooled = [tables.pooled()] if any(each["effect"] for each in outcomes) else []
    return [*pooled, *(tables.by_period(each) for each in outcomes), *check_tables(tables)]


def bootstrap_table(tables: EffectTables) -> TableSpec | None:
    """The pooled effects by wild cluster bootstrap; None where it was not asked for or no gate was passed.

    An outcome whose gate failed is left out: its effect may not be read, whatever its errors.
    """
    rows, sections = tables.sectioned("bootstraps", tables.readable)
    if not rows:
        return None
    first = tables.found.outcomes[0]
    interval = t("effects.interval", language=tables.language)
    cells: list[tuple[Cell, ...]] = [
        (tables.window(row["term"], first), row["p_value"], row["ci_low"], row["ci_high"]) for row in rows
    ]
    return TableSpec(
        key="effects_bootstrap",
        title=tables.t("title.bootstrap"),
        columns=(
            Column("window", tables.t("window"), weight=1.6),
            Column("p_value", "p", kind="p_value"),
            Column("ci_low", t("effects.from", language=tables.language), group=interval, **PLACES),
            Column("ci_high", t("effects.to", language=tables.language), group=interval, **PLACES),
        ),
        rows=tuple(cells),
        sections=sections,
        notes=(
            tables.t(
                "bootstrap_note",
                draws=format_number(rows[0]["draws"], 0, tables.language),
                weights=rows[0]["weights"],
                clusters=rows[0]["n_clusters"],
                seed=rows[0]["seed"],
            ),
        ),
        source=tables.source(),
        language=tables.language,
    )


def randomisation_table(tables: EffectTables) -> TableSpec | None:
    """The pooled effect among those of other clusters as if treated; None where there is none to read.

    As in all tables of a pooled effect, an outcome whose gate failed is left out.
    """
    tested = [each for each in tables.readable if each["randomisation"] is not None]
    if not tested:
        return None
    rows: list[tuple[Cell, ...]] = []
    for each in tested:
        found = each["randomisation"]
        numbers = (found["estimate"], found["p_value"], found["p_value_estimate"], found["attainable_p"])
        rows.append((tables.outcome(each), *numbers, found["assignments"]))
    return TableSpec(
        key="effects_randomisation",
        title=tables.t("title.randomisation"),
        columns=(
            Column("outcome", t("effects.outcome", language=tables.language), weight=1.6),
            Column("estimate", t("effects.estimate", language=tables.language), **PLACES),
            Column("p_value", tables.t("randomisation.p_statistic"), kind="p_value"),
            Column("p_value_estimate", tables.t("randomisation.p_estimate"), kind="p_value"),
            Column("attainable_p", tables.t("randomisation.attainable"), kind="decimal", decimals=4),
            Column("assignments", tables.t("randomisation.assignments"), kind="integer"),
        ),
        rows=tuple(rows),
        notes=(tables.t("randomisation.note"), *tables.told("randomisation_", tables.readable)),
        source=tables.source(),
        language=tables.language,
    )


def left_out_table(tables: EffectTables) -> TableSpec | None:
    """Each pooled effect without one cluster at a time; None where there is none to read."""
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for each in tables.readable:
        if each["left_out"]:
            sections.append((len(rows), tables.outcome(each)))
        for found in each["left_out"]:
            known = [row for row in found["table"] if row["estimate"] is not None]
            if not known:
                continue
            estimates = [row["estimate"] for row in known]
            rows.append(
                (
                    tables.window(str(found["target"]), each),
                    found["estimate"],
                    min(estimates),
                    max(estimates),
                    str(known[0]["cluster"]),
                    known[0]["estimate"],
                )
            )
    if not rows:
        return None
    spread = tables.t("left_out.spread")
    return TableSpec(
        key="effects_left_out",
        title=tables.t("title.left_out"),
        columns=(
            Column("window", tables.t("window"), weight=1.4),
            Column("estimate", tables.t("left_out.whole"), **PLACES),
            Column("lowest", tables.t("left_out.lowest"), group=spread, **PLACES),
            Column("highest", tables.t("left_out.highest"), group=spread, **PLACES),
            Column("cluster", tables.t("left_out.cluster"), weight=1.6),
            Column("without", tables.t("left_out.without"), **PLACES),
        ),
        rows=tuple(rows),
        sections=tuple(sections),
        notes=(tables.t("left_out.note"), *tables.told("leave_out_", tables.readable)),
        source=tables.source(),
        language=tables.language,
    )


def subgroups_table(tables: EffectTables) -> TableSpec | None:
    """A row a subgroup and window; one whose gate failed says so instead of an estimate. None without any."""
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for each in tables.found.outcomes:
        found = each["subgroups"]
        if found is None:
            continue
        sections.append((len(rows), tables.outcome(each)))
        rows += [_subgroup_row(tables, each, row) for row in found["table"]]
    if not sections:
        return None
    interval = t("effects.interval", language=tables.language)
    return TableSpec(
        key="effects_subgroups",
        title=tables.t("title.subgroups"),
        columns=(
            Column("subgroup", t("effects.subgroup", language=tables.language), weight=1.6),
            Column("window", tables.t("window"), weight=1.2),
            Column("estimate", t("effects.estimate", language=tables.language), kind="estimate", decimals=3),
            Column("ci_low", t("effects.from", language=tables.language), group=interval, **PLACES),
            Column("ci_high", t("effects.to", language=tables.language), group=interval, **PLACES),
            Column("percent", t("effects.percent", language=tables.language), **PERCENT),
            Column("pretrend_p", tables.t("summary.pretrend"), kind="p_value", missing="–"),
            Column("clusters", tables.t("summary.clusters"), kind="integer", missing="–"),
            Column("n", "N", kind="integer", missing="–"),
        ),
        rows=tuple(rows),
        sections=tuple(sections),
        remarks=(stars_note(tables.language),),
        notes=(tables.t("subgroups_note"), *tables.told("subgroup_")),
        source=tables.source(),
        language=tables.language,
    )


def differences_table(tables: EffectTables) -> TableSpec | None:
    """Differences between subgroups, tested; None where no two may be compared."""
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for each in tables.found.outcomes:
        compared = [row for row in (each["subgroups"] or {}).get("differences", ()) if row["interpretable"]]
        if not compared:
            continue
        sections.append((len(rows), tables.outcome(each)))
        rows += [
            (
                _pair(tables, row),
                tables.window(str(row["term"]), each),
                row["difference"],
                row["std_error"],
                row["p_value"],
                row["q_value"],
            )
            for row in compared
        ]
    if not rows:
        return None
    return TableSpec(
        key="effects_differences",
        title=tables.t("title.differences"),
        columns=(
            Column("pair", tables.t("pair"), weight=2.0),
            Column("window", tables.t("window"), weight=1.2),
            Column("difference", tables.t("difference_title"), **PLACES),
            Column("std_error", tables.t("std_error"), **PLACES),
            Column("p_value", "p", kind="p_value"),
            Column("q_value", "q", kind="p_value", missing="–"),
        ),
        rows=tuple(rows),
        sections=tuple(sections),
        notes=(tables.t("differences_note"),),
        source=tables.source(),
        language=tables.language,
    )


def placebos_table(tables: EffectTables) -> TableSpec | None:
    """Effects where there can be none; None where none were asked for."""
    rows: list[tuple[Cell, ...]] = []
    sections: list[tuple[int, str]] = []
    for each in tables.found.outcomes:
        for placebo in each["placebos"]:
            dates = placebo["kind"] == "dates"
            named = tables.outcome(each) if dates else tables.t("placebo.outcomes")
            sections.append((len(rows), named))
            for row in placebo["table"]:
                what = (
                    tables.t("placebo.start", start=row["start"])
                    if dates
                    else tables.named(str(row["outcome"]))
                )
                rows.append(
                    (
                        what, row["estimate"], row["ci_low"], row["ci_high"], row["p_value"], row["q_value"],
                        row["percent_of_mean"],
                    )
                )  # fmt: skip
    if not rows:
        return None
    interval = t("effects.interval", language=tables.language)
    return TableSpec(
        key="effects_placebos",
        title=tables.t("title.placebos"),
        columns=(
            Column("placebo", tables.t("placebo.what"), weight=2.0),
            Column("estimate", t("effects.estimate", language=tables.language), **PLACES),
            Column("ci_low", t("effects.from", language=tables.language), group=interval, **PLACES),
            Column("ci_high", t("effects.to", language=tables.language), group=interval, **PLACES),
            Column("p_value", "p", kind="p_value"),
            Column("q_value", "q", kind="p_value", missing="–"),
            Column("percent", t("effects.percent", language=tables.language), **PERCENT),
        ),
        rows=tuple(rows),
        sections=tuple(sections),
        notes=tables.told("placebo_"),
        source=tables.source(),
        language=tables.language,
    )


def _pair(tables: EffectTables, row: Mapping[str, Any]) -> str:
    first, second = (_subgroup(tables, row[name]) for name in ("first", "second"))
    return tables.t("difference", first=first, second=second)


def _subgroup(tables: EffectTables, value: object) -> str:
    return term_label(tables.scheme, str(value), tables.language)


def _subgroup_row(tables: EffectTables, outcome: Outcome, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    name = _subgroup(tables, row["subgroup"])
    counts: tuple[Cell, ...] = (row["pretrend_p"], _whole(row["clusters"]), _whole(row["n"]))
    window = tables.window(str(row["term"]), outcome) if row["term"] else None
    if row["gate"] in ("failed", "not_estimated"):
        return (name, window, tables.t(f"gate.short_{row['gate']}"), None, None, None, *counts)
    # An effect whose trends could not be tested has no stars: nothing says that it may be read as one.
    stars = stars_for(row["p_value"]) if row["gate"] == "passed" else ""
    estimate = EstimateCell(row["estimate"], row["std_error"], stars)
    return (name, window, estimate, row["ci_low"], row["ci_high"], row["percent_of_mean"], *counts)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
