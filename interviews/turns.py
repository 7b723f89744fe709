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
from interviews.segment_status import status_of_label
from interviews.times import seconds_of
from interviews.transcript import SegmentStatus, TurnKind

_WHOLE_LINE_NOTE = re.compile(r"^(?:\[[^\[\]]{1,300}\]|\({1,2}[^()]{1,300}\){1,2}|\*[^*]{1,120}\*)[.\s]*$")

_OBJECT = (
    r"(?:interview\w*|intervju\w*|optagelse\w*|opptak\w*|inspelning\w*|aufnahme|recording|transcript\w*"
    r"|transkript\w*|transskription\w*|udskrift\w*|samtale\w*|bånd\w*|lydfil\w*|audio|tape|file|fil|session\w*|del)"
)
_END = (
    r"(?:end|ends|ended|slut|slutter|sluttede|slutt|stop|stopper|stopped|stops|ende|afsluttes|afsluttet"
    r"|concluded|færdig)"
)
_CLOSING = re.compile(
    rf"^[\W_]{{0,6}}(?:{_END}\s+(?:(?:of|på|av|af|des|der|the|this|with)\s+){{0,2}}{_OBJECT}(?:\s+\w{{1,2}})?"
    rf"|(?:the\s+)?{_OBJECT}(?:\s+\w{{1,2}})?\s+{_END}(?:\s+(?:her|here))?)(?:\W.{{0,30}})?[\W_]{{0,6}}$",
    re.IGNORECASE,
)
_END_IN_SIGNS = re.compile(rf"^(?P<sign>[-–—*=#_.~]{{1,6}})\s*{_END}\s*[-–—*=#_.~]{{1,6}}$", re.IGNORECASE)
_BARE_END = re.compile(r"^(?:slut|end|the end|ende|slutt)[.!]?$", re.IGNORECASE)
_HEARING_NOTE = re.compile(
    r"^(?:BY (?:MR|MS|MRS|DR)\b.{0,60}:|(?:DIRECT|CROSS|REDIRECT|RECROSS)[- ]EXAMINATION.{0,60})$"
)
_NUMBERED_TITLE = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})*[.)]?\s+[^\W\d_][^.!:]{0,70}\??\s*$")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")


def pieces_of(
    lines: Sequence[ReadLine],
    chosen: Sequence[Candidate | None],
    labels: Spellings,
    vocabulary: frozenset[str],
    *,
    header: int = 0,
    status: SegmentStatus = "verbatim",
) -> Iterator[Piece]:
    """Yield the turns of the lines. header : how many lines are facts; they are notes.
    status : of the whole document; a heading or label such as `Referat` changes it until somebody speaks."""
    headings = _numbered_headings(lines, chosen, header) | _headings_apart(lines, chosen, header)
    state = _State(speaking=any(candidate is not None for candidate in chosen), default=status, status=status)
    last_spoken = max((index for index, candidate in enumerate(chosen) if candidate is not None), default=-1)
    for index, (line, candidate) in enumerate(zip(lines, chosen, strict=True)):
        if candidate is not None and not _is_same_cue(line, candidate, labels, state.current):
            yield from state.closed()
            state.speaker, state.status, state.section = labels.of(candidate), status, False
            state.open("speech", candidate.time_seconds)
            _say(state, line, _words(line, candidate, labels), vocabulary)
            continue
        changed = status_of_line(line) if candidate is None and index >= header else None
        if changed is not None:
            yield from state.closed()
            state.speaker, state.status, state.section = None, changed[0], True
            yield from _opened_section(state, line, changed[1], vocabulary)
            continue
        kind: TurnKind = "note"
        if index >= header and state.speaking and _closes(line, last=index >= last_spoken):
            yield from state.closed()
            state.open("note", line.time_seconds)
            _say(state, line, _words(line, candidate, labels), vocabulary)
            yield from state.closed()
            if index > last_spoken:
                state.speaker = None
            continue
        if index >= header:
            kind = _kind(line, speaking=state.speaking, spoken=state.speaker is not None or state.section)
        if index in headings:
            kind = "heading"
        if kind == "heading" and state.section:
            state.status, state.section = status, False
        if not index and not state.speaking and _is_title(lines):
            kind = "heading"
        words = _words(line, candidate, labels)
        if not _joins(line, state, kind):
            yield from state.closed()
            state.open(kind, line.time_seconds)
        _say(state, line, words, vocabulary)
    yield from state.closed()


@dataclass(slots=True)
class _State:
    """Where the reading stands. section : under a heading such as `Referat`, where nobody speaks."""

    speaking: bool
    default: SegmentStatus
    status: SegmentStatus
    speaker: str | None = None
    section: bool = False
    current: Piece | None = None

    def open(self, kind: TurnKind, time_seconds: float | None) -> None:
        spoken = kind == "speech"
        status = self.status if spoken else "verbatim"
        self.current = Piece(kind, self.speaker if spoken else None, time_seconds, status)

    def closed(self) -> Iterator[Piece]:
        if self.current is not None:
            yield self.current
        self.current = None


