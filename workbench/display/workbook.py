"""TableSpecs as an xlsx workbook: raw numbers with number formats, one sheet a table."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench.display.cells import column_titles
from workbench.display.renderers import row_sections
from workbench.display.table import Cell, Column, CountCell, EstimateCell, TableSpec, is_missing
from workbench.i18n import t

# A fixed date: the same study gives the same bytes.
CREATED = datetime(2020, 1, 1)
HEADER_ROW = 2
MAX_SHEET_NAME = 31
_WIDTH_LIMITS = (8, 60)


@dataclass(frozen=True)
class _Field:
    """One xlsx column: part of a table column (an estimate fills up to four)."""

    column: int
    part: str
    title: str
    number_format: str


def to_xlsx(specs: Sequence[TableSpec]) -> bytes:
    """A workbook with one sheet a table: title, frozen header, raw numbers, notes and source below.

    An estimate fills columns of its own for coefficient, standard error, stars and mean; a count fills
    `k` and `n`.
    Raises ValueError if there is no table.
    """
    if not specs:
        raise ValueError("a workbook needs at least one table")
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    workbook.set_properties({"created": CREATED, "title": specs[0].title})
    names: set[str] = set()
    for spec in specs:
        _write_sheet(workbook, spec, _sheet_name(spec.key, names))
    workbook.close()
    return buffer.getvalue()


def _write_sheet(workbook: Any, spec: TableSpec, name: str) -> None:
    sheet = workbook.add_worksheet(name)
    styles = {
        "title": workbook.add_format({"bold": True, "font_size": 13}),
        "header": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "note": workbook.add_format({"italic": True, "font_color": "#555555"}),
    }
    sections = row_sections(spec) if spec.sections else []
    first = 1 if sections else 0
    fields = list(_fields(spec))
    sheet.write_string(0, 0, spec.title, styles["title"])
    for offset, field in enumerate(fields):
        sheet.write_string(HEADER_ROW, first + offset, field.title, styles["header"])
        number = workbook.add_format({"num_format": field.number_format, "valign": "top"})
        sheet.set_column(first + offset, first + offset, _width(spec, field))
        for index, row in enumerate(spec.rows):
            _write(sheet, (HEADER_ROW + 1 + index, first + offset), _part(row[field.column], field.part),
                   styles["text"], number)  # fmt: skip
    for index, section in enumerate(sections):
        sheet.write_string(HEADER_ROW + 1 + index, 0, section, styles["text"])
    sheet.freeze_panes(HEADER_ROW + 1, first + 1)
    for offset, (label, text) in enumerate(spec.below):
        sheet.write_string(HEADER_ROW + 2 + len(spec.rows) + offset, 0, f"{label} {text}", styles["note"])


def _write(sheet: Any, place: tuple[int, int], value: Any, text_style: Any, number_style: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(*place, value, text_style)
    else:
        sheet.write_number(*place, value, number_style)


def _fields(spec: TableSpec) -> Iterator[_Field]:
    for index, (column, title) in enumerate(zip(spec.columns, column_titles(spec), strict=True)):
        cells = [row[index] for row in spec.rows]
        yield _Field(index, "value", title, _number_format(column, cells))
        if any(isinstance(cell, EstimateCell) for cell in cells):
            yield from _estimate_fields(index, title, column, cells, spec)
        if any(isinstance(cell, CountCell) for cell in cells):
            yield _Field(index, "n", t("display.of_n", language=spec.language, column=title), "#,##0")


def _estimate_fields(
    index: int, title: str, column: Column, cells: Sequence[Cell], spec: TableSpec
) -> Iterator[_Field]:
    number_format = _number_format(column, cells)
    parts = ["std_error", "stars"]
    if any(isinstance(cell, EstimateCell) and cell.mean is not None for cell in cells):
        parts.append("mean")
    for part in parts:
        heading = t(f"display.{part}", language=spec.language, column=title)
        yield _Field(index, part, heading, number_format)


def _number_format(column: Column, cells: Sequence[Cell]) -> str:
    counts_only = all(isinstance(cell, int | CountCell) or is_missing(cell) for cell in cells)
    decimals = 0 if counts_only else column.places
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def _part(cell: Cell, part: str) -> str | int | float | None:
    if is_missing(cell):
        return None
    if isinstance(cell, EstimateCell):
        value: str | float | None = getattr(cell, part, None)
        return None if value == "" else value
    if isinstance(cell, CountCell):
        return cell.k if part == "value" else cell.n
    return cell if part == "value" else None


def _width(spec: TableSpec, field: _Field) -> float:
    texts = [str(_part(row[field.column], field.part) or "") for row in spec.rows]
    longest = max((len(text) for text in texts), default=0) if field.part == "value" else 0
    if spec.columns[field.column].kind != "text":
        longest = min(longest, 12)
    low, high = _WIDTH_LIMITS
    return float(min(high, max(low, longest, len(field.title) // 2 + 2)))


def _sheet_name(key: str, taken: set[str]) -> str:
    base = re.sub(r"[\[\]:*?/\\']", " ", key).strip()[:MAX_SHEET_NAME] or "table"
    name, number = base, 2
    while name.lower() in taken:
        suffix = f" {number}"
        name, number = base[: MAX_SHEET_NAME - len(suffix)] + suffix, number + 1
    taken.add(name.lower())
    return name
