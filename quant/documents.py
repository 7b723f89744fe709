"""A document as paragraphs and tables in order: what readers of Word, RTF, HTML and TeX hand over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from quant.grids import CAPTION, Grid, is_note, split_blocks

Rows: TypeAlias = tuple[tuple[str, ...], ...]
LONGEST_TITLE = 300


@dataclass(frozen=True)
class Document:
    """Paragraphs (text) and tables (rows of cells; a merged cell in every place it covers), in order."""

    parts: tuple[str | Rows, ...]

    @property
    def paragraphs(self) -> tuple[tuple[str, str], ...]:
        """`(place, text)` of each paragraph with words in it: `paragraph 3`."""
        texts = [part.strip() for part in self.parts if isinstance(part, str) and part.strip()]
        return tuple((f"¶{number}", text) for number, text in enumerate(texts, 1))

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The tables with the caption before and the notes after each."""
        parts = [part for part in self.parts if not isinstance(part, str) or part.strip()]
        numbers = [place for place, part in enumerate(parts) if not isinstance(part, str)]
        return tuple(
            grid
            for count, place in enumerate(numbers, 1)
            for grid in _grids(parts[place], count, _title(parts, place), _notes(parts, place))
        )


def as_rows(rows: Iterable[Sequence[str]]) -> Rows:
    """Rows of one width, blanks stripped from the cells."""
    stripped = [[cell.strip() for cell in row] for row in rows]
    width = max((len(row) for row in stripped), default=0)
    return tuple(tuple(row + [""] * (width - len(row))) for row in stripped)


def _grids(rows: str | Rows, count: int, title: str, notes: tuple[str, ...]) -> list[Grid]:
    assert not isinstance(rows, str)
    blocks = [grid for grid in split_blocks(rows, place=f"{count}") if grid.rows]
    return [
        Grid(
            " ".join(text for text in (title, grid.title) if text),
            grid.rows,
            (*grid.notes, *notes),
            grid.place,
            grid.first_row,
        )
        for grid in blocks
    ]


def _title(parts: Sequence[str | Rows], place: int) -> str:
    """The caption: a line that names a table, at most two lines above, else a short line right above."""
    above: list[str] = []
    for part in reversed(parts[max(0, place - 2) : place]):
        if not isinstance(part, str):
            break
        above.insert(0, part.strip())
    for number, text in enumerate(above):
        if CAPTION.match(text):
            bare = len(text.split()) <= 2
            return " ".join(above[number:]) if bare else text
    last = above[-1] if above else ""
    sentence = len(last) > LONGEST_TITLE or last.endswith((".", ":", ";"))
    return "" if sentence or is_note(last) else last


def _notes(parts: Sequence[str | Rows], place: int) -> tuple[str, ...]:
    notes: list[str] = []
    for part in parts[place + 1 :]:
        if not isinstance(part, str) or not is_note(part):
            break
        notes.append(part.strip())
    return tuple(notes)
