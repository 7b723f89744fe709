"""A printed regression table in the long form: one row an estimate, with its headings, errors and sample.

The table may have several rows of headings, standard errors beside, below or within the cell of the estimate,
sections, and N and R2 at the bottom. What its headings mean is `guess_long_mapping`'s part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from quant.estimate_cells import CellParts, read_cell
from quant.estimate_mapping import FILE_ROW
from quant.grids import Grid, is_note, only_text
from quant.mapping import plain
from quant.printed import read_number
from quant.table_notes import TableNotes, read_notes
from quant.table_words import table_words

LONG_NUMBERS = (
    "estimate", "std_error", "stars", "statistic", "p_value", "ci_low", "ci_high", "treated_mean", "n", "df",
    "r2", "adjusted_r2", "outcome_sd",
)  # fmt: skip
_ENCLOSED = ("parentheses", "brackets", "ci_low")
PLACE, TABLE, SECTION = "place", "table", "section"


@dataclass(frozen=True)
class LongTable:
    """One printed table in the long form.

    frame : one row an estimate, all text: table, section, row, row_2 ..., column_1, column_2 ... (headings
        above it), `LONG_NUMBERS`, place (table and cell), file_row.
    row_titles : heading above each column of labels.   levels : sign -> p-value, as the notes say.
    unread : cells of rows of estimates that hold something else, as (row of the file, text).
    marked : whether it shows how sure its numbers are: by stars, by standard errors in parentheses or
        brackets (standard deviations do not count), or in columns that are named so.
    """

    frame: pd.DataFrame
    row_titles: tuple[str, ...]
    levels: dict[str, float]
    unread: tuple[tuple[int, str], ...]
    marked: bool


def long_table(grid: Grid) -> LongTable | None:
    """Read a printed table; None if there is no estimate in it."""
    reader = _GridReader(grid)
    return reader.read() if reader.first_body is not None and reader.labels else None


@dataclass
class _Term:
    """An estimate being read, and where it stands."""

    row: int
    column: int
    section: str
    labels: tuple[str, ...]
    values: dict[str, str] = field(default_factory=dict)


class _GridReader:
    """One pass over a table from its first row to its last."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._cells = [[read_cell(text) for text in row] for row in grid.rows]
        self.first_body = self._find_body()
        self.labels = self._count_labels() if self.first_body is not None else 0
        self._terms: list[_Term] = []
        self._open: list[_Term] = []  # estimates whose N and R2 are still to come
        self._last: dict[int, _Term] = {}
        self._closed = False
        self._section = ""
        self._held: list[str] = []
        self._notes: list[str] = [grid.title, *grid.notes]
        self._unread: list[tuple[int, str]] = []

    def read(self) -> LongTable | None:
        """Read all rows of the body; None if no estimate is among them."""
        assert self.first_body is not None
        header = self._headings()
        self._roles = self._column_roles(header)
        for number in range(self.first_body, len(self._cells)):
            self._read_row(number)
        if not self._terms:
            return None
        notes = read_notes(self._notes)
        rows = [self._record(term, notes, header) for term in self._terms]
        titles = tuple(self._label_title(header, place) for place in range(self.labels))
        frame = pd.DataFrame(rows, dtype=object).fillna("")
        return LongTable(frame, titles, notes.levels, tuple(self._unread), self._marked(notes))

    def _marked(self, notes: TableNotes) -> bool:
        if any(role not in ("estimate", "beside") for role, _ in self._roles.values()):
            return True
        deviations = "other" in (notes.parentheses, notes.brackets)
        stars = any(term.values.get("stars") for term in self._terms)
        enclosed = any(name in term.values for term in self._terms for name in _ENCLOSED)
        return stars or (enclosed and not deviations)

    def _find_body(self) -> int | None:
        """The first row with an evident estimate, or with whole numbers above a row of parentheses."""
        for number, row in enumerate(self._cells):
            if any(cell.evident for cell in row[1:]):
                return number
            below = self._cells[number + 1] if number + 1 < len(self._cells) else []
            whole = any(cell.number for cell in row[1:])
            if whole and not row[0].blank and any(c.enclosed_only for c in below) and not _counted(below):
                return number
        return None

    def _count_labels(self) -> int:
        """Columns of labels: those before the first that holds an evident estimate."""
        assert self.first_body is not None
        body = self._cells[self.first_body :]
        width = max((len(row) for row in body), default=0)
        for column in range(width):
            cells = [row[column] for row in body if column < len(row)]
            if any(cell.evident or cell.enclosed_only for cell in cells):
                return column
        return 1

    def _headings(self) -> list[tuple[str, ...]]:
        """Rows of headings; one over blank cells to its right covers them. A last one alone is a section."""
        assert self.first_body is not None
        general = table_words().headings
        rows = [
            list(row)
            for row in self._grid.rows[: self.first_body]
            if {plain(text) for text in row if text} - general
        ]
        while len(rows) > 1 and only_text(rows[-1]):
            self._section = only_text(rows.pop())
        return [tuple(row if place == len(rows) - 1 else self._spread(row)) for place, row in enumerate(rows)]

    def _spread(self, row: list[str]) -> list[str]:
        spread = list(row)
        for column in range(self.labels + 1, len(row)):
            spread[column] = row[column] or spread[column - 1]
        return spread

    def _column_roles(self, header: list[tuple[str, ...]]) -> dict[int, tuple[str, int]]:
        """Column -> what it holds, and the column of the estimate that it belongs to."""
        width = max(len(row) for row in self._grid.rows)
        columns = range(self.labels, width)
        words = table_words().columns
        named = {c: words.get(plain(self._lowest(header, c)), "") for c in columns}
        kinds = set(named.values()) - {""}
        if "estimate" in kinds and len(kinds) > 1:
            return self._named_roles(named)
        roles: dict[int, tuple[str, int]] = {}
        owner = self.labels
        for c in columns:
            beside = c > self.labels and self._only_enclosed(c) and not self._only_enclosed(owner)
            if not beside:
                owner = c
            roles[c] = ("beside" if beside else "estimate", owner)
        return roles

    def _named_roles(self, named: dict[int, str]) -> dict[int, tuple[str, int]]:
        roles: dict[int, tuple[str, int]] = {}
        owner: int | None = None
        for column, kind in named.items():
            owner = column if kind == "estimate" else owner
            if kind and owner is not None:
                roles[column] = (kind, owner)
        return roles

    def _only_enclosed(self, column: int) -> bool:
        assert self.first_body is not None
        cells = [row[column] for row in self._cells[self.first_body :] if column < len(row)]
        return any(c.enclosed_only for c in cells) and all(
            c.enclosed_only or c.blank or c.text for c in cells
        )

    def _lowest(self, header: list[tuple[str, ...]], column: int) -> str:
        texts = [row[column] for row in header if column < len(row) and row[column]]
        return texts[-1] if texts else ""

    def _label_title(self, header: list[tuple[str, ...]], place: int) -> str:
        return self._lowest(header, place)

    def _read_row(self, number: int) -> None:
        row, texts = self._cells[number], self._grid.rows[number]
        label = next((text for text in texts[: self.labels] if text), "")
        values = {c: cell for c, cell in enumerate(row) if c >= self.labels and not cell.blank}
        numeric = {c: cell for c, cell in values.items() if not cell.text}
        alone = {text for text in texts if text}
        if not alone:
            return
        if len(alone) == 1 and not numeric:
            self._text_alone(next(iter(alone)))
            return
        kind = table_words().statistics.get(plain(label.replace("^", "")), "") if label else ""
        if kind:
            self._statistic(kind, {c: cell for c, cell in numeric.items() if cell.number})
        elif numeric and self._continues(number, label, numeric):
            for column, cell in numeric.items():
                self._below(column, cell)
        elif numeric:
            self._estimates(number, values)

    def _text_alone(self, text: str) -> None:
        if is_note(text):
            self._notes.append(text)
        else:
            self._section, self._held = text, []

    def _continues(self, number: int, label: str, numeric: dict[int, CellParts]) -> bool:
        """Whether the row belongs to the estimates above it: no label of its own, or the same merged one."""
        merged = number > 0 and label == next(
            (t for t in self._grid.rows[number - 1][: self.labels] if t), ""
        )
        enclosed = all(cell.enclosed_only for cell in numeric.values())
        return bool(self._last) and ((enclosed and (not label or merged)) or not label)

    def _below(self, column: int, cell: CellParts) -> None:
        term = self._last.get(self._roles.get(column, ("", column))[1])
        if term is None:
            return
        self._enclosed(term, cell)
        if cell.number and "parentheses" not in term.values:
            term.values["parentheses"] = cell.number

    def _estimates(self, number: int, values: dict[int, CellParts]) -> None:
        if self._closed:
            self._open, self._closed = [], False
        self._last = {}
        line, labels = self._grid.first_row + number, self._labels_of(number)
        for column, cell in values.items():
            role, owner = self._roles.get(column, ("", column))
            if role == "estimate" and cell.number:
                printed = {"estimate": cell.number, "stars": cell.stars}
                term = _Term(number, column, self._section, labels, printed)
                self._enclosed(term, cell)
                self._terms.append(term)
                self._open.append(term)
                self._last[column] = term
            elif role == "beside" and owner in self._last:
                self._enclosed(self._last[owner], cell)
            elif role == "stars" and owner in self._last:
                self._last[owner].values["stars"] = cell.text or cell.stars
            elif role and owner in self._last:
                self._last[owner].values[role] = cell.number or cell.parentheses or cell.brackets or cell.text
            elif role == "estimate" and cell.text:
                self._unread.append((line, cell.text))

    def _enclosed(self, term: _Term, cell: CellParts) -> None:
        term.values["stars"] = term.values.get("stars", "") or cell.stars
        for name in ("parentheses", "brackets"):
            if getattr(cell, name):
                term.values.setdefault(name, getattr(cell, name))
        if cell.pair:
            term.values["ci_low"], term.values["ci_high"] = cell.pair

    def _statistic(self, kind: str, numeric: dict[int, CellParts]) -> None:
        self._closed = True
        if kind == "other":
            return
        whole = kind in ("n", "df")
        for term in self._open:
            cell = numeric.get(term.column)
            number = read_number(cell.number, whole=whole) if cell else None
            if cell and number:
                term.values[kind] = f"{number.value:.0f}" if whole and number.value % 1 == 0 else cell.number

    def _record(self, term: _Term, notes: TableNotes, header: Sequence[tuple[str, ...]]) -> dict[str, str]:
        title, place = self._grid.title, self._grid.place
        named = any(role not in ("estimate", "beside") for role, _ in self._roles.values())
        above = [row[term.column] for row in (header[:-1] if named else header)]
        section = term.section
        if named and not any(above):  # the headings of a list are its sections
            above, section = [section], ""
        record = {TABLE: title or place, SECTION: section}
        record |= {"row" if n == 0 else f"row_{n + 1}": text for n, text in enumerate(term.labels)}
        record |= {f"column_{n}": text for n, text in enumerate(above, 1)}
        record |= {name: term.values.get(name, "") for name in LONG_NUMBERS}
        self._read_enclosed(record, term, notes)
        cell = self._grid.cell(term.row, term.column)
        before = title or ("" if self._grid.lettered else place)
        record[PLACE] = f"{before}, {cell}" if before else cell
        record[FILE_ROW] = str(self._grid.first_row + term.row)
        return record

    def _labels_of(self, number: int) -> tuple[str, ...]:
        """The labels of a row; of several columns an upper label holds until the next one."""
        own = list(self._grid.rows[number][: self.labels])
        for place in range(self.labels - 1):
            own[place] = own[place] or (self._held[place] if place < len(self._held) else "")
        self._held = own
        return tuple(own)

    def _read_enclosed(self, record: dict[str, str], term: _Term, notes: TableNotes) -> None:
        """Give what stands in parentheses and brackets the meaning that notes or the table itself say."""
        for name, stated in (("parentheses", notes.parentheses), ("brackets", notes.brackets)):
            kind = stated or self._usual(name)
            inside = term.values.get(name, "")
            if inside and kind in record and not record[kind]:
                record[kind] = inside

    def _usual(self, name: str) -> str:
        """Parentheses hold standard errors unless one is negative, which only a test statistic can be."""
        if name == "brackets":
            return ""
        inside = (term.values.get("parentheses", "") for term in self._terms)
        return "statistic" if any(text.startswith(("-", "−", "–")) for text in inside) else "std_error"


def _counted(row: Sequence[CellParts]) -> bool:
    """Whether the row is the numbers of the models: (1) (2) (3)."""
    inside = [cell.parentheses for cell in row if not cell.blank and not cell.text]
    return inside == [str(n) for n in range(1, len(inside) + 1)]
