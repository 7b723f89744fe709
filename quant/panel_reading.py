"""Register records with keys and running numbers of periods, one a unit and period, and what was left out.

Grouping them into periods of the panel is in `quant.panel_records`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from quant.errors import EffectError
from quant.panel_columns import is_no_number, key_of
from quant.panel_periods import place_range, record_places, spell_places
from quant.panel_rules import PanelRules, RecordPeriod
from quant.register_sources import Records

if TYPE_CHECKING:
    import ibis.expr.types as ir

_EXAMPLES = 3
_BITS = 32
_UNREADABLE = -(10**9)


class Reading:
    """Records of a source under internal names, read by the rules.

    table : unit, the columns of the rules as c0, c1, ..., and the cells that say when.
    names : internal name of each column.
    findings : how many records have no key, no readable period, are spells without an end, or
        spells that cover no period (too short, or the end before the begin). Of these, only spells without an
        end are used.
    """

    def __init__(self, records: Records, rules: PanelRules) -> None:
        self.records, self.rules = records, rules
        self.names = {column: f"c{number}" for number, column in enumerate(rules.columns())}
        given = records.table
        table = given.select(
            unit=key_of(given[rules.unit]), **{name: given[column] for column, name in self.names.items()}
        )
        self.spells = rules.period is None
        said: list[str | None] = [rules.begins, rules.ends] if self.spells else [rules.period]
        self._whens = {column: f"when_{self.names[column]}" for column in said if column}
        self.table = table.mutate(
            **{when: _day_of(table[self.names[column]]) for column, when in self._whens.items()}
        )
        self.findings: dict[str, int] = {}
        self.lookups = {column: self._lookup(column) for column in self._whens}

    def distinct_rows(self) -> tuple[ir.Table, int]:
        """Rows of unit, place and columns, one a unit and place, and how many others there were.

        Raises EffectError where the rules refuse repeated records, or cannot tell which comes last.
        """
        rows = self._placed(numbered=False)
        if not _repeats(rows):
            return rows, 0
        total = rows.count().to_pandas()
        different = rows.select("unit", "place").distinct().count().to_pandas()
        return self._chosen(), int(total) - int(different)

    def numeric(self) -> list[str]:
        """Columns that the rules read as numbers and that are text in the records."""
        rules = self.rules
        wanted = [rule.source for rule in rules.outcomes if not rule.codes]
        wanted += [each.source for each in rules.covariates if each.kind == "number"]
        wanted += [one.column for each in rules.conditioned() for one in each.where if not one.values]
        wanted += [rules.treatment.indicator] if rules.treatment.indicator else []
        return [each for each in dict.fromkeys(wanted) if self.table[self.names[each]].type().is_string()]

    def refuse_text(self, column: str, count: int) -> EffectError:
        """The error of a column of numbers that holds text in `count` records."""
        cell = self.table[self.names[column]]
        shown = self.table.filter(is_no_number(cell)).select(cell=cell).distinct().limit(_EXAMPLES)
        return EffectError(
            "{file}: {n} values in column '{column}' are no numbers, such as {examples}; correct them, or "
            "name status codes that count under `codes`",
            reason="panel_text_for_numbers",
            file=self.records.name,
            n=count,
            column=column,
            examples=", ".join(sorted(map(str, shown.to_pandas()["cell"]))),
        )

    def _lookup(self, column: str) -> ir.Table:
        """The place of each different value of a column of periods; each is parsed once."""
        import ibis

        when = self._whens[column]
        unit: RecordPeriod = "day" if self.spells else self.rules.period_unit
        counted = self.table.group_by(when).aggregate(
            rows=lambda t: t.count(), keyed=lambda t: t.unit.notnull().sum()
        )
        found = counted.to_pandas()
        self._count_rows(found)
        places = record_places(found[when], unit)
        sensible = places.between(*place_range(unit))
        if column == self.rules.ends:
            unreadable = found[when].notna() & ~sensible & ~(places > place_range(unit)[1])
            places = spell_places(places.where(sensible), self.rules.period_unit, end=True)
            places, sensible = places.mask(unreadable, _UNREADABLE), sensible | unreadable
        else:
            if not sensible.any():
                raise self._no_periods(column, found[when], unit)
            self.findings["unreadable_period"] = int(found.loc[~sensible, "keyed"].sum())
            if self.spells:
                places = spell_places(places.where(sensible), self.rules.period_unit, end=False)
        known = pd.DataFrame({when: found[when], "place": places})[sensible & found[when].notna()]
        known["place"] = known["place"].astype("int64")
        return ibis.memtable(known, schema=ibis.schema({when: self.table[when].type(), "place": "int64"}))

    def _count_rows(self, found: pd.DataFrame) -> None:
        self.rows = int(found["rows"].sum())
        if not self.rows:
            raise EffectError(
                "{file}: there are no records; expected one row a unit and {unit}",
                reason="panel_no_records",
                file=self.records.name,
                unit=self.rules.period_unit,
            )
        self.findings["no_key"] = self.rows - int(found["keyed"].sum())

    def _no_periods(self, column: str, values: pd.Series, unit: RecordPeriod) -> EffectError:
        shown = sorted(str(value) for value in values.dropna())[:_EXAMPLES]
        return EffectError(
            "{file}: no value in column '{column}' is a {unit}, such as {examples}; write weeks as 2019W14, "
            "months as 2019-03, days as 2019-03-25, and say which with period_unit",
            reason="panel_no_periods",
            file=self.records.name,
            column=column,
            unit=unit,
            examples=", ".join(shown) or "–",
        )

    def _placed(self, *, numbered: bool) -> ir.Table:
        import ibis

        table = self.table.mutate(row=ibis.row_number()) if numbered else self.table
        table = table.filter(table.unit.notnull())
        if self.spells:
            return self._spell_rows(table)
        (column, when), *_ = self._whens.items()
        return _joined(table, self.lookups[column], when)

    def _spell_rows(self, table: ir.Table) -> ir.Table:
        """A row for every place that a spell counts for; open spells run to the last day of all."""
        import ibis

        (begins, begin), (ends, end) = self._whens.items()
        table = _joined(table, self.lookups[begins], begin).rename(begin="place")
        known = self.lookups[ends].rename(ended=end, last_place="place")
        table = table.left_join(known, table[end] == known.ended).drop("ended")
        self._count_spells(table)
        latest = [self.lookups[each].place.max().to_pandas() for each in self._whens]
        table = table.mutate(
            last_place=table.last_place.fill_null(max(int(n) for n in latest if pd.notna(n)))
        )
        table = table.filter(table.last_place >= table.begin)
        return table.mutate(place=ibis.range(table.begin, table.last_place + 1).unnest())

    def _count_spells(self, table: ir.Table) -> None:
        unreadable = table.last_place == _UNREADABLE
        counted = table.aggregate(
            open_spell=table.last_place.isnull().sum(),
            empty_spell=((table.last_place < table.begin) & ~unreadable).sum(),
            readable=table.count() - unreadable.sum().fill_null(0),
        )
        found = {str(name): int(n) for name, n in counted.to_pandas().fillna(0).iloc[0].items()}
        self.findings["unreadable_period"] = self.rows - self.findings["no_key"] - found.pop("readable")
        self.findings |= found

    def _chosen(self) -> ir.Table:
        """Of several rows of a unit and place, the one that the rules want."""
        import ibis

        rules = self.rules
        if rules.duplicates == "refuse":
            raise self._repeated()
        if rules.order is None and not self.records.ordered:
            raise EffectError(
                "{file}: there are several records of one unit and period, and the table has no order of its "
                "own; name a column as `order`, so that it is known which comes {which}",
                reason="panel_no_order",
                file=self.records.name,
                which=rules.duplicates,
            )
        rows = self._placed(numbered=self.records.ordered)
        by = [rows[self.names[rules.order]]] if rules.order else [rows.begin] if self.spells else []
        by += [rows.row] if self.records.ordered else []
        if rules.duplicates == "last":
            by = [each.desc() for each in by]
        rank = ibis.row_number().over(ibis.window(group_by=[rows.unit, rows.place], order_by=by))
        ranked = rows.mutate(rank=rank)
        return ranked.filter(ranked["rank"] == 0)

    def _repeated(self) -> EffectError:
        counted = self._placed(numbered=False).group_by("unit", "place").aggregate(n=lambda t: t.count())
        again = counted.filter(counted.n > 1)
        example = again.order_by("unit", "place").limit(1).to_pandas().iloc[0]
        return EffectError(
            "{file}: {n} times a unit has several records in one {unit}, such as {example} with {rows}; "
            'correct them, or choose duplicates = "last" or "first"',
            reason="panel_repeated",
            file=self.records.name,
            n=int(again.count().to_pandas()),
            unit=self.rules.period_unit,
            example=example["unit"],
            rows=int(example["n"]),
        )


def _repeats(rows: ir.Table) -> bool:
    """Whether a unit and place occur twice.

    Where the engine has bitwise unions, powers of two tell: they add up to their union only if all differ.
    """
    import ibis

    if not rows.get_backend().has_operation(ibis.expr.operations.BitOr):
        by_unit = rows.group_by("unit").aggregate(
            total=lambda t: t.count(), different=lambda t: t.place.nunique()
        )
        return bool(by_unit.filter(by_unit.total != by_unit.different).count().to_pandas())
    bit = ibis.literal(1, type="int64") << (rows.place % _BITS)
    placed = rows.select(unit=rows.unit, block=rows.place // _BITS, bit=bit.cast("int64"))
    blocks = placed.group_by("unit", "block").aggregate(
        total=lambda t: t.bit.sum(), different=lambda t: t.bit.bit_or()
    )
    return bool(blocks.filter(blocks.total != blocks.different).count().to_pandas())


def _joined(table: ir.Table, lookup: ir.Table, when: str) -> ir.Table:
    renamed = lookup.rename(said=when)
    return table.inner_join(renamed, table[when] == renamed.said).drop("said", when)


def _day_of(column: ir.Column) -> ir.Column:
    """The cell that says when; of a time its day."""
    return column.date() if column.type().is_timestamp() else column
