"""Reading a table from csv, a workbook or a statistics file, with encoding, delimiter and damage told apart.

Cells of a csv stay text; turning them into numbers and dates is for those who know what they mean.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from quant.errors import AnswersError
from quant.sheet_extent import widest_extent

MAX_FILE_BYTES = 200 * 1024**2
MAX_UNPACKED_BYTES = 1024**3
MAX_PART_RATIO = 150
MAX_EXTENT = (
    50_000_000  # cells between the first corner and the farthest cell: each takes memory, filled or not
)
DELIMITERS = (";", ",", "\t", "|")
BLANK = frozenset({"", "na", "n/a", "nan", "nat", "none", "null", ".", "-", "<na>"})
_ZIP_BREAKS = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError
)  # fmt: skip
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_table(
    source: str | Path | bytes, name: str | None = None, *, sheet: str | None = None
) -> pd.DataFrame:
    """The table in a csv (usual delimiters; UTF-8, UTF-16 or Windows-1252), a workbook (.xlsx, .xls, .ods) or
    a statistics file (.sav, .dta, .parquet).

    source : a path, or the bytes of an upload with its `name`.
    sheet : which sheet of a workbook; the first one that holds anything if None.

    Titles above the column names are passed over; of two rows of headings the lower names the columns, with
    the upper where names repeat. Returns one row a record. The index is the record's place below the header,
    so that `index + 2` is the row number in the file; rows without any content are left out.
    Raises AnswersError if the file is empty, broken, protected or no table.
    """
    from quant.statistics_files import is_statistics_file, read_statistics_file

    content, label = file_content(source, name)
    if is_statistics_file(content, label):
        return read_statistics_file(content, label)
    if content.startswith((_ZIP, _OLE)):
        rows = _sheet_rows(read_sheets(content, label), sheet, label)
    else:
        rows = _csv_rows(decoded_text(content, label), label)
    return _as_frame(rows, label)


def sheet_names(content: bytes, name: str) -> list[str]:
    """Sheets of a workbook that hold anything; empty for other files. AnswersError if it cannot be opened."""
    if not content.startswith((_ZIP, _OLE)):
        return []
    sheets = read_sheets(content, name)
    return [title for title, rows in sheets.items() if any(one_text(cell) for row in rows for cell in row)]


def read_sheets(
    content: bytes, name: str, *, in_place: bool = False, merged: bool = False
) -> dict[str, list[list[Any]]]:
    """All sheets of a workbook as rows of cells; AnswersError if it cannot be opened.

    in_place : keep empty rows and columns before the first cell, so that places are those of the sheet.
    merged : repeat the content of merged cells in every place they cover; needs `in_place`.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _guard_archive(content, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {title: book.get_sheet_by_name(title) for title in book.sheet_names}
        rows = {title: sheet.to_python(skip_empty_area=not in_place) for title, sheet in sheets.items()}
        for title, sheet in sheets.items() if merged else ():
            _fill_merged(rows[title], sheet.merged_cell_ranges or ())
        return rows
    except (CalamineError, OSError, ValueError) as error:
        if content.startswith(_OLE):
            raise AnswersError(
                "{file}: the workbook cannot be opened ({detail}); remove its password, or save it as csv",
                reason="workbook_protected",
                file=name,
                detail=error,
            ) from error
        raise AnswersError(
            "{file}: the workbook cannot be opened ({detail}); open and save it again, or save it as csv",
            reason="workbook_not_opened",
            file=name,
            detail=error,
        ) from error


def _fill_merged(rows: list[list[Any]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    for (top, left), (bottom, right) in ranges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = rows[top][left]


def cell_text(column: pd.Series[Any]) -> pd.Series[str]:
    """Cells as stripped text; "" for every way of writing nothing; whole numbers without a point."""
    codes, values = pd.factorize(column)  # a column of answers has few different values: each is read once
    texts = np.array([*(one_text(value) for value in values), ""], dtype=object)
    return pd.Series(texts[codes], index=column.index, dtype=object)


def as_numbers(text: pd.Series[str]) -> pd.Series[float]:
    """Numbers of text cells with decimal point or comma; NaN where there is none."""
    codes, values = pd.factorize(text)
    numbers = _distinct_numbers(pd.Series(values, dtype=object)).to_numpy()
    return pd.Series(np.append(numbers, np.nan)[codes], index=text.index, dtype=float)


def _distinct_numbers(text: pd.Series[str]) -> pd.Series[float]:
    comma = text.str.fullmatch(r"[+\-−]?\d*,\d+(?:[eE][+-]?\d+)?").astype(bool)
    plain = text.where(~comma, text.str.replace(",", ".", regex=False)).str.replace("−", "-", regex=False)
    numbers = pd.to_numeric(plain.where(plain != "", None), errors="coerce").astype(float)
    return numbers.where(numbers.abs() != float("inf"))


def one_text(value: Any) -> str:
    """One cell as `cell_text` writes it."""
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, float):
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    text = str(value).strip()
    return "" if text.lower() in BLANK else text


def file_content(source: str | Path | bytes, name: str | None) -> tuple[bytes, str]:
    """The bytes of a file and its name; AnswersError if it is missing, empty or too large."""
    if isinstance(source, bytes):
        content, label = source, name or "file"
    else:
        path = Path(source)
        label = name or path.name
        if not path.is_file():
            raise AnswersError(
                "{file}: there is no such file; check the path", reason="no_such_file", file=label
            )
        if path.stat().st_size > MAX_FILE_BYTES:
            raise AnswersError(
                "{file}: the file is over {megabytes} MB; split it or keep fewer columns",
                reason="too_large",
                file=label,
                megabytes=MAX_FILE_BYTES // 1024**2,
            )
        content = path.read_bytes()
    if len(content) > MAX_FILE_BYTES:
        raise AnswersError(
            "{file}: the file is over {megabytes} MB; split it or keep fewer columns",
            reason="too_large",
            file=label,
            megabytes=MAX_FILE_BYTES // 1024**2,
        )
    if not content.strip():
        raise AnswersError(
            "{file}: the file is empty; expected a header row and one row a record",
            reason="empty_file",
            file=label,
        )
    return content, label


def _guard_archive(content: bytes, name: str) -> None:
    """A few kilobytes can unpack to gigabytes: refuse before anything is unpacked."""
    if not content.startswith(_ZIP):
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise _damaged(name, error) from error
    parts = archive.infolist()
    too_large = sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES or any(
        part.file_size > 1024**2 and part.file_size > MAX_PART_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if too_large:
        raise AnswersError(
            "{file}: the workbook unpacks to far more than its size; export the table as csv",
            reason="unpacks_too_much",
            file=name,
        )
    try:
        extent = widest_extent(archive)
    except _ZIP_BREAKS as error:
        raise _damaged(name, error) from error
    if extent > MAX_EXTENT:
        raise AnswersError(
            "{file}: a sheet has a cell so far out that the table would hold {millions} million cells; "
            "delete what stands outside the table, or export the table as csv",
            reason="cell_far_out",
            file=name,
            millions=extent // 1_000_000,
        )


def _damaged(name: str, error: Exception) -> AnswersError:
    return AnswersError(
        "{file}: the workbook is damaged ({detail}); save it again or export csv",
        reason="workbook_damaged",
        file=name,
        detail=error,
    )


def _sheet_rows(sheets: dict[str, list[list[Any]]], sheet: str | None, name: str) -> list[list[Any]]:
    if sheet is not None and sheet not in sheets:
        raise AnswersError(
            "{file}: there is no sheet {sheet!r} (sheets: {sheets})",
            reason="no_such_sheet",
            file=name,
            sheet=sheet,
            sheets=", ".join(sheets),
        )
    filled = [rows for title, rows in sheets.items() if sheet in (None, title) and rows]
    return filled[0] if filled else []


def decoded_text(content: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252; AnswersError if it is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        raise AnswersError(
            "{file}: this is not a text table or workbook; export it as csv or xlsx",
            reason="not_text_or_workbook",
            file=name,
        )
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AnswersError(
        "{file}: the text encoding cannot be read; save the file as UTF-8",
        reason="unknown_encoding",
        file=name,
    )


def _csv_rows(text: str, name: str) -> list[list[Any]]:
    delimiter = guess_delimiter(text)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise AnswersError(
            "{file}: the csv cannot be read ({detail}); check its quotation marks",
            reason="csv_broken",
            file=name,
            detail=error,
        ) from error


def guess_delimiter(text: str) -> str:
    """The delimiter that splits the first lines into the same number of cells, more cells preferred."""
    sample = [line for line in text.splitlines()[:50] if line.strip()]
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
        width, lines = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
        score = (lines / max(len(sample), 1) if width > 1 else 0.0, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _as_frame(rows: list[list[Any]], name: str) -> pd.DataFrame:
    start = next((n for n, row in enumerate(rows) if any(one_text(cell) for cell in row)), None)
    if start is None:
        raise AnswersError(
            "{file}: the table is empty; expected a header row and one row a record",
            reason="empty_table",
            file=name,
        )
    start = _below_titles(rows, start)
    header, start = _headings(rows, start, name)
    body: dict[int, list[Any]] = {}
    for number, row in enumerate(rows[start + 1 :], start):
        if not any(one_text(cell) for cell in row):
            continue
        if any(one_text(cell) for cell in row[len(header) :]):
            raise AnswersError(
                "{file}, row {row}: {cells} cells under {columns} column names; check delimiter and "
                "quotation marks in this row",
                reason="too_many_cells",
                file=name,
                row=number + 2,
                cells=len(row),
                columns=len(header),
            )
        body[number] = (row + [""] * len(header))[: len(header)]
    if not body:
        raise AnswersError(
            "{file}: there are column names and no rows below; expected one row a record",
            reason="no_rows",
            file=name,
        )
    return pd.DataFrame(list(body.values()), index=pd.Index(list(body)), columns=header, dtype=object)


def _below_titles(rows: list[list[Any]], start: int) -> int:
    """The row of column names: below titles, which are one cell wide where the table is three or more."""
    widths = [sum(bool(one_text(cell)) for cell in row) for row in rows[start : start + 8]]
    for place, width in enumerate(widths):
        if width >= 3:
            return start + place if all(w <= 1 for w in widths[:place]) else start
    return start


def _headings(rows: list[list[Any]], start: int, name: str) -> tuple[list[str], int]:
    """Column names and the row they stand in: the second where a row of group headings stands above it."""
    upper = [one_text(cell) for cell in rows[start]]
    lower = [one_text(cell) for cell in rows[start + 1]] if start + 1 < len(rows) else []
    lower = lower[: len(lower) - next((n for n, cell in enumerate(reversed(lower)) if cell), len(lower))]
    texts_only = bool(lower) and all(lower) and as_numbers(pd.Series(lower, dtype=object)).isna().all()
    filled = [cell for cell in upper[: len(lower)] if cell]
    grouped = len(filled) < len(lower) or len(set(filled)) < len(filled)
    below = [one_text(cell) for row in rows[start + 2 : start + 12] for cell in row]
    numbers = bool(below) and as_numbers(pd.Series(below, dtype=object)).notna().any()
    if not (texts_only and grouped and numbers and len(lower) >= max(2, len(upper) // 2)):
        return _header(rows[start], name), start
    if len(set(lower)) == len(lower):
        return _header(rows[start + 1], name), start + 1
    groups, last = [], ""
    for place in range(len(lower)):
        last = upper[place] if place < len(upper) and upper[place] else last
        groups.append(last)
    repeated = {cell for cell, n in Counter(lower).items() if n > 1}
    joined = [f"{g} {c}".strip() if c in repeated else c for g, c in zip(groups, lower, strict=True)]
    return _header(joined, name), start + 1


def _header(cells: list[Any], name: str) -> list[str]:
    names = [one_text(cell) or f"column_{place}" for place, cell in enumerate(cells, 1)]
    while names and names[-1] == f"column_{len(names)}":
        names.pop()
    repeated = [column for column, n in Counter(names).items() if n > 1]
    if repeated:
        raise AnswersError(
            "{file}: two columns are called {column!r}; give every column its own name",
            reason="repeated_column",
            file=name,
            column=repeated[0],
        )
    return names
