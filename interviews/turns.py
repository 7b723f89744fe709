"""From lines with their labels to turns: what is said by whom, what is a heading or a note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from interviews.assembly import Fragment, Piece, fragment
from interviews.evidence import is_numbered_heading
from interviews.label_spelling import Spellings
from interviews.labels import Candidate, ReadLine
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
            current.add_all(_words(line, candidate, labels), continues=False, vocabulary=vocabulary)
            continue
        kind = _kind(line, speaking=speaking, spoken=speaker is not None)
        words = (
            [fragment(line.paragraph, line.start, line.end)]
            if candidate is None
            else _words(line, candidate, labels)
        )
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
        current.add_all(words, continues=line.paragraph.continues, vocabulary=vocabulary)
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


def _words(line: ReadLine, candidate: Candidate, labels: Spellings) -> list[Fragment]:
    words = fragment(line.paragraph, candidate.start, line.end)
    aside = labels.aside(candidate)
    return [Fragment(aside), words] if words.text and aside else [words]


def _kind(line: ReadLine, *, speaking: bool, spoken: bool) -> TurnKind:
    text = line.paragraph.text[line.start : line.end].strip()
    colon = next((candidate for candidate in line.candidates if candidate.style == "colon"), None)
    if line.paragraph.kind == "heading" or (is_numbered_heading(colon) and len(text) <= 300):
        return "heading"
    if line.paragraph.kind == "note" or _WHOLE_LINE_NOTE.match(text[:320]) or _HEARING_NOTE.match(text[:100]):
        return "note"
    return "speech" if spoken or not speaking else "note"
