"""Rows of a panel as Ibis expressions: outcomes, treatment, subgroups, covariates; where a row is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from quant.panel_columns import key_of, meets, number_of, text_of
from quant.panel_periods import MONTHS_IN
from quant.panel_records import Cells
from quant.panel_rules import PERIOD, START, TREATED, Condition, Covariate, Entry, PanelOutcome, PanelRules
from quant.panel_treatment import Units, covered

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class PanelRows:
    """Rows before any is left out.

    table : the panel's columns, _left_at (number of the stage that loses the row, len(stages) if none does),
        _n{i} (periods with a value of outcome i), _moved, _late (0/1).
    columns : of the panel, unit and period first.   stages : (stage, reason).   last : the last period.
    """

    table: ir.Table = field(repr=False)
    columns: tuple[str, ...]
    stages: tuple[tuple[str, str], ...]
    last: str


def make_rows(cells: Cells, units: Units, rules: PanelRules) -> PanelRows:
    """One row a unit and period; rows without any record only where a rule counts missing weeks as 0."""
    import ibis

    kept_periods = covered(cells, rules)
    first, last = int(kept_periods["number"].iloc[0]), int(kept_periods["number"].iloc[-1])
    rows = _joined(cells, units, rules)
    for covariate in rules.covariates:
        if covariate.how == "before":
            rows = _with_value_before(rows, cells, cells.names[covariate.source])
    rows = _with_treatment(rows, cells, units, rules)
    late = (rows.starts_at > last).fill_null(False)
    rows = rows.mutate(
        late=late.cast("int64"),
        starts_at=ibis.ifelse(late, ibis.null("int64"), rows.starts_at),
        is_treated=ibis.ifelse(late, ibis.literal(0, type="int64"), rows.is_treated),
    )
    made = _made(rows, cells, rules)
    lost = _lost(rows, made, cells, rules, first)
    branches = [(leaves, number) for number, (_, _, leaves) in enumerate(lost)]
    names = ibis.memtable(
        cells.periods[["number", "name"]].rename(columns={"number": "_at", "name": "_name"})
    )
    counts = {f"_n{number}": rows[f"n{number}"].fill_null(0) for number in range(len(rules.outcomes))}
    table = rows.select(
        **made,
        **counts,
        _moved=rows.u_moved,
        _late=rows.late,
        _start=rows.starts_at,
        _left_at=ibis.cases(*branches, else_=len(lost)),
    )
    table = table.left_join(names, table["_start"] == names["_at"]).rename({START: "_name"})
    table = table.drop("_at", "_start")
    return PanelRows(
        table,
        _order(rules),
        tuple((stage, reason) for stage, reason, _ in lost),
        str(kept_periods["name"].iloc[-1]),
    )


def _order(rules: PanelRules) -> tuple[str, ...]:
    outcomes = [rule.id for rule in rules.outcomes]
    beside = [name for name in rules.made() if name not in outcomes]
    cluster = [rules.cluster] if rules.cluster and rules.cluster != rules.unit else []
    return (rules.unit, PERIOD, *outcomes, TREATED, START, *beside, *cluster)


def _joined(cells: Cells, units: Units, rules: PanelRules) -> ir.Table:
    """Cells with the facts of their period (name, places, whole) and of their unit (u_...)."""
    import ibis

    periods = ibis.memtable(cells.periods.rename(columns={"number": "at"}))
    facts = units.table.rename({f"u_{name}": name for name in units.table.columns})
    rows = cells.table
    if any(rule.missing == "zero" for rule in rules.outcomes):
        spine = facts.select("u_unit").cross_join(periods.select("at"))
        rows = spine.left_join(rows, (spine.u_unit == rows.unit) & (spine["at"] == rows.number))
        rows = rows.mutate(unit=rows.u_unit, number=rows["at"]).drop("u_unit", "at")
    rows = rows.inner_join(periods, rows.number == periods["at"]).drop("at")
    return rows.inner_join(facts, rows.unit == facts.u_unit)


def _with_value_before(rows: ir.Table, cells: Cells, name: str) -> ir.Table:
    """Rows with before_{name}, the last value of a column in the unit's earlier periods."""
    import ibis

    if f"before_{name}" in rows.columns:
        return rows
    there = ibis.ifelse(rows[f"last_{name}"].notnull(), rows.number, ibis.null("int64"))
    earlier = ibis.window(group_by=rows.unit, order_by=rows.number, preceding=(None, 1))
    rows = rows.mutate(before=there.max().over(earlier))
    values = cells.table.select(b_unit="unit", b_number="number", value=cells.table[f"last_{name}"])
    rows = rows.left_join(values, (rows.unit == values.b_unit) & (rows.before == values.b_number))
    return rows.rename({f"before_{name}": "value"}).drop("b_unit", "b_number", "before")


