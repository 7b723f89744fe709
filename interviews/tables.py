"""Tables in transcripts: find the columns for speaker, time and words, and turn rows into paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from interviews.places import Placed, cut, without
from interviews.source import SourceNote
from interviews.times import MARK, seconds_of
from interviews.vocabulary import METADATA_KEYS, NOT_A_SPEAKER, first_word, is_name_like, is_role, key_of

_TIME_CELL = re.compile(rf"^\s*{MARK}\s*$")
_LABEL = re.compile(r"\s*(?P<label>[^\W_][^:\n\t?!;]{0,40}):(?:\s|$)")
_LETTER = re.compile(r"[^\W\d_]")
_IDENTITY_TITLES = frozenset(["id", "uuid", "guid"])
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


@dataclass(frozen=True, slots=True)
class Resolved:
    """paragraphs : with every table row resolved.     named : whether a table named the speakers.

    notes : what stood in other columns than those of speaker, time and words, on the words of its row.
    """

    paragraphs: list[Placed]
    named: bool
    notes: tuple[SourceNote, ...]


def rows_to_paragraphs(paragraphs: Sequence[Placed]) -> Resolved:
    """Return the paragraphs without tables; nothing that stood in one is lost.

    A table among paragraphs of which more carry a label with a colon is an ordinary table, unless its first
    row or its labels say otherwise.
    """
    resolved: list[Placed] = []
    notes: list[SourceNote] = []
    spoke = False
    labels: Counter[str] | None = None
    for is_row, group in groupby(
        paragraphs, key=lambda paragraph: (paragraph.kind == "row", paragraph.table)
    ):
        members = list(group)
        if not is_row[0]:
            resolved.extend(members)
            continue
        columns = find_columns([member.cells for member in members])
        if columns is not None and len(members) < len(paragraphs):
            labels = _labels_beside(paragraphs) if labels is None else labels
            columns = None if _is_ordinary(members, columns, labels) else columns
        spoke = spoke or bool(columns and columns.speaker is not None)
        resolved.extend(_resolved(members, columns))
        if columns is not None:
            notes.extend(_other_columns(members, columns))
    return Resolved(resolved, spoke, tuple(notes))


def _labels_beside(paragraphs: Sequence[Placed]) -> Counter[str]:
    """How often each label with a colon opens a paragraph that is no row; only those that come back."""
    found = (_LABEL.match(paragraph.text[:80]) for paragraph in paragraphs if paragraph.kind == "body")
    counts = Counter(key_of(match["label"]) for match in found if match and is_name_like(match["label"]))
    return Counter({label: count for label, count in counts.items() if count >= 2})


def _is_ordinary(rows: Sequence[Placed], columns: Columns, labels: Counter[str]) -> bool:
    if len(labels) < 2 or sum(labels.values()) <= len(rows):
        return False
    if columns.header and columns.speaker is not None:
        return False
    spoken = [_label_key(row, columns) for row in rows]
    return sum(1 for label in spoken if label in labels) < 0.5 * len(rows)


def _other_columns(rows: Sequence[Placed], columns: Columns) -> Iterator[SourceNote]:
    """Comments on the words of a row: what the other columns say, with the title of their column.

    Columns of numbers and times only number the rows; what a whole column repeats is said once.
    """
    body = rows[1:] if columns.header else rows
    for index in range(max(len(row.cells) for row in rows)):
        if index in {columns.words, columns.speaker, columns.time}:
            continue
        title = rows[0].cells[index].strip() if columns.header and index < len(rows[0].cells) else ""
        cells = [row.cells[index].strip() if index < len(row.cells) else "" for row in body]
        if not any(map(_LETTER.search, cells)) or title.casefold() in _IDENTITY_TITLES:
            continue
        constant = len(set(cells)) == 1 and len(cells) > 2
        for row, cell in zip(body, cells, strict=True):
            if cell and _words_of(row, columns) and cell != _words_of(row, columns):
                yield _note_on_words(row, columns, f"{title}: {cell}" if title else cell)
                if constant:
                    break


def _note_on_words(row: Placed, columns: Columns, said: str) -> SourceNote:
    start, end = _cells(row)[columns.words]
    place = row.places[0]
    offset = place.offset - place.start
    return SourceNote(said, "comment", place.paragraph, start + offset, place.paragraph, end + offset)


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
    if not _words_of(row, columns):
        for index, (start, end) in enumerate(_cells(row)):
            if index not in {columns.speaker, columns.time} and row.text[start:end].strip():
                for line in _lines(row, start, end):
                    yield replace(line, kind="note")
        return
    first = True
    for line in _lines(row, *_cells(row)[columns.words]):
        if line.text.strip():
            yield replace(
                line, speaker=(label or None) if first else None, time_seconds=seconds if first else None
            )
            first = False
