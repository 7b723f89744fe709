"""Tables as values and numbers as text: one object behind screen, Word, xlsx and `--json`."""

from workbench.display.cells import cell_lines, cell_text, column_title, column_titles
from workbench.display.numbers import (
    MINUS,
    NO_BREAK,
    format_number,
    format_p_value,
    format_percent,
    restyle_stars,
    stars_for,
    stars_note,
)
from workbench.display.renderers import to_frame, to_records
from workbench.display.table import Align, Cell, Column, CountCell, EstimateCell, Kind, TableSpec
from workbench.display.workbook import to_xlsx

__all__ = [
    "MINUS",
    "NO_BREAK",
    "Align",
    "Cell",
    "Column",
    "CountCell",
    "EstimateCell",
    "Kind",
    "TableSpec",
    "cell_lines",
    "cell_text",
    "column_title",
    "column_titles",
    "format_number",
    "format_p_value",
    "format_percent",
    "restyle_stars",
    "stars_for",
    "stars_note",
    "to_frame",
    "to_records",
    "to_xlsx",
]
