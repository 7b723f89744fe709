"""From paragraphs to turns: who speaks where, what is a heading or a note, and the text without its
labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from interviews.evidence import decide, is_numbered_heading
from interviews.labels import Candidate, ReadLine, read_line, starts_with_bare_time
from interviews.line_joins import hyphenated_words, seam
from interviews.numbering import without_paragraph_numbers
from interviews.source import Paragraph, Source
from interviews.tables import rows_to_paragraphs
from interviews.transcript import Turn, TurnKind
from interviews.vocabulary import NOT_A_SPEAKER, first_word, is_name_like, key_of

_WHOLE_LINE_NOTE = re.compile(r"^(?:\[[^\[\]]{1,300}\]|\({1,2}[^()]{1,300}\){1,2}|\*[^*]{1,120}\*)[.\s]*$")

_HEARING_NOTE = re.compile(
    r"^(?:BY (?:MR|MS|MRS|DR)\b.{0,60}:|(?:DIRECT|CROSS|REDIRECT|RECROSS)[- ]EXAMINATION.{0,60})$"
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]*$")


@dataclass(frozen=True, slots=True)
class Laid:
    """The text and turns of a document, and how its speakers were marked."""

    text: str
    turns: tuple[Turn, ...]
    layout: str
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Piece:
    """A turn while it is being put together; `texts` are its paragraphs, each in its lines."""

    kind: TurnKind
    speaker: str | None
    time_seconds: float | None
    texts: list[list[str]] = field(default_factory=list)


def lay_out(source: Source) -> Laid:
    """Return the turns of a file. A paragraph without a label belongs to the turn above it.

    Headings, and text before the first speaker, are turns of kind `heading` and `note` without speaker. A
    file
    without any label keeps every paragraph as a turn of its own, speaker None.
    """
    paragraphs, from_table = rows_to_paragraphs([line for one in source.paragraphs for line in _split(one)])
    paragraphs = without_paragraph_numbers(paragraphs)
    lines = _times_alone(_read(paragraphs))
    decision = decide(lines)
    labels = _Labels(decision.chosen)
    vocabulary = hyphenated_words([line.paragraph.text for line in lines])
    pieces = list(_pieces(lines, decision.chosen, labels, vocabulary))
    text, turns = _assemble(pieces)
    empty = sum(1 for piece in pieces if piece.speaker and not piece.texts)
    warnings = (f"{empty} speaker labels have no words after them",) if empty else ()
    return Laid(text, turns, _layout_name(paragraphs, decision.layout, from_table=from_table), warnings)


def _split(paragraph: Paragraph) -> Iterator[Paragraph]:
    if paragraph.kind == "row" or "\n" not in paragraph.text:
        yield paragraph
        return
    start = 0
    for line in paragraph.text.split("\n"):
        yield replace(paragraph, text=line, bold=max(0, min(paragraph.bold - start, len(line))))
        start += len(line) + 1


def _layout_name(paragraphs: Sequence[Paragraph], style: str | None, *, from_table: bool) -> str:
    if style is None:
        return "paragraphs"
    numbered = "numbered " if any(paragraph.number is not None for paragraph in paragraphs) else ""
    if style == "stated":
        return "table" if from_table else "voices"
    return numbered + style.replace("_", " ")


def _read(paragraphs: Sequence[Paragraph]) -> list[ReadLine]:
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


class _Labels:
    """One spelling for each speaker: the most frequent one, of two equally frequent the first.

    Words in parentheses behind a label tell who speaks (`Leder (P1)`, `P2 (kvinde, 34 år)`) and stay with
    it, or
    describe the speaker once and go, or tell how something is said (`Anna (griner)`) and stay in the text.
    """

    def __init__(self, chosen: Sequence[Candidate | None]) -> None:
        labels = [candidate for candidate in chosen if candidate]
        qualifiers: dict[str, list[str]] = {}
        for candidate in labels:
            qualifiers.setdefault(candidate.key, []).append(candidate.qualifier)
        self._use = {key: _qualifier_use(found) for key, found in qualifiers.items()}
        spellings: dict[str, Counter[str]] = {}
        for candidate in labels:
            spellings.setdefault(self._key(candidate), Counter())[self._spelling(candidate)] += 1
        self._best = {key: counter.most_common(1)[0][0] for key, counter in spellings.items()}

    def of(self, candidate: Candidate) -> str:
        """Return the speaker label of a chosen candidate."""
        return self._best[self._key(candidate)]

    def aside(self, candidate: Candidate) -> str:
        """Return the words in parentheses that belong to what is said, or nothing."""
        said = candidate.qualifier and self._use[candidate.key] == "aside"
        return f"({candidate.qualifier}) " if said else ""

    def _spelling(self, candidate: Candidate) -> str:
        label = " ".join(candidate.label.split()).strip(" .,:;*_-–—#>")
        return f"{label} ({candidate.qualifier})" if self._use[candidate.key] == "label" else label

    def _key(self, candidate: Candidate) -> str:
        own = self._use[candidate.key] == "label"
        return f"{candidate.key} {candidate.qualifier.casefold()}" if own else candidate.key


def _qualifier_use(found: Sequence[str]) -> Literal["label", "aside", "dropped"]:
    different = {qualifier.casefold() for qualifier in found if qualifier}
    sounds = any(first_word(qualifier) in NOT_A_SPEAKER for qualifier in different)
    if not different or sounds:
        return "aside"
    if all(found) and ((len(different) == 1 and len(found) > 1) or all(map(_is_identity, found))):
        return "label"
    return "dropped" if len(different) == 1 or all(any(map(str.isdigit, q)) for q in different) else "aside"


def _is_identity(qualifier: str) -> bool:
    return len(qualifier.split()) <= 2 and qualifier[0].isupper()


def _pieces(
    lines: Sequence[ReadLine], chosen: Sequence[Candidate | None], labels: _Labels, vocabulary: frozenset[str]
) -> Iterator[_Piece]:
    speaking = any(candidate is not None for candidate in chosen)
    current: _Piece | None = None
    speaker: str | None = None
    for line, candidate in zip(lines, chosen, strict=True):
        text = line.paragraph.text
        same = candidate is not None and _is_same_cue(line, candidate, labels, current)
        if candidate is not None and not same:
            if current:
                yield current
            speaker = labels.of(candidate)
            current = _Piece("speech", speaker, candidate.time_seconds)
            _add(current, _words(line, candidate, labels), continues=False, vocabulary=vocabulary)
            continue
        kind = _kind(line, speaking=speaking, spoken=speaker is not None)
        words = (
            text[line.start : line.end].strip()
            if not same or candidate is None
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
            current = _Piece(kind, speaker if kind == "speech" else None, line.time_seconds)
        _add(current, words, continues=line.paragraph.continues, vocabulary=vocabulary)
    if current:
        yield current


def _runs_on(line: ReadLine, current: _Piece | None, *, speaking: bool) -> bool:
    """Cues without speakers are put together to sentences, so that each keeps a time near its words."""
    cue = line.paragraph.continues and line.paragraph.time_seconds is not None
    if cue and not speaking and current and current.texts:
        lines = current.texts[-1]
        return not _SENTENCE_END.search(lines[-1][-5:]) and sum(map(len, lines)) < 600
    return line.paragraph.continues


def _is_same_cue(line: ReadLine, candidate: Candidate, labels: _Labels, current: _Piece | None) -> bool:
    """Consecutive cues of one speaker are one turn."""
    cue = line.paragraph.continues and line.paragraph.time_seconds is not None
    return cue and current is not None and current.speaker == labels.of(candidate)


def _words(line: ReadLine, candidate: Candidate, labels: _Labels) -> str:
    words = line.paragraph.text[candidate.start : line.end].strip(" \t")
    return labels.aside(candidate) + words if words else ""


def _kind(line: ReadLine, *, speaking: bool, spoken: bool) -> TurnKind:
    text = line.paragraph.text[line.start : line.end].strip()
    colon = next((candidate for candidate in line.candidates if candidate.style == "colon"), None)
    if line.paragraph.kind == "heading" or (is_numbered_heading(colon) and len(text) <= 300):
        return "heading"
    if _WHOLE_LINE_NOTE.match(text[:320]) or _HEARING_NOTE.match(text[:100]):
        return "note"
    return "speech" if spoken or not speaking else "note"


def _add(piece: _Piece, words: str, *, continues: bool, vocabulary: frozenset[str]) -> None:
    if not words:
        return
    if continues and piece.texts:
        lines = piece.texts[-1]
        lines[-1], between = seam(lines[-1], words, vocabulary=vocabulary)
        lines.append(between + words)
    else:
        piece.texts.append([words])


def _assemble(pieces: Sequence[_Piece]) -> tuple[str, tuple[Turn, ...]]:
    texts: list[str] = []
    turns: list[Turn] = []
    position = 0
    for piece in pieces:
        said = "\n".join(
            text for text in ("".join(one).replace("\u00ad", "").strip() for one in piece.texts) if text
        )
        if said:
            turns.append(Turn(position, position + len(said), piece.speaker, piece.time_seconds, piece.kind))
            texts.append(said)
            position += len(said) + 1
    return "\n".join(texts), tuple(turns)
