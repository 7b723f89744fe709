"""Transcripts kept as a table in a sheet (.xlsx, .csv, .tsv): a column of words beside speakers or times."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median

from interviews.bounded import BoundedError, bounded_refusal, run_bounded
from interviews.characters import clean_text, decode, refuse_too_long, refuse_too_many
from interviews.errors import TranscriptError
from interviews.source import Paragraph, ReadingWarning, Source, reading_warning, refusal
from interviews.tables import Columns, find_columns
from interviews.times import seconds_of
from interviews.zip_guard import open_zip

SECONDS = 30.0
MEMORY_BYTES = 500_000_000

Row = tuple[str, ...]

_ABOVE = 15  # rows above the titles in which a sheet may say what it is about
_DELIMITERS = ("\t", ";", ",", "|")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\s*\d{1,9}(?:[.,]\d{1,6})?\s*$")
_NUMBER_TITLE = re.compile(r"\b(?:start|begin|time|tid|from|fra)", re.IGNORECASE)
_MILLISECONDS = re.compile(r"ms\b|millisec", re.IGNORECASE)


def read_csv(data: bytes, *, file: str) -> Source:
    """Return the rows of a transcript in a .csv or .tsv file. Raises TranscriptError as `read_xlsx`."""
    text, encoding, warnings = decode(data, file=file)
    text = clean_text(text, file=file)
    refuse_too_long(len(text), file=file)
    delimiter = _delimiter(text)
    try:
        rows = [tuple(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    except csv.Error:
        raise refusal(
            file,
            reason="damaged",
            detail="csv_broken",
            found="the rows of the file cannot be told apart",
            remedy="open it in a spreadsheet program and save it as .xlsx",
        ) from None
    paragraphs, told = _transcript(rows, file)
    return Source(paragraphs, "csv", encoding, (*warnings, *told))


def read_xlsx(data: bytes, *, file: str) -> Source:
    """Return the rows of the first sheet of a workbook that holds a transcript.

    Read in a child process: a sheet that states a cell far out makes its reader ask for all cells between.

    Raises TranscriptError: `unsupported` if no sheet has words beside speakers or times, `damaged`,
    `too_large`, `unsafe` (more than SECONDS or MEMORY_BYTES).
    """
    open_zip(data, file=file).close()
    try:
        return run_bounded(read_xlsx_here, data, file, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
    except BoundedError as error:
        raise bounded_refusal(error, file=file) from None


def read_xlsx_here(data: bytes, file: str) -> Source:
    """As `read_xlsx`, in this process and without its limits."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(name, _cells(book.get_sheet_by_name(name).iter_rows(), file)) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError):
        raise refusal(
            file,
            reason="damaged",
            detail="workbook_broken",
            found="the workbook is broken or cut off",
            remedy="fetch it again, or open and save it in the program it comes from",
        ) from None
    found = [(name, rows) for name, rows in sheets if _titles_at(rows) is not None]
    if not found:
        raise _no_transcript(file)
    name, rows = found[0]
    paragraphs, told = _transcript(rows, file)
    others = [other for other, _ in found[1:]]
    if others:
        said = 'the workbook has transcripts on several sheets; "{sheet}" was read, not {others}'
        told = (*told, reading_warning("one_sheet_read", said, sheet=name, others=", ".join(others)))
    return Source(paragraphs, "xlsx", None, told)


def table_paragraphs(rows: Sequence[Row]) -> tuple[tuple[Paragraph, ...], tuple[ReadingWarning, ...]] | None:
    """Return rows as one table of speaker, time and words; None if they are no transcript.

    Rows that go through one speaker after another (a tier of ELAN each) are put in the order of their times.
    """
    at = _titles_at(rows)
    if at is None:
        return None
    columns = find_columns(rows[at:])
    if columns is None:
        return None
    columns = _with_numeric_time(rows[at:], columns)
    body = rows[at + 1 :] if columns.header else rows[at:]
    said = [(_cell(row, columns.speaker), _cell(row, columns.words)) for row in body]
    times = _seconds([_cell(row, columns.time) for row in body], _title(rows[at], columns))
    order = _order([speaker for speaker, _ in said], times)
    warnings: tuple[ReadingWarning, ...] = ()
    if order is not None:
        warnings = (
            reading_warning(
                "rows_by_time", "the rows stood speaker by speaker; they were put in order of time"
            ),
        )
    above = [Paragraph("\t".join(cell.strip() for cell in row if cell.strip())) for row in rows[:at]]
    others = _other_columns(rows[at:], columns)
    titles = [_cell(rows[at], index) if columns.header else "" for index in others]
    table = [Paragraph("", kind="row", cells=("Speaker", "Time", "Text", *titles), table=0)]
    for index in order if order is not None else range(len(said)):
        speaker, words = said[index]
        more = [_cell(body[index], other) for other in others]
        table.append(Paragraph("", kind="row", cells=(speaker, _clock(times[index]), words, *more), table=0))
    return (*above, *table), warnings


def _other_columns(rows: Sequence[Row], columns: Columns) -> list[int]:
    """Columns that hold something else than speaker, time and words, and not numbers only."""
    width = max(len(row) for row in rows)
    kept = {columns.words, columns.speaker, columns.time}
    return [
        index
        for index in range(width)
        if index not in kept and any(_WORD.search(_cell(row, index)) for row in rows[columns.header :])
    ]


