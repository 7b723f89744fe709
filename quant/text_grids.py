"""Tables in plain text: csv and tab, columns of fixed width between rules (esttab, stargazer), markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace

from quant.documents import as_rows
from quant.estimate_cells import read_cell
from quant.grids import Grid, one_block, split_blocks
from quant.tables import guess_delimiter

_RULE = re.compile(r"^\s*(?:[-=─━_+|: ]{8,}|\|?[\s:|+-]*-{3,}[\s:|+=-]*\|?)\s*$")
_SMCL = re.compile(
    r"\{(?:hline|c|col|space|hi|txt|res|com|sf|err|bf|it|ul|\.\.\.|p_end|smcl|right|ralign)\b[^{}]*\}|\{smcl\}"
)
_EXCEL_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_FIELDS = re.compile(r"\S+(?: \S+)*")


def text_grids(text: str, name: str) -> list[Grid]:
    """The tables of a text file, however their cells are parted; none where quotation marks are left open."""
    if "{smcl}" in text[:200] or "{hline" in text:
        text = _without_smcl(text)
    ruled = _ruled(text)
    lines = (text.expandtabs(8) if ruled else text).splitlines()
    if any(line.strip().startswith("|") for line in lines):
        return split_blocks(as_rows(_piped(lines)), place=name)
    if ruled:
        return _fixed_width(lines, name)
    plain = _EXCEL_TEXT.sub(r'"\1"', text)
    try:
        rows = as_rows(csv.reader(io.StringIO(plain, newline=""), delimiter=guess_delimiter(plain)))
    except csv.Error:
        return []
    return split_blocks(rows, place=name)


def _ruled(text: str) -> bool:
    return sum(bool(_RULE.match(line)) for line in text.splitlines()) >= 2


def _without_smcl(text: str) -> str:
    text = re.sub(r"\{hline(?: \d+)?\}", "-" * 40, text)
    text = re.sub(r"\{(?:ralign|lalign|center) \d+:([^{}]*)\}", r"\1", text)
    text = re.sub(r"\{(?:hi|txt|res|com|bf|it):([^{}]*)\}", r"\1", text)
    return _SMCL.sub("", text)


def _piped(lines: Sequence[str]) -> list[list[str]]:
    """Rows of a markdown table, the signs of its own language taken off."""
    rows = [
        line.strip().strip("|").split("|") if "|" in line else [line]
        for line in lines
        if not _RULE.match(line)
    ]
    return [[re.sub(r"\\([*+#_^])", r"\1", cell.strip()) for cell in row] for row in rows]


def _fixed_width(lines: Sequence[str], name: str) -> list[Grid]:
    """Each table runs from a rule to the last rule before its notes."""
    grids: list[Grid] = []
    rules = [n for n, line in enumerate(lines) if _RULE.match(line)]
    for first, last in _tables(lines, rules):
        title = _line_above(lines, first)
        body = [n for n in range(first, last) if not _RULE.match(lines[n]) and lines[n].strip()]
        if not body:
            continue
        columns = _columns(lines, body)
        rows = [_placed(lines[n], columns) if n in set(body) else [""] for n in range(last)]
        grid = one_block(as_rows(rows), place=name)
        after = _lines_below(lines, last)
        titled = " ".join(text for text in (title, grid.title) if text)
        grids.append(replace(grid, title=titled, notes=(*grid.notes, *after)))
    return grids


def _tables(lines: Sequence[str], rules: list[int]) -> list[tuple[int, int]]:
    """Runs of rules with a table between them: a new one where notes and a blank line came in between."""
    runs: list[list[int]] = []
    for rule in rules:
        between = lines[runs[-1][-1] + 1 : rule] if runs else []
        apart = any(not line.strip() for line in between) and not any(
            "  " in line.strip() for line in between
        )
        if not runs or apart:
            runs.append([rule])
        else:
            runs[-1].append(rule)
    return [(run[0], run[-1]) for run in runs if len(run) > 1]


def _line_above(lines: Sequence[str], first: int) -> str:
    above = lines[first - 1].strip() if first else ""
    return above if above and not above.startswith(".") else ""


def _lines_below(lines: Sequence[str], last: int) -> tuple[str, ...]:
    notes: list[str] = []
    for line in lines[last + 1 :]:
        if not line.strip():
            break
        notes.append(line.strip())
    return tuple(notes)


def _columns(lines: Sequence[str], body: Sequence[int]) -> list[tuple[int, int]]:
    """Where the columns stand: stretches of the line that are never blank for two places together."""
    width = max(len(lines[n]) for n in body)
    inked = [False] * width
    numbered = [n for n in body if _numbers_only(lines[n])] or list(body)
    for n in numbered:
        for found in _FIELDS.finditer(lines[n]):
            inked[found.start() : found.end()] = [True] * (found.end() - found.start())
    columns: list[tuple[int, int]] = []
    for place in range(width):
        if not inked[place]:
            continue
        if columns and place - columns[-1][1] <= 1:
            columns[-1] = (columns[-1][0], place + 1)
        else:
            columns.append((place, place + 1))
    return columns


def _numbers_only(line: str) -> bool:
    """Whether a label is followed by nothing but numbers: other lines may run over the columns."""
    fields = [read_cell(found.group()) for found in _FIELDS.finditer(line)]
    return bool(fields) and any(not f.text for f in fields) and not any(f.text for f in fields[1:])


def _placed(line: str, columns: Sequence[tuple[int, int]]) -> list[str]:
    """The fields of a line in the columns they stand over; a heading over several columns is in each."""
    cells = [""] * len(columns)
    for found in _FIELDS.finditer(line):
        over = [n for n, (start, end) in enumerate(columns) if found.start() < end and found.end() > start]
        if not over:
            middle = (found.start() + found.end()) / 2
            over = [min(range(len(columns)), key=lambda n: abs(middle - sum(columns[n]) / 2))]
        for n in over:
            cells[n] = f"{cells[n]} {found.group()}".strip()
    return cells
