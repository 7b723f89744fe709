"""From lines with their labels to turns: what is said by whom, what is a heading or a note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interviews.assembly import Fragment, Piece, fragment
from interviews.evidence import is_numbered_heading
from interviews.inline_turns import times_between
from interviews.label_spelling import Spellings
from interviews.labels import Candidate, ReadLine
from interviews.places import cut, without
from interviews.times import seconds_of
from interviews.transcript import TurnKind

_WHOLE_LINE_NOTE = re.compile(r"^(?:\[[^\[\]]{1,300}\]|\({1,2}[^()]{1,300}\){1,2}|\*[^*]{1,120}\*)[.\s]*$")

_HEARING_NOTE = re.compile(
    r"^(?:BY (?:MR|MS|MRS|DR)\b.{0,60}:|(?:DIRECT|CROSS|REDIRECT|RECROSS)[- ]EXAMINATION.{0,60})$"
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")


def pieces_of(
    lines: Sequence[ReadLine],
    chosen: Sequence[Candidate | None],
    labels: Spellings,
    vocabulary: frozenset[str],
) -> Iterator[Piece]:
    speaking = any(candidate is not None for candidate in chosen)
    current: Piece | None = None
    speaker: str | None = None
    for line, candidate in zip(lines, chosen, strict=True):
        same = candidate is not None and _is_same_cue(line, candidate, labels, current)
        if candidate is not None and not same:
            if current:
                yield current
            speaker = labels.of(candidate)
            current = Piece("speech", speaker, candidate.time_seconds)
            words = _words(line, candidate, labels)
            current.add_all(words.fragments, continues=False, vocabulary=vocabulary)
            _time(current, words)
            continue
        kind = _kind(line, speaking=speaking, spoken=speaker is not None)
        words = _words(line, candidate, labels)
        joins = _runs_on(line, current, speaking=speaking) or (
            speaking and kind == "speech" and speaker is not None
        )
        if (
            current is None
            or current.kind != kind
            or not joins
            or (kind != "speech" and not line.paragraph.continues)
        ):
            if current:
                yield current
            current = Piece(kind, speaker if kind == "speech" else None, line.time_seconds)
        current.add_all(words.fragments, continues=line.paragraph.continues, vocabulary=vocabulary)
        if kind == "speech":
            _time(current, words)
    if current:
        yield current


def _runs_on(line: ReadLine, current: Piece | None, *, speaking: bool) -> bool:
    """Cues without speakers are put together to sentences, so that each keeps a time near its words."""
    cue = line.paragraph.continues and line.paragraph.time_seconds is not None
    if cue and not speaking and current and current.paragraphs:
        length = sum(len(words.text) for words in current.paragraphs[-1])
        return not _SENTENCE_END.search(current.last_words[-5:]) and length < 600
    return line.paragraph.continues


def _is_same_cue(line: ReadLine, candidate: Candidate, labels: Spellings, current: Piece | None) -> bool:
    """Consecutive cues of one speaker are one turn."""
    cue = line.paragraph.continues and line.paragraph.time_seconds is not None
    return cue and current is not None and current.speaker == labels.of(candidate)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a line, and the first time mark that stood among them."""

    fragments: list[Fragment]
    time_seconds: float | None


def _words(line: ReadLine, candidate: Candidate | None, labels: Spellings) -> _Words:
    start = line.start if candidate is None else candidate.start
    paragraph, end = line.paragraph, line.end
    marks = times_between(paragraph.text, start, end) if paragraph.kind == "body" else []
    seconds = seconds_of(paragraph.text[slice(*marks[0])]) if marks else None
    if marks and not without(cut(paragraph, start, end), _moved(marks, start)).text.strip():
        marks = []
    if marks:
        paragraph = without(cut(paragraph, start, end), _moved(marks, start))
        start, end = 0, len(paragraph.text)
    words = fragment(paragraph, start, end)
    aside = labels.aside(candidate) if candidate is not None else ""
    return _Words([Fragment(aside), words] if words.text and aside else [words], seconds)


def _moved(marks: Sequence[tuple[int, int]], by: int) -> list[tuple[int, int]]:
    return [(start - by, end - by) for start, end in marks]


def _time(piece: Piece, words: _Words) -> None:
    if piece.time_seconds is None:
        piece.time_seconds = words.time_seconds


def _kind(line: ReadLine, *, speaking: bool, spoken: bool) -> TurnKind:
    text = line.paragraph.text[line.start : line.end].strip()
    colon = next((candidate for candidate in line.candidates if candidate.style == "colon"), None)
    if line.paragraph.kind == "heading" or (is_numbered_heading(colon) and len(text) <= 300):
        return "heading"
    if line.paragraph.kind == "note" or _WHOLE_LINE_NOTE.match(text[:320]) or _HEARING_NOTE.match(text[:100]):
        return "note"
    return "speech" if spoken or not speaking else "note"
