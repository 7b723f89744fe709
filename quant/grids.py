"""A table as it stands in a document: rows of cells, title, notes below, and how a cell is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quant.table_words import table_words

CAPTION = re.compile(r"^\s*(?:tabel|table|tab\.)\s*[A-Z]?\.?\d+(?:\.\d+)*[a-z]?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """A table of cell texts; a merged cell is repeated in every place it covers.

    place : what it is called in its file: a sheet, or the number of the table.
    first_row : row of the file in which `rows` begin, counted from 1.
    lettered : cells are named as in a workbook (C7), else by row and column.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    place: str = ""
    first_row: int = 1
    lettered: bool = False

    def cell(self, row: int, column: int) -> str:
        """The name of a cell, both counted from 0 within `rows`."""
        number = self.first_row + row
        if not self.lettered:
            return f"r{number}c{column + 1}"
        letters, left = "", column + 1
        while left:
            left, digit = divmod(left - 1, 26)
            letters = chr(65 + digit) + letters
        return f"{self.place}!{letters}{number}" if self.place else f"{letters}{number}"


def split_blocks(rows: Sequence[Sequence[str]], *, place: str, lettered: bool = False) -> list[Grid]:
    """The tables of a sheet: parted by a caption, by two blank rows, or by notes that something follows."""
    blocks: list[list[int]] = []
    blank, below = 2, False
    for number, row in enumerate(rows):
        filled = [cell for cell in row if cell]
        if not filled:
            blank += 1
            continue
        alone = filled[0] if len(set(filled)) == 1 else ""
        note = bool(alone) and is_note(alone)
        if blank >= 2 or bool(CAPTION.match(alone)) or (below and not note):
            blocks.append([])
        blocks[-1].append(number)
        blank, below = 0, note
    return [_block(rows, numbers, place, lettered) for numbers in blocks]


def one_block(rows: Sequence[Sequence[str]], *, place: str) -> Grid:
    """All rows as one table; blank ones count, so that rows keep their numbers."""
    return _block(rows, [n for n, row in enumerate(rows) if any(row)], place, lettered=False)


def is_note(text: str) -> bool:
    """Whether a line stands below a table: it explains stars or parentheses, or names itself a note."""
    lowered = text.strip().lower()
    return lowered.startswith(table_words().notes) or bool(
        re.search(r"[*+#†]\s*:?\s*p\s*[<≤]|parenthes|parentes|in brackets|p\s*[<≤]\s*0?[.,]\d", lowered)
    )


def _block(rows: Sequence[Sequence[str]], numbers: list[int], place: str, lettered: bool) -> Grid:
    """Lines of one cell above the table are its title, those below it its notes."""
    alone = {n: only_text(rows[n]) for n in numbers}
    titles: list[str] = []
    notes: list[str] = []
    while numbers and alone[numbers[0]] and not _numbered(alone[numbers[0]]):
        titles.append(alone[numbers.pop(0)])
    while numbers and alone[numbers[-1]] and is_note(alone[numbers[-1]]):
        notes.insert(0, alone[numbers.pop()])
    if not numbers:
        return Grid(" ".join(titles), (), tuple(notes), place, 1, lettered)
    first, last = numbers[0], numbers[-1]
    width = max(len(row) for row in rows[first : last + 1])
    body = tuple((*row, *[""] * (width - len(row))) for row in rows[first : last + 1])
    return Grid(" ".join(titles), body, tuple(notes), place, first + 1, lettered)


def only_text(row: Sequence[str]) -> str:
    """The text of a row that has no other, in its first cell or merged over all of them."""
    return row[0] if row and row[0] and not {*row} - {row[0], ""} else ""


def _numbered(text: str) -> bool:
    return bool(re.fullmatch(r"\(?\d+\)?", text))