def _say(state: _State, line: ReadLine, words: _Words, vocabulary: frozenset[str]) -> None:
    piece = state.current
    if piece is None:
        return
    piece.add_all(words.fragments, continues=line.paragraph.continues, vocabulary=vocabulary)
    if piece.kind == "speech" and piece.time_seconds is None:
        piece.time_seconds = words.time_seconds


def _opened_section(state: _State, line: ReadLine, start: int, vocabulary: frozenset[str]) -> Iterator[Piece]:
    """`Referat: Vi talte om sprog.` opens what it says; `Referat` on its own line is a heading."""
    words = fragment(line.paragraph, start, line.end)
    if words.text:
        state.open("speech", line.time_seconds)
    else:
        state.open("heading", None)
        words = fragment(line.paragraph, line.start, line.end)
    _say(state, line, _Words([words], None), vocabulary)
    if state.current is not None and state.current.kind == "heading":
        yield from state.closed()


def status_of_line(line: ReadLine) -> tuple[SegmentStatus, int] | None:
    """Return the status that a heading or label gives what follows, and where the words behind it begin."""
    text = line.paragraph.text[line.start : line.end]
    if len(text) <= 60 and (whole := status_of_label(text)) is not None:
        return whole, line.end
    colon = next((candidate for candidate in line.candidates if candidate.style == "colon"), None)
    status = status_of_label(colon.label) if colon is not None else None
    return (status, colon.start) if colon is not None and status is not None else None


def _numbered_headings(
    lines: Sequence[ReadLine], chosen: Sequence[Candidate | None], header: int
) -> frozenset[int]:
    """`2. Samarbejde` between turns: short numbered lines that each stand right before somebody speaks.

    A list inside what is said has other items before its last, which nobody's label follows.
    """
    short = [
        index
        for index in range(header, len(lines))
        if chosen[index] is None and _NUMBERED_TITLE.match(lines[index].paragraph.text[:90])
    ]
    before_speech = [index for index in short if index + 1 < len(lines) and chosen[index + 1] is not None]
    if len(before_speech) < 2 or len(before_speech) < 0.8 * len(short):
        return frozenset()
    return frozenset(before_speech)


def _headings_apart(
    lines: Sequence[ReadLine], chosen: Sequence[Candidate | None], header: int
) -> frozenset[int]:
    """Lines in bold or italics between labelled turns that are not: themes and questions of the guide."""
    spoken = [line for line, candidate in zip(lines, chosen, strict=True) if candidate is not None]
    if not spoken or sum(1 for line in spoken if line.paragraph.emphasis is not None) > 0.2 * len(spoken):
        return frozenset()
    found = set()
    for index in range(header, len(lines) - 1):
        own, below = chosen[index], chosen[index + 1]
        apart = lines[index].paragraph.emphasis is not None and len(lines[index].paragraph.text) <= 200
        if own is None and apart and below is not None and below.style not in {"emphasis", "own_line"}:
            found.add(index)
    return frozenset(found)


def _is_title(lines: Sequence[ReadLine]) -> bool:
    """Whether a text without speakers opens with its title: a short line without a stop, then sentences."""
    texts = [line.paragraph.text[line.start : line.end].strip() for line in lines[:6]]
    first, rest = texts[0], texts[1:]
    plain = lines[0].paragraph.time_seconds is None and lines[0].time_seconds is None
    stopped = sum(1 for text in rest if text.endswith((".", "?", "!", "…", '"', "”")))
    return (
        plain and len(texts) >= 3 and len(first) <= 80 and first[-1:].isalnum() and stopped >= 0.6 * len(rest)
    )


def _joins(line: ReadLine, state: _State, kind: TurnKind) -> bool:
    current = state.current
    if current is None or current.kind != kind:
        return False
    if kind != "speech":
        return line.paragraph.continues
    return _runs_on(line, current, speaking=state.speaking) or (state.speaking and state.speaker is not None)


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


def _closes(line: ReadLine, *, last: bool) -> bool:
    """`END OF INTERVIEW`, `- slut -`; a word such as `Slut.` alone only after the last label of the file."""
    text = line.paragraph.text[line.start : line.end].strip()
    if len(text) > 80 or line.paragraph.kind != "body":
        return False
    return bool(_CLOSING.match(text) or _END_IN_SIGNS.match(text) or (last and _BARE_END.match(text)))


def _kind(line: ReadLine, *, speaking: bool, spoken: bool) -> TurnKind:
    text = line.paragraph.text[line.start : line.end].strip()
    colon = next((candidate for candidate in line.candidates if candidate.style == "colon"), None)
    if line.paragraph.kind == "heading" or (is_numbered_heading(colon) and len(text) <= 300):
        return "heading"
    if line.paragraph.kind == "note" or _WHOLE_LINE_NOTE.match(text[:320]) or _HEARING_NOTE.match(text[:100]):
        return "note"
    return "speech" if spoken or not speaking else "note"
