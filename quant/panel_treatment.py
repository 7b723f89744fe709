"""Who in a panel is treated from when, and what a unit was at its start: one row a unit, of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from quant.errors import EffectError
from quant.notes import Note
from quant.outcome_rules import code_text
from quant.panel_columns import kept, text_of
from quant.panel_periods import period_name, period_number
from quant.panel_records import Cells
from quant.panel_rules import PanelRules

if TYPE_CHECKING:
    import ibis.expr.types as ir

_SHOWN = 5


@dataclass(frozen=True)
class Units:
    """One row a unit.

    table : unit, records, begins (number of its first period), moved (0/1), treated (0/1, null where it is
        not known), start (number of the first treated period, null for never), reference (the start, or for
        those never treated the earliest of all); and of each column c kept of the cells its first value
        first_{c}, the last one before the earliest of all starts place_{c}, and before the reference
        start_{c}, or the first one where there is none.
    by_value : number of the start by treated value, where values of a column say who is treated.
    notes : about starts and treated values.
    """

    table: ir.Table = field(repr=False)
    by_value: Mapping[str, int]
    notes: tuple[Note, ...]


def make_units(cells: Cells, rules: PanelRules) -> Units:
    """Treatment, start and constant values of every unit.

    Raises EffectError if a start is no period or lies outside the panel, or no treated value is found.
    """
    import ibis

    finder = _Starts(rules, covered(cells, rules))
    units = _first_values(cells)
    earliest: Any = min(finder.given) if finder.given else None
    if rules.treatment.indicator:
        units = finder.of_indicator(units, cells)
        earliest = units.start.min().to_pandas() if earliest is None else earliest
        earliest = None if pd.isna(earliest) else int(earliest)
    units = _earlier_values(units, cells, "place", earliest)
    if not rules.treatment.indicator:
        units = finder.of_values(units, cells)
    common = ibis.null("int64") if earliest is None else ibis.literal(earliest, type="int64")
    units = units.mutate(reference=ibis.coalesce(units.start, common))
    units = _earlier_values(units, cells, "start", earliest)
    return Units(kept(units, cells.table.get_backend()), finder.by_value, tuple(finder.notes))


def covered(cells: Cells, rules: PanelRules) -> pd.DataFrame:
    """The periods that the panel keeps, by the rule for those that records cover in part."""
    if rules.partial == "keep":
        return cells.periods
    whole = cells.periods[cells.periods["whole"] == 1]
    if whole.empty:
        raise EffectError(
            'the records cover no {target} in full; choose a shorter target, or partial = "keep"',
            reason="panel_no_whole_period",
            target=rules.target,
        )
    return whole.reset_index(drop=True)


class _Starts:
    """The stated starts as numbers of periods, with notes on those that are not quite one."""

    def __init__(self, rules: PanelRules, periods: pd.DataFrame) -> None:
        self.rules, self.periods = rules, periods
        self.notes: list[Note] = []
        treatment = rules.treatment
        self.common = None if treatment.start is None else self._number(treatment.start)
        self.by_value: dict[str, int] = {}
        for value, start in self._stated().items():
            number = self.common if start is None else self._number(start)
            if number is not None:
                self.by_value[value] = number
        self.given = list(self.by_value.values()) or ([self.common] if self.common is not None else [])
        if self.given:
            self._refuse_outside(self.given)

    def of_indicator(self, units: ir.Table, cells: Cells) -> ir.Table:
        """Units with treated and start by a 0/1 column of the records."""
        import ibis

        treated = ibis.ifelse(
            units.indicated.isnull(), ibis.null("int64"), (units.indicated > 0).cast("int64")
        )
        units = units.mutate(treated=treated)
        stated = self.rules.treatment.start_column
        if self.common is not None:
            start = ibis.literal(self.common, type="int64")
        elif stated is None:
            start = units.first_on
        else:
            units = self._looked_up(units, text_of(units[f"first_{cells.names[stated]}"]))
            start = units.said_start
        return units.mutate(start=ibis.ifelse(units.treated == 1, start, ibis.null("int64")))

    def of_values(self, units: ir.Table, cells: Cells) -> ir.Table:
        """Units with treated and start by the listed values of a column, or of the unit itself."""
        import ibis

        column, assigned = self.rules.treatment.column, self.rules.assigned
        prefix = "first" if assigned == "first" else "place"
        cell = units.unit if column is None else units[f"{prefix}_{cells.names[column]}"]
        units = units.mutate(value=text_of(cell))
        self._note_absent(units, cells)
        listed = ibis.memtable(
            pd.DataFrame({"listed": list(self.by_value), "start": list(self.by_value.values())}),
            schema=ibis.schema({"listed": "string", "start": "int64"}),
        )
        units = units.left_join(listed, units.value == listed.listed)
        is_listed = ibis.ifelse(units.listed.notnull(), 1, 0)
        treated = ibis.ifelse(units.value.isnull(), ibis.null("int64"), is_listed.cast("int64"))
        return units.mutate(treated=treated).drop("listed", "value")

    def _looked_up(self, units: ir.Table, said: ir.StringColumn) -> ir.Table:
        """Units with the number of the start that each states as text."""
        import ibis

        units = units.mutate(said=said)
        texts = units.select("said").distinct().to_pandas()["said"].dropna()
        numbers = {text: number for text in texts if (number := self._number(text)) is not None}
        if numbers:
            self._refuse_outside(numbers.values())
        lookup = ibis.memtable(
            pd.DataFrame({"stated": list(numbers), "said_start": list(numbers.values())}),
            schema=ibis.schema({"stated": "string", "said_start": "int64"}),
        )
        return units.left_join(lookup, units.said == lookup.stated).drop("stated", "said")

    def _stated(self) -> dict[str, str | None]:
        """Treated values and their starts; None is the common one."""
        treatment = self.rules.treatment
        if treatment.starts:
            return {code_text(value): start for value, start in treatment.starts.items()}
        if not treatment.file:
            return {code_text(value): None for value in treatment.units}
        return _listed_in_file(treatment.file, treatment.column, treatment.start_column)

    def _number(self, text: str) -> int | None:
        """The period that holds a start; None for "0" and blank, which say never."""
        if text.strip() in ("", "0"):
            return None
        found = period_number(text, self.rules.target)
        if found is None:
            raise EffectError(
                "the start '{start}' is no period that lies within one {target}; write it as 2019Q2, 2019-04 "
                "or 2019-04-01",
                reason="panel_start_unreadable",
                start=text,
                target=self.rules.target,
            )
        number, exact = found
        note = Note(
            "treatment starts within {period} ({start}), which counts as treated as a whole",
            reason="panel_start_within",
            period=period_name(number, self.rules.target),
            start=text,
        )
        if not exact and note not in self.notes:
            self.notes.append(note)
        return number

    def _refuse_outside(self, numbers: Iterable[int]) -> None:
        first, last = int(self.periods["number"].iloc[0]), int(self.periods["number"].iloc[-1])
        numbers = sorted(set(numbers))
        if not any(first < number <= last for number in numbers):
            raise EffectError(
                "treatment starts in {start}, but the panel runs from {first} to {last}; a start needs a "
                "period before it, and records from its own",
                reason="panel_start_outside",
                start=", ".join(period_name(number, self.rules.target) for number in numbers[:_SHOWN]),
                first=self.periods["name"].iloc[0],
                last=self.periods["name"].iloc[-1],
            )

    def _note_absent(self, units: ir.Table, cells: Cells) -> None:
        """Say which treated values no unit has; refuse if none has any."""
        column = self.rules.treatment.column
        if self.rules.assigned == "current" and column is not None:
            shown = cells.table.select(value=text_of(cells.table[f"last_{cells.names[column]}"]))
        else:
            shown = units.select("value")
        met = shown.filter(shown.value.isin(list(self.by_value))).distinct().to_pandas()["value"]
        absent = [value for value in self.by_value if value not in set(met)]
        if len(absent) == len(self.by_value):
            others = shown.filter(shown.value.notnull()).distinct().order_by("value").limit(_SHOWN)
            raise EffectError(
                "no unit has one of the treated values ({wanted}) in '{column}', which holds {known}; write "
                "them as the records do",
                reason="panel_no_treated_value",
                wanted=", ".join(absent[:_SHOWN]),
                column=column or self.rules.unit,
                known=", ".join(others.to_pandas()["value"]) or "–",
            )
        if absent:
            self.notes.append(
                Note(
                    "no unit has the treated value(s) {values} in '{column}'",
                    reason="panel_treated_value_absent",
                    values=", ".join(absent),
                    column=column or self.rules.unit,
                )
            )


def _listed_in_file(path: str, column: str | None, start_column: str | None) -> dict[str, str | None]:
    """Treated values of a table, and their starts if it has them."""
    from pathlib import Path

    from quant.register_sources import require_columns
    from quant.tables import cell_text, read_table

    table = read_table(path)
    known = [str(name) for name in table.columns]
    require_columns([start_column] if start_column else [], known, Path(path).name)
    values = cell_text(table[column] if column in known else table.iloc[:, 0])
    starts = cell_text(table[start_column]) if start_column else [None] * len(values)
    return {value: start for value, start in zip(values, starts, strict=True) if value}


def _static(cells: Cells) -> list[str]:
    """Internal names of the columns that cells keep the first and last value of."""
    return [name.removeprefix("first_") for name in cells.table.columns if name.startswith("first_")]


def _first_values(cells: Cells) -> ir.Table:
    table = cells.table
    made: dict[str, Any] = {"records": table.records.sum(), "begins": table.number.min()}
    for name in _static(cells):
        first = table[f"first_{name}"]
        made[f"first_{name}"] = first.argmin(table.number, where=first.notnull())
    if "low" in table.columns:
        made["moved"] = (table.low.min() != table.high.max()).cast("int64").fill_null(0)
    if "indicated" in table.columns:
        made["indicated"] = table.indicated.max()
        made["first_on"] = table.number.min(where=table.indicated > 0)
    units = table.group_by("unit").aggregate(**made)
    return units if "moved" in made else units.mutate(moved=0)


def _earlier_values(units: ir.Table, cells: Cells, prefix: str, earliest: int | None) -> ir.Table:
    """Units with the last value of each column before a start; their first value where there is none.

    prefix : "place" looks at the earliest start of all, "start" at the unit's reference.
    """
    import ibis

    names, table = _static(cells), cells.table
    if not names:
        return units
    if prefix == "start":
        own = units.select(whose="unit", before=units.reference)
        table = table.inner_join(own, table.unit == own.whose)
    else:
        common = ibis.null("int64") if earliest is None else ibis.literal(earliest, type="int64")
        table = table.mutate(before=common)
    made = {}
    for name in names:
        last = table[f"last_{name}"]
        there = last.notnull() & (table.number < table.before)
        made[f"{prefix}_{name}"] = last.argmax(table.number, where=there)
    found = table.group_by(whose=table.unit).aggregate(**made)
    joined = units.left_join(found, units.unit == found.whose).drop("whose")
    return joined.mutate(
        **{f"{prefix}_{name}": joined[f"{prefix}_{name}"].coalesce(joined[f"first_{name}"]) for name in names}
    )
