"""Tables in transcripts: find the columns for speaker, time and words, and turn rows into paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from interviews.places import Placed, cut, without
from interviews.times import MARK, seconds_of
from interviews.vocabulary import METADATA_KEYS, NOT_A_SPEAKER, first_word, is_name_like, is_role, key_of

_TIME_CELL = re.compile(rf"^\s*{MARK}\s*$")
_TIME_IN_CELL = re.compile(rf"\s*[\[(]?{MARK}[\])]?\s*$")
_SPEAKER_TITLES = frozenset(
    [
        "speaker",
        "taler",
        "navn",
        "name",
        "deltager",
        "person",
        "who",
        "hvem",
        "rolle",
        "role",
        "stemme",
        "talende",
        "speakers",
    ]
)
_TIME_TITLES = frozenset(
    ["time", "tid", "timestamp", "timespan", "tidspunkt", "start", "tidskode", "timecode", "begin"]
)
_WORDS_TITLES = frozenset(
    [
        "text",
        "tekst",
        "content",
        "indhold",
        "transcript",
        "transskription",
        "ytring",
        "utterance",
        "speech",
        "tale",
        "udsagn",
        "words",
    ]
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what (None: none does). header : whether the first row names the columns."""

    words: int
    speaker: int | None
    time: int | None
    header: bool


def rows_to_paragraphs(paragraphs: Sequence[Placed]) -> tuple[list[Placed], bool]:
    """Return the paragraphs with every table row resolved, and whether a table named the speakers."""
    resolved: list[Placed] = []
    spoke = False
    for is_row, group in groupby(
        paragraphs, key=lambda paragraph: (paragraph.kind == "row", paragraph.table)
    ):
        members = list(group)
        if not is_row[0]:
            resolved.extend(members)
            continue
        columns = find_columns([member.cells for member in members])
        spoke = spoke or bool(columns and columns.speaker is not None)
        resolved.extend(_resolved(members, columns))
    return resolved, spoke


def find_columns(rows: Sequence[tuple[str, ...]]) -> Columns | None:
    """Return which column holds speaker, time and words, or None for a table of another kind."""
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        return None
    header = _is_header(rows[0])
    body = rows[1:] if header else rows
    columns = [[row[index].strip() if index < len(row) else "" for row in body] for index in range(width)]
    titles = [cell.strip().casefold() for cell in rows[0]] + [""] * width if header else [""] * width
    time = next(
        (i for i in range(width) if titles[i] in _TIME_TITLES or _mostly(columns[i], _TIME_CELL)), None
    )
    lengths = [sum(map(len, column)) for column in columns]
    named = next((i for i in range(width) if titles[i] in _WORDS_TITLES and lengths[i]), None)
    words = named if named is not None else max(range(width), key=lambda i: (i != time, lengths[i]))
    speaker = next(
        (
            i
            for i in range(width)
            if i not in {words, time} and _speakers(columns[i], titled=titles[i] in _SPEAKER_TITLES)
        ),
        None,
    )
    return Columns(words, speaker, time, header) if speaker is not None or time is not None else None


def _is_header(row: tuple[str, ...]) -> bool:
    titles = _SPEAKER_TITLES | _TIME_TITLES | _WORDS_TITLES
    return sum(1 for cell in row if cell.strip().casefold() in titles) >= max(1, min(2, len(row) - 1))


def _mostly(column: Sequence[str], form: re.Pattern[str]) -> bool:
    filled = [cell for cell in column if cell]
    return bool(filled) and sum(1 for cell in filled if form.match(cell[:60])) >= 0.6 * len(filled)


def _speakers(column: Sequence[str], *, titled: bool) -> bool:
    labels = [_TIME_IN_CELL.sub("", cell[:80]) for cell in column if cell]
    if not labels or any(len(cell) > 80 for cell in column):
        return False
    if titled:
        return True
    counts = Counter(key_of(label) for label in labels)
    good = [label for label in labels if is_name_like(label.strip(" :")) and not label.strip(" :").isdigit()]
    facts = [
        label for label in labels if first_word(label) in METADATA_KEYS | NOT_A_SPEAKER and not is_role(label)
    ]
    recurs = len(counts) < len(labels) or any(is_role(key) for key in counts)
    return recurs and len(good) >= 0.8 * len(labels) and len(facts) <= 0.3 * len(labels)


def _resolved(rows: Sequence[Placed], columns: Columns | None) -> Iterator[Placed]:
    if columns is None:
        for row in rows:
            yield from _as_lines(row)
        return
    speaking = {_label_key(row, columns) for row in rows if _words_of(row, columns)}
    for row in rows[1:] if columns.header else rows:
        filled = [span for span in _cells(row) if row.text[span[0] : span[1]].strip()]
        alone = len(filled) == 1 and not _words_of(row, columns)
        if alone and _label_key(row, columns) and _label_key(row, columns) not in speaking:
            for line in _lines(row, *filled[0]):  # a title over the whole width, and no speaker
                yield replace(line, kind="heading")
        else:
            yield from _one_row(row, columns)


def _words_of(row: Placed, columns: Columns) -> str:
    return row.cells[columns.words].strip() if columns.words < len(row.cells) else ""


def _label_key(row: Placed, columns: Columns) -> str:
    at = columns.speaker
    return key_of(row.cells[at]) if at is not None and at < len(row.cells) else ""


def _as_lines(row: Placed) -> Iterator[Placed]:
    """A row of an ordinary table: short cells on one line with tabs between, long ones each on its own."""
    filled = [cell for cell in row.cells if cell.strip()]
    if _long(filled):
        for start, end in _cells(row):
            if row.text[start:end].strip():
                yield from _lines(row, start, end)
        return
    blank = [(max(0, start - 1), end) for start, end in _cells(row) if not row.text[start:end].strip()]
    line = without(_body(row), blank)
    yield cut(line, len(line.text) - len(line.text.lstrip("\t")))


def _body(row: Placed) -> Placed:
    return replace(row, kind="body", cells=(), table=-1)


def _cells(row: Placed) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for cell in row.cells:
        spans.append((start, start + len(cell)))
        start += len(cell) + 1
    return spans


def _lines(row: Placed, start: int, end: int) -> Iterator[Placed]:
    for line in row.text[start:end].split("\n"):
        yield cut(_body(row), start, start + len(line))
        start += len(line) + 1


def _long(cells: Sequence[str]) -> bool:
    return any("\n" in cell for cell in cells) or sum(1 for cell in cells if len(cell) > 60) > 1


def _one_row(row: Placed, columns: Columns) -> Iterator[Placed]:
    def cell(index: int | None) -> str:
        return row.cells[index].strip() if index is not None and index < len(row.cells) else ""

    label, mark = cell(columns.speaker), cell(columns.time)
    in_label = _TIME_IN_CELL.search(label[-60:])
    seconds = seconds_of(mark) if mark else seconds_of(in_label.group()) if in_label else None
    if in_label:
        label = label[: len(label) - len(in_label.group())]
    label = " ".join(label.split()).strip(" :")
    if columns.words >= len(row.cells):
        return
    first = True
    for line in _lines(row, *_cells(row)[columns.words]):
        if line.text.strip():
            yield replace(
                line, speaker=(label or None) if first else None, time_seconds=seconds if first else None
            )
            first = False
