"""Files that state what their parts are: styles for questions, answers, headings, speakers, times.

Such a file is written by an export. Nothing is guessed in it, and every line comes back as it was. The names
of the styles are the same in every language of the program that opens the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from interviews.source import Paragraph, ReadingWarning, Source, SourceNote, StyledRun, reading_warning
from interviews.transcript import Annotation, Role, SegmentStatus, SpeakerGuess, Turn, TurnKind

FAMILY = "Transcript"
CONTINUED = f"{FAMILY} Continued"
PLAIN = f"{FAMILY} Plain"
OPENING: dict[str, tuple[TurnKind, Role]] = {
    f"{FAMILY} Question": ("speech", "interviewer"),
    f"{FAMILY} Answer": ("speech", "respondent"),
    f"{FAMILY} Speech": ("speech", "unknown"),
    f"{FAMILY} Heading": ("heading", "unknown"),
    f"{FAMILY} Note": ("note", "unknown"),
}
TITLE = f"{FAMILY} Title"
FACTS = f"{FAMILY} Facts"
APART = (TITLE, FACTS, f"{FAMILY} Legend Heading", f"{FAMILY} Legend")
"""Styles of what the file says about the interview; none of it is said in it."""

SPEAKER = f"{FAMILY} Speaker"
SPEAKS_FOR = f"{FAMILY} Speaks For"
TIME = f"{FAMILY} Time"
GLUE = f"{FAMILY} Glue"
STATUS: dict[str, SegmentStatus] = {
    f"{FAMILY} Summary": "summary",
    f"{FAMILY} Interpreted": "interpreted",
    f"{FAMILY} Translation": "translation",
    f"{FAMILY} Taken Down": "notes",
}

_LABELS = (SPEAKER, SPEAKS_FOR, TIME, GLUE, *STATUS)
_GLUE_TEXT = re.compile(r"[\s:()\[\],·]*(?:for)?[\s:()\[\],·]*")
_CLOCK = re.compile(r"\[?(\d+):([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?\]?")
_SEPARATORS = " \t\u00a0"


def clock(seconds: float) -> str:
    """Return a time as a label says it: hours, minutes, seconds, and thousandths where there are any."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    said = f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{said}.{thousandths:03}" if thousandths else said


def seconds_of_clock(said: str) -> float | None:
    """Return the seconds that `clock` wrote; None for another text."""
    found = _CLOCK.fullmatch(said.strip())
    if found is None:
        return None
    hours, minutes, seconds, fraction = found.groups()
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return (whole * 1000 + int((fraction or "0").ljust(3, "0"))) / 1000


@dataclass(frozen=True, slots=True)
class StatedLayout:
    """What a file states: text, turns, speakers with their roles, and its comments in their places."""

    text: str
    turns: tuple[Turn, ...]
    speakers: tuple[SpeakerGuess, ...]
    annotations: tuple[Annotation, ...]
    header: dict[str, str]
    warnings: tuple[ReadingWarning, ...]


