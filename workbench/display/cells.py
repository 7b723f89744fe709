"""From raw cells to the text of the screen and of Word."""

from __future__ import annotations

from workbench.display.numbers import format_number, format_p_value
from workbench.display.table import Cell, Column, CountCell, EstimateCell, TableSpec, is_missing
from workbench.i18n import Language, t

_UNIT_WORDS = ("pct", "%", "procent", "per cent", "percent")


def cell_lines(cell: Cell, column: Column, language: Language) -> tuple[str, ...]:
    """The lines of a cell: an estimate has its standard error, and its mean, on lines of their own."""
    if is_missing(cell):
        return (column.missing,)
    if isinstance(cell, EstimateCell):
        return _estimate_lines(cell, column.places, language)
    if isinstance(cell, str):
        return tuple(cell.split("\n"))
    return (_one_line(cell, column, language),)


def cell_text(cell: Cell, column: Column, language: Language, *, line_break: str = "\n") -> str:
    """The cell as one text, its lines joined by `line_break`."""
    return line_break.join(cell_lines(cell, column, language))


def column_title(column: Column, language: Language) -> str:
    """The heading; a percent column names its unit, so that its cells need not."""
    named = any(word in column.title.lower() for word in _UNIT_WORDS)
    if column.kind != "percent" or named:
        return column.title
    unit = t("display.percent", language=language)
    return f"{column.title} ({unit})" if column.title else unit.capitalize()


def column_titles(spec: TableSpec) -> tuple[str, ...]:
    """One heading a column, with the group in front where there is one; repeated headings are numbered."""
    titles: list[str] = []
    for column in spec.columns:
        own = column_title(column, spec.language)
        title = f"{column.group}: {own}" if column.group and own else column.group or own
        repeats = sum(1 for earlier in titles if earlier == title or earlier.startswith(f"{title} ("))
        titles.append(f"{title} ({repeats + 1})" if title in titles else title)
    return tuple(titles)


def _estimate_lines(cell: EstimateCell, decimals: int, language: Language) -> tuple[str, ...]:
    lines = [f"{format_number(cell.value, decimals, language)}{cell.stars}"]
    if cell.std_error is not None:
        lines.append(f"({format_number(cell.std_error, decimals, language)})")
    if cell.mean is not None:
        lines.append(f"[{format_number(cell.mean, decimals, language)}]")
    return tuple(lines)


def _one_line(cell: Cell, column: Column, language: Language) -> str:
    if isinstance(cell, CountCell):
        return f"{format_number(cell.k, 0, language)}/{format_number(cell.n, 0, language)}"
    assert isinstance(cell, int | float)
    if isinstance(cell, int):
        return format_number(cell, 0, language)
    if column.kind == "p_value":
        return format_p_value(cell, column.places, language)
    return format_number(cell, column.places, language)