def _with_treatment(rows: ir.Table, cells: Cells, units: Units, rules: PanelRules) -> ir.Table:
    """Rows with is_treated (null where unknown) and starts_at, of the unit or of where it is now."""
    import ibis

    column = rules.treatment.column
    if rules.assigned != "current" or column is None or not units.by_value:
        return rows.mutate(is_treated=rows.u_treated, starts_at=rows.u_start)
    listed = ibis.memtable(
        pd.DataFrame({"listed": list(units.by_value), "starts_at": list(units.by_value.values())}),
        schema=ibis.schema({"listed": "string", "starts_at": "int64"}),
    )
    rows = rows.mutate(now=text_of(rows[f"last_{cells.names[column]}"]))
    rows = rows.left_join(listed, rows.now == listed.listed)
    treated = ibis.ifelse(rows.listed.notnull(), 1, 0).cast("int64")
    return rows.mutate(is_treated=ibis.ifelse(rows.now.isnull(), ibis.null("int64"), treated))


def _made(rows: ir.Table, cells: Cells, rules: PanelRules) -> dict[str, Any]:
    """The panel's columns by name, but for the start."""
    per_year = 12 // MONTHS_IN[rules.target]
    made: dict[str, Any] = {rules.unit: rows.unit, PERIOD: rows.name, TREATED: rows.is_treated}
    made |= {rule.id: _outcome(rows, number, rule) for number, rule in enumerate(rules.outcomes)}
    for group in rules.subgroups:
        year = (rows.u_begins if group.at == "first" else rows.u_reference) // per_year
        met = _all_met(group.where, rows, f"u_{group.at}_", cells, year)
        made[group.id] = met.cast("int64")
    made |= {covariate.id: _covariate(rows, covariate, cells) for covariate in rules.covariates}
    if rules.cluster and rules.cluster != rules.unit:
        prefix = {"start": "u_place_", "first": "u_first_", "current": "last_"}[rules.assigned]
        made[rules.cluster] = key_of(rows[f"{prefix}{cells.names[rules.cluster]}"])
    return made


def _outcome(rows: ir.Table, number: int, rule: PanelOutcome) -> ir.FloatingColumn:
    """The outcome of a row, null where the rule for missing weeks leaves it out."""
    import ibis

    n, total, above = (rows[f"{each}{number}"].fill_null(0) for each in ("n", "s", "a"))
    over = rows.places if rule.missing == "zero" else n
    value = {
        "any": (above > 0).cast("float64"),
        "at_least": (above >= rule.at_least).cast("float64"),
        "sum": total.cast("float64"),
        "mean": total / over.nullif(0),
    }[rule.statistic]
    if rule.missing == "zero":
        return value
    enough = n >= (rows.places if rule.missing == "exclude" else rule.min_periods)
    return ibis.ifelse(enough, value, ibis.null("float64"))


def _covariate(rows: ir.Table, rule: Covariate, cells: Cells) -> ir.Column:
    name = cells.names[rule.source]
    if rule.how == "mean":
        return rows[f"mean_{name}"]
    cell = rows[f"before_{name}"] if rule.how == "before" else rows[f"u_{rule.how}_{name}"]
    return number_of(cell) if rule.kind == "number" else text_of(cell)


def _all_met(
    where: Sequence[Condition], rows: ir.Table, prefix: str, cells: Cells, year: ir.NumericValue
) -> ir.BooleanColumn:
    import ibis

    met = ibis.literal(True)
    for condition in where:
        met = met & meets(condition, rows[f"{prefix}{cells.names[condition.column]}"], year)
    return met


def _lost(
    rows: ir.Table, made: dict[str, Any], cells: Cells, rules: PanelRules, first: int
) -> list[tuple[str, str, ir.BooleanColumn]]:
    """Stage, reason and rows that it loses, in order."""
    lost = [("whole_periods", "partial_period", rows.whole == 0)] if rules.partial == "drop" else []
    lost += [(entry.id, "entry_rule", _not_met(entry, rows, cells, rules)) for entry in rules.entry]
    if rules.movers == "exclude":
        lost.append(("stayed", "moved", rows.u_moved == 1))
    lost.append(("treatment_known", "no_treatment_value", rows.is_treated.isnull()))
    before = (rows.starts_at <= first).fill_null(False)
    lost.append(("untreated_at_first", "treated_before_panel", before))
    none = made[rules.outcomes[0].id].isnull()
    for rule in rules.outcomes[1:]:
        none = none & made[rule.id].isnull()
    lost.append(("outcomes", "no_outcome", none))
    return lost


def _not_met(entry: Entry, rows: ir.Table, cells: Cells, rules: PanelRules) -> ir.BooleanColumn:
    """Rows that an entry rule leaves out; a missing value does not meet a condition."""
    per_year = 12 // MONTHS_IN[rules.target]
    number = {"first": rows.u_begins, "start": rows.u_reference, "period": rows.number}[entry.at]
    prefix = "last_" if entry.at == "period" else f"u_{entry.at}_"
    met = _all_met(entry.where, rows, prefix, cells, number // per_year)
    return ~(met & (rows.u_records >= entry.min_records)).fill_null(False)
