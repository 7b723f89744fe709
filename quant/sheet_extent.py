"""How far the cells of a workbook's sheets reach, read from its parts before a reader asks for memory."""

from __future__ import annotations

import re
import zipfile
from typing import IO

_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_CHUNK = 4 * 1024**2
_OVERLAP = 256  # a tag may be cut between two chunks


def widest_extent(archive: zipfile.ZipFile) -> int:
    """Return how many cells the largest sheet of an .xlsx spans, from its first corner to its farthest cell.

    0 for other archives. A reader takes memory for that many cells, however few of them are filled.
    """
    names = [name for name in archive.namelist() if _SHEET.match(name)]
    extents = []
    for name in names:
        with archive.open(name) as part:
            extents.append(_extent(part))
    return max(extents, default=0)


def _extent(part: IO[bytes]) -> int:
    columns: set[bytes] = set()
    last_row, kept = 0, b""
    while chunk := part.read(_CHUNK):
        for column, row in _CELL.findall(kept + chunk):
            columns.add(column)
            last_row = max(last_row, int(row))
        kept = (kept + chunk)[-_OVERLAP:]
    return last_row * max((_number(column) for column in columns), default=0)


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number
