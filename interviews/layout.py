"""From paragraphs to turns: who speaks where, what is a heading or a note, and the text without its
labels."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from interviews.alternation import without_counts
from interviews.assembly import assemble
from interviews.evidence import Decision, decide
from interviews.header import Header, read_header
from interviews.inline_turns import split_at_labels
from interviews.interpreters import with_interpreters
from interviews.label_spelling import Spellings
from interviews.labels import Candidate, ReadLine, read_line, starts_with_bare_time
from interviews.line_joins import hyphenated_words
from interviews.numbering import without_paragraph_numbers
from interviews.places import Placed, annotated, cut, placed
from interviews.segment_status import status_of_document, status_warnings, with_tags
from interviews.source import ReadingWarning, Source, reading_warning
from interviews.speakers import guess_speakers
from interviews.stated import is_stated, lay_out_stated
from interviews.tables import rows_to_paragraphs
from interviews.transcript import Annotation, SpeakerGuess, Turn
from interviews.turns import pieces_of
from interviews.unlabelled import named_after_times
from interviews.vocabulary import is_name_like, key_of


@dataclass(frozen=True, slots=True)
class Laid:
    """The text and turns of a document, and how its speakers were marked.

    speakers : where the file itself states them with their roles, else empty.
    """

    text: str
    turns: tuple[Turn, ...]
    layout: str
    warnings: tuple[ReadingWarning, ...]
    annotations: tuple[Annotation, ...] = ()
    speakers: tuple[SpeakerGuess, ...] = ()
    header: Mapping[str, str] = field(default_factory=dict)


def lay_out(source: Source) -> Laid:
    """Return the turns of a file. A paragraph without a label belongs to the turn above it.

    Headings, and text before the first speaker, are turns of kind `heading` and `note` without speaker. A
    file without any label keeps every paragraph as a turn of its own, speaker None.
    """
    if is_stated(source.paragraphs):
        laid = lay_out_stated(source)
        return Laid(
            laid.text, laid.turns, "stated", laid.warnings, laid.annotations, laid.speakers, laid.header
        )
    with _without_collection():
        return _laid_out(source)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Hundreds of thousands of small values without a cycle: to search them for cycles costs half the
    time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _laid_out(source: Source) -> Laid:
    whole = placed(source.paragraphs)
    table = rows_to_paragraphs([line for one in whole for line in _split(one)])
    notes = (*source.notes, *table.notes)
    paragraphs = without_paragraph_numbers(table.paragraphs)
    lines, header, decision = _decided(paragraphs)
    parts = split_at_labels(lines, decision.chosen)
    if parts is not None:
        lines, header, decision = _decided(parts)
    labels = Spellings(decision.chosen)
    vocabulary = hyphenated_words([line.paragraph.text for line in lines])
    first_lines = [
        line.paragraph.text[line.start : line.end] for line in lines[: _first_spoken(decision.chosen)]
    ]
    status = status_of_document(first_lines, header.facts)
    pieces = list(pieces_of(lines, decision.chosen, labels, vocabulary, header=header.lines, status=status))
    text, turns, places = assemble(pieces, track=bool(notes))
    empty = sum(1 for piece in pieces if piece.speaker and not piece.paragraphs)
    said = "{n:speaker label has no words after it|speaker labels have no words after them}"
    warnings = decision.warnings
    if empty:
        warnings = (*warnings, reading_warning("labels_without_words", said, n=empty))
    if table.notes:
        said = "{n:cell|cells} of other table columns than speaker, time and words kept as comments"
        warnings = (*warnings, reading_warning("columns_as_comments", said, n=len(table.notes)))
    name = _layout_name(paragraphs, decision.layout, from_table=table.named)
    speakers = guess_speakers(text, turns, stated=header.roles)
    turns, doubts = with_interpreters(text, turns, speakers, stated=header.roles, named=header.respondents)
    turns = with_tags(text, turns)
    warnings = (*warnings, *doubts, *status_warnings(turns))
    return Laid(text, turns, name, warnings, annotated(notes, places), speakers, header.facts)


def _decided(paragraphs: Sequence[Placed]) -> tuple[list[ReadLine], Header, Decision]:
    lines = without_counts(named_after_times(_times_alone(_read(paragraphs))))
    header = read_header(lines)
    return lines, header, decide(lines, header=header.lines)


def _first_spoken(chosen: Sequence[Candidate | None]) -> int:
    return next((index for index, candidate in enumerate(chosen[:3]) if candidate is not None), 3)


def _split(paragraph: Placed) -> Iterator[Placed]:
    if paragraph.kind == "row" or "\n" not in paragraph.text:
        yield paragraph
        return
    start = 0
    for line in paragraph.text.split("\n"):
        yield cut(paragraph, start, start + len(line))
        start += len(line) + 1


def _layout_name(paragraphs: Sequence[Placed], style: str | None, *, from_table: bool) -> str:
    if style is None:
        return "paragraphs"
    numbered = "numbered " if any(paragraph.number is not None for paragraph in paragraphs) else ""
    if style == "stated":
        return "table" if from_table else "voices"
    return numbered + style.replace("_", " ")


def _read(paragraphs: Sequence[Placed]) -> list[ReadLine]:
    bare = sum(1 for paragraph in paragraphs if starts_with_bare_time(paragraph.text))
    bare_times = bare >= 3 and bare >= 0.2 * len(paragraphs)
    lines = [read_line(paragraph, bare_times=bare_times) for paragraph in paragraphs]
    return [line for line in lines if not line.is_blank or line.time_seconds is not None or line.candidates]


def _times_alone(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Give a time mark on a line of its own to the line it belongs to: the name above it, else the line
    below."""
    alone = [index for index, line in enumerate(lines) if line.is_blank and not line.candidates]
    if not alone:
        return list(lines)
    above = Counter(
        key_of(lines[index - 1].paragraph.text) for index in alone if index and _is_name(lines[index - 1])
    )
    below = Counter(
        key_of(lines[index + 1].paragraph.text)
        for index in alone
        if index + 1 < len(lines) and _is_name(lines[index + 1])
    )
    to_above = sum(above.values()) > sum(below.values()) and len(above) <= 0.7 * sum(above.values()) + 1
    timed: dict[int, float | None] = {}
    for index in alone:
        target = index - 1 if to_above and index and _is_name(lines[index - 1]) else index + 1
        timed[target] = lines[index].time_seconds
    return [
        _timed(line, timed[i]) if i in timed else line for i, line in enumerate(lines) if i not in set(alone)
    ]


def _is_name(line: ReadLine) -> bool:
    own = any(candidate.style == "own_line" for candidate in line.candidates)
    return own and is_name_like(line.paragraph.text.strip())


def _timed(line: ReadLine, seconds: float | None) -> ReadLine:
    if line.time_seconds is not None or seconds is None:
        return line
    candidates = tuple(replace(candidate, time_seconds=seconds) for candidate in line.candidates)
    if _is_name(line):
        own = next(candidate for candidate in candidates if candidate.style == "own_line")
        candidates = (replace(own, style="time_line"), *candidates)
    return replace(line, time_seconds=seconds, candidates=candidates)
