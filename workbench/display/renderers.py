"""A TableSpec as a frame of texts for the screen and as raw records for `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.display.cells import cell_text, column_titles
from workbench.display.table import Cell, CountCell, EstimateCell, TableSpec, is_missing

if TYPE_CHECKING:
    import pandas as pd

SECTION = "section"


def to_frame(spec: TableSpec, *, line_break: str = "\n") -> pd.DataFrame:
    """The table as formatted text: (n_rows, n_columns) frame of str, columns named by their headings.

    Sections of the table, if any, become a first column without a heading.
    """
    # Slow to import: what only writes Word or JSON does without.
    import pandas as pd

    rows = [
        [
            cell_text(cell, column, spec.language, line_break=line_break)
            for cell, column in zip(row, spec.columns, strict=True)
        ]
        for row in spec.rows
    ]
    frame = pd.DataFrame(rows, columns=list(column_titles(spec)), dtype=object)
    if spec.sections:
        # A stub column may have no heading either: two columns must not share one.
        heading = " " if "" in frame.columns else ""
        frame.insert(0, heading, pd.Series(row_sections(spec), index=frame.index, dtype=object))
    return frame


def to_records(spec: TableSpec) -> list[dict[str, Any]]:
    """The table as raw values, one dict a row: numbers unrounded, estimates and counts as small dicts."""
    keys = [column.key for column in spec.columns]
    records = [dict(zip(keys, map(raw_value, row), strict=True)) for row in spec.rows]
    if not spec.sections:
        return records
    return [{SECTION: section, **record} for section, record in zip(row_sections(spec), records, strict=True)]


def raw_value(cell: Cell) -> Any:
    """A cell as JSON can hold it."""
    if is_missing(cell):
        return None
    if isinstance(cell, CountCell):
        return {"k": cell.k, "n": cell.n}
    if isinstance(cell, EstimateCell):
        value = {"estimate": cell.value, "std_error": cell.std_error, "stars": cell.stars}
        return value if cell.mean is None else {**value, "mean": cell.mean}
    return cell


def row_sections(spec: TableSpec) -> list[str]:
    """The section each row belongs to, empty before the first."""
    current, sections = "", []
    for index in range(len(spec.rows)):
        current = spec.section_before(index) or current
        sections.append(current)
    return sections
