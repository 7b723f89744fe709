"""Cells of register records as Ibis expressions: keys, codes and numbers, on whatever engine holds them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from quant.panel_rules import Condition

if TYPE_CHECKING:
    import ibis.expr.types as ir


def text_of(column: ir.Column) -> ir.StringColumn:
    """Cells as stripped text, null where blank; 3.0 is "3", as `outcome_rules.code_text` has it."""
    import ibis

    kind = column.type()
    if kind.is_string():
        return column.strip().nullif("")
    if kind.is_floating() or kind.is_decimal():
        whole = column.cast("float64").try_cast("int64")
        text = ibis.ifelse(column == column.round(), whole.cast("string"), column.cast("string"))
        return ibis.ifelse(column.cast("float64").isnan(), ibis.null("string"), text)
    if kind.is_boolean():
        return ibis.ifelse(column, "True", "False")
    return column.cast("string")


def number_of(column: ir.Column) -> ir.FloatingColumn:
    """Cells as numbers, with decimal point or comma; null where there is none."""
    import ibis

    kind = column.type()
    if kind.is_string():
        number = column.strip().replace(",", ".").try_cast("float64")
    else:
        number = (column.cast("int8") if kind.is_boolean() else column).cast("float64")
    if kind.is_string() or kind.is_floating():
        number = ibis.ifelse(number.isnan() | number.isinf(), ibis.null("float64"), number)
    return number


def is_no_number(column: ir.Column) -> ir.BooleanColumn:
    """Whether a cell holds something that is no number."""
    return text_of(column).notnull() & number_of(column).isnull()


def key_of(column: ir.Column) -> ir.Column:
    """Who a record is about: text is stripped, whole numbers stay numbers; null where blank."""
    return column if column.type().is_integer() else text_of(column)


def meets(condition: Condition, cell: ir.Column, year: ir.NumericValue) -> ir.BooleanColumn:
    """Whether a cell meets a condition; null where the cell is."""
    if condition.values:
        return text_of(cell).isin(list(condition.values))
    number = number_of(cell)
    if condition.age:
        number = year - number
    low = number >= condition.lowest if condition.lowest is not None else None
    high = number <= condition.highest if condition.highest is not None else None
    if low is None or high is None:
        return low if high is None else high
    return low & high


def kept(table: ir.Table, backend: Any) -> ir.Table:
    """The rows of an expression, computed once and held by the engine (DuckDB: with the connection)."""
    if backend.name == "duckdb":
        return backend.create_table(f"panel_{uuid.uuid4().hex}", table, temp=True)
    table.limit(0).to_pandas()  # tables in memory become known to the engine, which its cache forgets to do
    return table.cache()