def is_stated(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether paragraphs open turns by their style."""
    return any(paragraph.style in OPENING for paragraph in paragraphs)


@dataclass(slots=True)
class _Label:
    speaker: str | None = None
    speaks_for: str | None = None
    time_seconds: float | None = None
    status: SegmentStatus = "verbatim"


@dataclass(slots=True)
class _Open:
    """A turn while its lines come in."""

    kind: TurnKind
    role: Role
    label: _Label
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where `paragraph.text[start:end]` came to stand in the text; what precedes `start` was a label."""

    start: int
    end: int
    at: int


@dataclass(slots=True)
class _Reading:
    lines: list[str] = field(default_factory=list)
    turns: list[_Open | None] = field(default_factory=list)
    position: int = 0
    places: list[list[_Stretch]] = field(default_factory=list)

    def add(self, line: str, turn: _Open | None) -> int:
        """Add a line of the text and return where it begins."""
        start = self.position
        if turn is not None:
            turn.lines.append(len(self.lines))
        self.lines.append(line)
        self.turns.append(turn)
        self.position += len(line) + 1
        return start


def lay_out_stated(source: Source) -> StatedLayout:
    """Return the turns that a file states by its styles; see `is_stated`.

    A paragraph of an opening style, or a speaker's name within one, begins a turn; any other continues the
    turn above as a line of its own, also one that somebody wrote in between with a style of another name.
    """
    reading = _Reading()
    header: dict[str, str] = {}
    turn: _Open | None = None
    for paragraph in source.paragraphs:
        stretches: list[_Stretch] = []
        reading.places.append(stretches)
        if paragraph.style in APART:
            name, colon, value = paragraph.text.partition(":")
            if paragraph.style == FACTS and colon and value.strip():
                header[name.strip()] = value.strip()
            continue
        turn = _read_paragraph(paragraph, turn, reading, stretches)
    return _finished(source.notes, reading, header)


def _read_paragraph(
    paragraph: Paragraph, turn: _Open | None, reading: _Reading, stretches: list[_Stretch]
) -> _Open | None:
    own = paragraph.style.startswith(f"{FAMILY} ")
    if paragraph.style == PLAIN:
        turn = None
    elif paragraph.style in OPENING:
        kind, role = OPENING[paragraph.style]
        turn = _Open(kind, role, _Label())
    elif not own and not paragraph.text.strip():
        return turn
    elif not own and (turn is None or paragraph.kind in {"heading", "note"}):
        turn = _Open("heading" if paragraph.kind == "heading" else "note", "unknown", _Label())
    elif turn is None:
        turn = _Open("speech", "unknown", _Label())
    for label, start, end in _parts(paragraph):
        if label is not None and turn is not None:
            if turn.lines:
                turn = _Open(turn.kind, turn.role, label)
            else:
                turn.label = label
        offset = start
        for line in paragraph.text[start:end].split("\n"):
            at = reading.add(line, turn)
            stretches.append(_Stretch(offset, offset + len(line), at))
            offset += len(line) + 1
    return turn


def _parts(paragraph: Paragraph) -> Iterator[tuple[_Label | None, int, int]]:
    """The paragraph as label and words, in more parts where a name stands after words of another."""
    labels = sorted((run for run in paragraph.runs if _is_label(run.style)), key=lambda run: run.start)
    heads = list(_heads(paragraph.text, labels))
    if not heads or heads[0][1] > 0:
        yield None, 0, heads[0][1] if heads else len(paragraph.text)
    for index, (label, _, end) in enumerate(heads):
        start = end + (paragraph.text[end : end + 1] in _SEPARATORS and end < len(paragraph.text))
        yield label, start, heads[index + 1][1] if index + 1 < len(heads) else len(paragraph.text)


def _heads(text: str, runs: Sequence[StyledRun]) -> Iterator[tuple[_Label, int, int]]:
    """Labels with where each begins and ends. One after words counts only where it names a speaker."""
    index = 0
    while index < len(runs):
        start = end = runs[index].start
        label, named = _Label(), False
        while index < len(runs) and not text[end : runs[index].start].strip():
            run = runs[index]
            said = text[run.start : run.end]
            if run.style == GLUE and not _GLUE_TEXT.fullmatch(said):
                index += 1
                break
            named = _put(label, run.style, said) or named
            end = max(end, run.end)
            index += 1
        if end > start and (named or not text[:start].strip()):
            yield label, start, end


def _put(label: _Label, style: str, said: str) -> bool:
    """Add what a stretch says to the label; whether it names the speaker."""
    if style == SPEAKS_FOR:
        label.speaks_for = (label.speaks_for or "") + said
    elif style == TIME:
        label.time_seconds = seconds_of_clock(said)
    elif style in STATUS:
        label.status = STATUS[style]
    elif style != GLUE:
        label.speaker = (label.speaker or "") + said
        return True
    return False


def _is_label(style: str) -> bool:
    return style in _LABELS or style.startswith(f"{SPEAKER} ")


def _finished(notes: Sequence[SourceNote], reading: _Reading, header: dict[str, str]) -> StatedLayout:
    """Leave out turns of which no word is left, and number the rest in the text that remains."""
    empty = {
        id(turn)
        for turn in reading.turns
        if turn is not None and not "\n".join(reading.lines[line] for line in turn.lines)
    }
    gone = [turn is not None and id(turn) in empty for turn in reading.turns]
    starts, position, old = [], 0, 0
    moved: list[tuple[int, int]] = []
    for line, is_gone in zip(reading.lines, gone, strict=True):
        starts.append(position)
        moved.append((old, position))
        old += len(line) + 1
        position += 0 if is_gone else len(line) + 1
    text = "\n".join(line for line, is_gone in zip(reading.lines, gone, strict=True) if not is_gone)
    turns: list[Turn] = []
    roles: dict[str, Role] = {}
    for index, turn in enumerate(reading.turns):
        if turn is None or gone[index] or turn.lines[0] != index:
            continue
        last = turn.lines[-1]
        label = turn.label
        turns.append(
            Turn(
                starts[index],
                starts[last] + len(reading.lines[last]),
                label.speaker,
                label.time_seconds,
                turn.kind,
                label.status,
                label.speaks_for,
            )
        )
        if label.speaker and turn.kind == "speech":
            roles.setdefault(label.speaker, turn.role)
    said = "{n:speaker label has no words after it|speaker labels have no words after them}"
    warnings = (reading_warning("labels_without_words", said, n=len(empty)),) if empty else ()
    return StatedLayout(
        text,
        tuple(turns),
        _speakers(text, turns, roles),
        tuple(_annotations(notes, reading.places, dict(moved), len(text))),
        header,
        warnings,
    )


def _speakers(text: str, turns: Sequence[Turn], roles: dict[str, Role]) -> tuple[SpeakerGuess, ...]:
    from interviews.sentences import words

    counts: dict[str, list[int]] = {label: [0, 0] for label in roles}
    for turn in turns:
        if turn.speaker in counts and turn.kind == "speech":
            counts[turn.speaker][0] += 1
            counts[turn.speaker][1] += words(text[turn.start : turn.end])
    return tuple(SpeakerGuess(label, roles[label], *counts[label]) for label in counts)


def _annotations(
    notes: Sequence[SourceNote], places: Sequence[Sequence[_Stretch]], moved: dict[int, int], length: int
) -> Iterator[Annotation]:
    def position(paragraph: int, offset: int) -> int:
        """Where an offset of the file came to stand; one in a label or heading goes to the words after it."""
        stretches = places[paragraph] if paragraph < len(places) else ()
        found: int | None = None
        for stretch in stretches:
            if found is None or offset >= stretch.start:
                within = min(max(offset - stretch.start, 0), stretch.end - stretch.start)
                found = moved[stretch.at] + within
        if found is None:
            later = next((s for others in places[paragraph + 1 :] for s in others), None)
            found = moved[later.at] if later is not None else length
        return min(found, length)

    found = []
    for note in notes:
        start = position(note.first, note.start)
        end = max(start, position(note.last, note.end))
        found.append(Annotation(start, end, note.text, note.kind, note.author, note.written_at))
    return iter(sorted(found, key=lambda one: (one.start, -one.end)))
