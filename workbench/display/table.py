"""The table as a value: what the screen, Word, xlsx and `--json` all show.

Cells hold raw values; `workbench.display.cells` turns them into text, renderers decide nothing about numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from workbench.i18n import Language, t

Kind = Literal["text", "integer", "decimal", "percent", "estimate", "p_value"]
Align = Literal["left", "center", "right", "decimal"]

_KIND_ALIGN: dict[Kind, Align] = {
    "text": "left",
    "integer": "right",
    "decimal": "decimal",
    "percent": "decimal",
    "estimate": "decimal",
    "p_value": "decimal",
}
_KIND_DECIMALS: dict[Kind, int] = {
    "text": 0, "integer": 0, "decimal": 2, "percent": 0, "estimate": 3, "p_value": 3
}  # fmt: skip


@dataclass(frozen=True)
class EstimateCell:
    """A coefficient with its standard error, its stars and, if known, the mean it is read against."""

    value: float
    std_error: float | None = None
    stars: str = ""
    mean: float | None = None


@dataclass(frozen=True)
class CountCell:
    """`k` of `n`: how many interviews, with the denominator beside it."""

    k: int
    n: int


Cell: TypeAlias = str | int | float | EstimateCell | CountCell | None


@dataclass(frozen=True)
class Column:
    """One column: how its values are written, and how wide it is beside the others.

    key : name of the value in records and xlsx.
    decimals : one number of decimals for the whole column; None takes the default of the kind.
    weight : share of the width in Word; None takes a width from the content.
    group : heading that spans neighbouring columns with the same group.
    missing : what stands where there is no value.
    emphasis : how the cells are set in Word.
    """

    key: str
    title: str
    kind: Kind = "text"
    decimals: int | None = None
    align: Align | None = None
    weight: float | None = None
    group: str = ""
    missing: str = ""
    emphasis: Literal["", "strong", "italic"] = ""

    @property
    def places(self) -> int:
        """Number of decimals."""
        return _KIND_DECIMALS[self.kind] if self.decimals is None else self.decimals

    @property
    def alignment(self) -> Align:
        """How cells stand in the column."""
        return self.align or _KIND_ALIGN[self.kind]


@dataclass(frozen=True)
class TableSpec:
    """A table: columns, rows of raw values, and what stands below it.

    rows : one tuple a row, as many cells as columns.
    remarks, notes, source : stand below the table as `Anm.:`, `Note:`, `Kilde:`, in this order.
    sections : `(row index, heading)`; the heading spans the table before that row.
    summary_from : index of the first row of the closing block (N, R2 ...), set off by a rule.

    Raises ValueError if a row has another number of cells than there are columns, or two columns share a key.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    language: Language = "da"
    remarks: tuple[str, ...] = ()
    sections: tuple[tuple[int, str], ...] = ()
    summary_from: int | None = None

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"table {self.key!r}: two columns share a key in {keys}")
        for number, row in enumerate(self.rows):
            if len(row) != len(keys):
                raise ValueError(f"table {self.key!r}, row {number}: {len(row)} cells, expected {len(keys)}")

    @property
    def column_groups(self) -> tuple[tuple[str, int], ...]:
        """`(group heading, number of columns)` from left to right; empty if no column has a group."""
        runs: list[tuple[str, int]] = []
        for column in self.columns:
            if runs and column.group and runs[-1][0] == column.group:
                runs[-1] = (column.group, runs[-1][1] + 1)
            else:
                runs.append((column.group, 1))
        return tuple(runs) if any(group for group, _ in runs) else ()

    @property
    def below(self) -> tuple[tuple[str, str], ...]:
        """`(label, text)` of what stands below the table: remarks, notes, source."""
        texts = (
            ("remark", " ".join(self.remarks)),
            ("note", " ".join(self.notes)),
            ("source", self.source),
        )
        return tuple((t(f"display.{kind}", language=self.language), text) for kind, text in texts if text)

    def section_before(self, row: int) -> str | None:
        """The heading that stands before the row, if any."""
        return next((heading for index, heading in self.sections if index == row), None)


def is_missing(cell: Cell) -> bool:
    """Whether the cell has no value (None or not a number)."""
    return cell is None or (isinstance(cell, float) and math.isnan(cell))
