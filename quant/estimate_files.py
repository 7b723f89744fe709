"""A file of estimates from elsewhere: lists with a row an estimate, and printed tables in the long form.

Reads csv, workbooks and statistics files (parmest, regsave, broom), and tables as printed: text of esttab and
stargazer, RTF, HTML and TeX, published xlsx tables, Word reports. `read_estimates` takes it from there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from quant.documents import Document
from quant.errors import AnswersError, EstimatesError
from quant.estimate_cells import read_cell
from quant.estimate_mapping import FILE_ROW, EstimateMapping, guess_estimate_mapping
from quant.grids import Grid, split_blocks
from quant.long_mapping import guess_long_mapping
from quant.markup_grids import html_document, tex_document
from quant.regression_grids import PLACE, TABLE, LongTable, long_table
from quant.rtf_grids import rtf_document
from quant.statistics_files import VALUE_LABELS, is_statistics_file
from quant.tables import cell_text, decoded_text, file_content, one_text, read_sheets, read_table
from quant.text_grids import text_grids
from quant.word_tables import is_word_file, read_word

STAR_LEVELS = "star_levels"  # key of `frame.attrs`: sign -> p-value, where the notes of all tables agree
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
LIST_SHARE = 0.6  # a column of estimates holds numbers in at least so many of its filled cells


@dataclass(frozen=True)
class FoundTable:
    """A table with estimates in it: its name in the column `table` of the frame, and how many it holds."""

    name: str
    estimates: int


@dataclass(frozen=True)
class EstimateFile:
    """What a file holds, before a person confirms the mapping.

    kind : "list" (one row an estimate, the file's own columns) or "tables" (printed, in the long form).
    frame : one row an estimate; `attrs["star_levels"]` if the notes state them.
    tables : empty for a list.   mapping : None where no column can be the estimate, for the reason `problem`.
    unread : cells among the estimates that hold something else, as (place, text).
    """

    kind: Literal["list", "tables"]
    frame: pd.DataFrame
    tables: tuple[FoundTable, ...]
    mapping: EstimateMapping | None
    problem: EstimatesError | None = None
    unread: tuple[tuple[str, str], ...] = ()


def read_estimate_file(source: str | Path | bytes, name: str | None = None) -> EstimateFile:
    """Read a file of estimates and guess what its columns are.

    source : a path, or the bytes of an upload with its `name`.

    Raises EstimatesError if the file is damaged, hostile or holds no table of estimates.
    Source: docs/methods/estimates.md
    """
    try:
        content, label = file_content(source, name)
        document = read_document(content, label)
        if document is not None:
            return _printed(document.grids, label)
        return _list_or_printed(content, label)
    except AnswersError as error:
        raise EstimatesError("{problem}", reason="problem", problem=error) from error


def read_document(content: bytes, name: str) -> Document | None:
    """Paragraphs and tables of a Word, RTF, HTML or TeX file; None for other files.

    Raises EstimatesError if the file is damaged, hostile or a PDF.
    """
    if content.startswith(b"%PDF"):
        raise EstimatesError(
            "{file}: tables cannot be read from a PDF; use the .docx, .xlsx, .csv or .tex it was made from",
            reason="estimates_in_pdf",
            file=name,
        )
    if is_word_file(content, name):
        return read_word(content, name)
    start = content[:4096].lstrip().lower()
    if start.startswith(b"{\\rtf"):
        return rtf_document(decoded_text(content, name))
    if b"<table" in start or b"<html" in start or name.lower().endswith((".html", ".htm")):
        return html_document(decoded_text(content, name), name)
    if b"\\begin{tab" in content or b"\\begin{longt" in content or b"\\begin{t" in start:
        return tex_document(decoded_text(content, name))
    return None


def _list_or_printed(content: bytes, name: str) -> EstimateFile:
    """A file that may be either: a list if a column of it holds estimates, else the tables in it."""
    try:
        found, problem = _as_list(content, name), None
    except AnswersError as error:
        found, problem = None, error
    if found is not None and (_plausible(found) or is_statistics_file(content, name)):
        return found
    grids = _grids(content, name)
    if any(table is not None and table.marked for table in map(long_table, grids)):
        return _printed(grids, name)
    if found is None:
        assert problem is not None
        raise problem
    return found


def _as_list(content: bytes, name: str) -> EstimateFile:
    frame = _labelled(read_table(content, name))
    try:
        mapping = guess_estimate_mapping(frame.columns)
    except EstimatesError as error:
        return EstimateFile("list", frame, (), None, error)
    return EstimateFile("list", frame, (), mapping)


def _plausible(found: EstimateFile) -> bool:
    """Whether it is a list: by its columns, or its estimates are mostly numbers; never with errors in rows.

    A printed table has no column of standard errors or outcomes beside that of the estimates.
    """
    if found.mapping is None:
        return False
    cells = [read_cell(text) for text in cell_text(found.frame[found.mapping.columns["estimate"]]) if text]
    numbers = sum(bool(cell.number) for cell in cells)
    named = {"std_error", "outcome"} <= set(found.mapping.columns) and numbers > 0
    listed = named or (bool(cells) and numbers / len(cells) >= LIST_SHARE)
    return listed and not any(cell.enclosed_only for cell in cells)


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Value labels of a statistics file in place of their codes."""
    labels = frame.attrs.get(VALUE_LABELS, {})
    for column, texts in labels.items():
        if column in frame.columns:
            text = cell_text(frame[column])
            frame[column] = text.map(lambda code, texts=texts: texts.get(code, code))
    return frame


def _grids(content: bytes, name: str) -> list[Grid]:
    if not content.startswith(_WORKBOOK):
        return text_grids(decoded_text(content, name), Path(name).stem)
    sheets = read_sheets(content, name, in_place=True, merged=True)
    return [
        grid
        for title, rows in sheets.items()
        for grid in split_blocks(
            [[one_text(cell) for cell in row] for row in rows], place=title, lettered=True
        )
    ]


def _printed(grids: Sequence[Grid], name: str) -> EstimateFile:
    read = [(grid, table) for grid in grids if (table := long_table(grid)) is not None and table.marked]
    if not read:
        raise EstimatesError(
            "{file}: no table of estimates among its {tables} tables; expected cells such as 0.031** with "
            "(0.012) beside or below them; choose another file, or write one row an estimate",
            reason="no_estimate_table",
            file=name,
            tables=len(grids),
        )
    frames = _named(read)
    frame = pd.concat(frames, ignore_index=True).fillna("")
    last = [column for column in (PLACE, FILE_ROW) if column in frame.columns]
    frame = frame.loc[:, [*(c for c in frame.columns if c not in last), *last]]
    levels = [table.levels for _, table in read if table.levels]
    if levels and all(other == levels[0] for other in levels):
        frame.attrs[STAR_LEVELS] = levels[0]
    found = tuple(FoundTable(str(part[TABLE].iloc[0]), len(part)) for part in frames)
    unread = tuple((f"{grid.title or grid.place}, {row}", text) for grid, t in read for row, text in t.unread)
    titles = max((table.row_titles for _, table in read), key=lambda names: sum(map(bool, names)))
    return EstimateFile("tables", frame, found, guess_long_mapping(frame, titles), None, unread)


def _named(read: Sequence[tuple[Grid, LongTable]]) -> list[pd.DataFrame]:
    """The frames with a name for each table that no other has."""
    taken: set[str] = set()
    frames = []
    for grid, table in read:
        base = re.sub(r"\s+", " ", grid.title or grid.place).strip()
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(name)
        frames.append(table.frame.assign(**{TABLE: name}))
    return frames