def _transcript(rows: Sequence[Row], file: str) -> tuple[tuple[Paragraph, ...], tuple[ReadingWarning, ...]]:
    found = table_paragraphs(rows)
    if found is None:
        raise _no_transcript(file)
    return found


def _titles_at(rows: Sequence[Row]) -> int | None:
    """Where the table begins: a row of known titles, else the first row if its columns tell who speaks."""
    for at, row in enumerate(rows[:_ABOVE]):
        columns = find_columns(rows[at:])
        if columns is not None and columns.header and _is_transcript(rows[at + 1 :], columns):
            return at
        if columns is not None and at == 0 and not columns.header and _is_transcript(rows, columns):
            return 0
        if sum(1 for cell in row if cell.strip()) > 2 and columns is None:
            return None
    return None


def _is_transcript(rows: Sequence[Row], columns: Columns) -> bool:
    """Whether the column of words holds speech: several words in many rows, and letters in nearly all."""
    words = [_cell(row, columns.words) for row in rows if _cell(row, columns.words)]
    if not words:
        return False
    letters = sum(1 for cell in words if _WORD.search(cell))
    several = sum(1 for cell in words if len(_WORD.findall(cell)) >= 3)
    return letters >= 0.6 * len(words) and several >= 0.3 * len(words)


def _with_numeric_time(rows: Sequence[Row], columns: Columns) -> Columns:
    """Times written as bare numbers (`start`, `start_ms`) are found by their title."""
    if columns.time is not None or not columns.header:
        return columns
    for index, title in enumerate(rows[0]):
        cells = [cell for row in rows[1:200] if (cell := _cell(row, index))]
        free = index not in {columns.words, columns.speaker} and bool(_NUMBER_TITLE.search(title))
        if free and cells and all(_NUMBER.match(cell) for cell in cells):
            return Columns(columns.words, columns.speaker, index, columns.header)
    return columns


def _title(row: Row, columns: Columns) -> str:
    return _cell(row, columns.time) if columns.header else ""


def _seconds(cells: Sequence[str], title: str) -> list[float | None]:
    """Seconds of clocks and of bare numbers, which are thousandths where the title or their size says so."""
    numbers = [float(cell.replace(",", ".")) if _NUMBER.match(cell) else None for cell in cells]
    known = [number for number in numbers if number is not None]
    steps = [after - before for before, after in itertools.pairwise(known) if after > before]
    whole = all(number.is_integer() for number in known)
    thousandths = bool(_MILLISECONDS.search(title)) or (whole and len(steps) > 1 and median(steps) > 300)
    factor = 0.001 if thousandths else 1.0
    return [
        number * factor if number is not None else seconds_of(cell[:40]) if cell else None
        for number, cell in zip(numbers, cells, strict=True)
    ]


def _order(speakers: Sequence[str], times: Sequence[float | None]) -> list[int] | None:
    """The rows by time, if times only fall where one speaker ends and the next begins; else None."""
    if any(time is None for time in times) or len(set(speakers)) < 2:
        return None
    known = [time or 0.0 for time in times]
    falls = [index for index in range(1, len(known)) if known[index] < known[index - 1]]
    changes = [index for index in range(1, len(speakers)) if speakers[index] != speakers[index - 1]]
    if (
        not falls
        or falls != [index for index in changes if index in set(falls)]
        or len(changes) >= len(set(speakers))
    ):
        return None
    return sorted(range(len(known)), key=lambda index: known[index])


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def _cell(row: Row, index: int | None) -> str:
    return row[index].strip() if index is not None and index < len(row) else ""


def _cells(rows: Iterator[Sequence[object]], file: str) -> list[Row]:
    """The filled rows of a sheet as text; times of day and durations as clocks."""
    kept: list[Row] = []
    size = count = 0
    for row in rows:
        cells = tuple(_shown(cell, file) for cell in row)
        size += sum(map(len, cells))
        count += len(cells)
        if any(cell.strip() for cell in cells):
            kept.append(cells)
        refuse_too_many(count, what="cells", file=file)
        refuse_too_many(len(kept), what="paragraphs", file=file)
        refuse_too_long(size, file=file)
    return kept


def _shown(cell: object, file: str) -> str:
    if isinstance(cell, datetime.timedelta):
        return _clock(cell.total_seconds())
    if isinstance(cell, datetime.time):
        return cell.strftime("%H:%M:%S")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean_text(str(cell), file=file)


def _delimiter(text: str) -> str:
    """The sign that parts the first lines into the same number of cells, more than one."""
    sample = text[:20_000]

    def score(sign: str) -> tuple[int, int]:
        try:
            counts = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=sign) if row][:50]
        except csv.Error:
            return 0, 0
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual), usual) if usual > 1 else (0, 0)

    return max(_DELIMITERS, key=score)


def _no_transcript(file: str) -> TranscriptError:
    return refusal(
        file,
        reason="unsupported",
        detail="sheet_no_transcript",
        found="no column of what is said, beside a column of speakers or times, was found in the table",
        remedy="name the columns Speaker, Time and Text; questionnaire answers go into the questionnaire",
    )
