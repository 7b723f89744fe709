"""From register records to cells: a row a unit and period, with what the rules need of its records.

Only this pass reads the records; everything after it works on the cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from quant.errors import EffectError
from quant.notes import Note
from quant.panel_columns import is_no_number, kept, number_of, text_of
from quant.panel_periods import calendar
from quant.panel_reading import Reading
from quant.panel_rules import PanelOutcome, PanelRules
from quant.register_sources import Records

if TYPE_CHECKING:
    import ibis.expr.types as ir

_SHOWN = 8


@dataclass(frozen=True)
class Cells:
    """Records by unit and period.

    table : unit, number (of the period), records; for outcome i the periods with a value n{i}, their sum s{i}
        and how many are above 0, a{i}; for other columns c their first and last value in the period first_c,
        last_c, and mean_c; of the treated value the smallest and largest low, high; of the indicator its
        largest indicated.
    names : internal name (c0, c1, ...) of each column of the records.
    periods : of the panel: number, name, places, whole.
    stages : (stage, n_units, n_rows, reason) of the records.   findings : (kind, count) of records.
    notes : codes that no record has.
    """

    table: ir.Table = field(repr=False)
    names: Mapping[str, str]
    periods: pd.DataFrame = field(repr=False)
    stages: tuple[tuple[str, int, int, str], ...]
    findings: tuple[tuple[str, int], ...]
    notes: tuple[Note, ...] = ()


def make_cells(records: Records, rules: PanelRules) -> Cells:
    """Group the records of each unit by the periods of the panel.

    Raises EffectError for records without readable periods, repeated ones where the rules refuse them, and
    text where numbers are expected.
    """
    reading = Reading(records, rules)
    rows, repeated = reading.distinct_rows()
    first, last = _range(rows)
    places = calendar(first, last, rules.period_unit, rules.target)
    cells = _grouped(rows, places, reading)
    _refuse_text(cells, reading)
    stages = _stages(cells, reading, repeated)
    kind = "overlapping_spell" if reading.spells else "repeated_record"
    found = {**reading.findings, kind: repeated}
    periods = places.drop(columns="place").drop_duplicates().reset_index(drop=True)
    findings = tuple((kind, count) for kind, count in found.items() if count)
    return Cells(cells, reading.names, periods, stages, findings, tuple(_code_notes(reading)))


def outcome_value(rule: PanelOutcome, cell: ir.Column) -> ir.FloatingColumn:
    """What one record counts: 0 or 1 by its code, or its number; null without either."""
    import ibis

    if not rule.codes:
        return number_of(cell)
    text = text_of(cell)
    counts = ibis.ifelse(text.isin(list(rule.codes)), 1.0, 0.0)
    return ibis.ifelse(text.isnull(), ibis.null("float64"), counts)


def _grouped(rows: ir.Table, places: pd.DataFrame, reading: Reading) -> ir.Table:
    import ibis

    rules, names = reading.rules, reading.names
    lookup = ibis.memtable(places[["place", "number"]].rename(columns={"place": "at"}))
    rows = rows.inner_join(lookup, rows.place == lookup["at"])
    made: dict[str, Any] = {"records": rows.count()}
    for number, rule in enumerate(rules.outcomes):
        value = outcome_value(rule, rows[names[rule.source]])
        made |= {f"n{number}": value.count(), f"s{number}": value.sum(), f"a{number}": (value > 0).sum()}
    for column in _beside_outcomes(rules):
        cell, name = rows[names[column]], names[column]
        there = text_of(cell).notnull()
        made[f"first_{name}"] = cell.argmin(rows.place, where=there)
        made[f"last_{name}"] = cell.argmax(rows.place, where=there)
    for covariate in rules.covariates:
        if covariate.how == "mean":
            name = names[covariate.source]
            made[f"mean_{name}"] = number_of(rows[name]).mean()
    for column in reading.numeric():
        made[f"bad_{names[column]}"] = is_no_number(rows[names[column]]).sum()
    if rules.treatment.column:
        text = text_of(rows[names[rules.treatment.column]])
        made |= {"low": text.min(), "high": text.max()}
    if rules.treatment.indicator:
        made["indicated"] = number_of(rows[names[rules.treatment.indicator]]).max()
    return kept(rows.group_by("unit", "number").aggregate(**made), reading.records.table.get_backend())


def _beside_outcomes(rules: PanelRules) -> list[str]:
    """Columns whose first and last value in a period are needed."""
    treatment = rules.treatment
    named = [treatment.column, rules.cluster, None if treatment.file else treatment.start_column]
    named += [one.column for rule in rules.conditioned() for one in rule.where]
    named += [rule.source for rule in rules.covariates if rule.how != "mean"]
    return [each for each in dict.fromkeys(named) if each]


def _refuse_text(cells: ir.Table, reading: Reading) -> None:
    """Raise EffectError for the first column of numbers that holds text."""
    names = {column: f"bad_{reading.names[column]}" for column in reading.numeric()}
    if not names:
        return
    found = cells.aggregate(**{name: cells[name].sum() for name in names.values()}).to_pandas().iloc[0]
    for column, name in names.items():
        if found[name]:
            raise reading.refuse_text(column, int(found[name]))


def _code_notes(reading: Reading) -> list[Note]:
    """Codes of outcomes that no record has. Raises EffectError for an outcome that has none of its codes."""
    notes = []
    for rule in reading.rules.outcomes:
        if not rule.codes:
            continue
        text = text_of(reading.table[reading.names[rule.source]])
        shown = reading.table.select(code=text).filter(text.notnull()).distinct()
        met = set(shown.filter(shown.code.isin(list(rule.codes))).to_pandas()["code"])
        absent = [code for code in rule.codes if code not in met]
        if not met:
            known = shown.order_by("code").limit(_SHOWN).to_pandas()["code"]
            raise EffectError(
                "{file}: no record has a code of the outcome '{id}' ({codes}) in column '{column}', which "
                "holds {known}; write the codes as the records do",
                reason="panel_no_code_met",
                file=reading.records.name,
                id=rule.id,
                codes=", ".join(rule.codes),
                column=rule.source,
                known=", ".join(known) or "–",
            )
        if absent:
            notes.append(
                Note(
                    "no record has the code(s) {codes} of the outcome '{id}'",
                    reason="panel_code_absent",
                    codes=", ".join(absent),
                    id=rule.id,
                )
            )
    return notes


def _stages(cells: ir.Table, reading: Reading, repeated: int) -> tuple[tuple[str, int, int, str], ...]:
    """The records at each step, and what left them; a spell is one record, whatever it covers."""
    units = int(cells.unit.nunique().to_pandas())
    lost = ("no_key", "unreadable_period", "empty_spell")
    usable = reading.rows - sum(reading.findings.get(kind, 0) for kind in lost)
    all_units = units if usable == reading.rows else int(reading.table.unit.nunique().to_pandas())
    stages = [("records", all_units, reading.rows, ""), ("readable", units, usable, "no_key_or_period")]
    if not reading.spells:
        stages.append(("distinct", units, usable - repeated, "repeated_record"))
    return tuple(stages)


def _range(rows: ir.Table) -> tuple[int, int]:
    found = rows.aggregate(first=rows.place.min(), last=rows.place.max()).to_pandas().iloc[0]
    return int(found["first"]), int(found["last"])
