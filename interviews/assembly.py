"""Turns while they are being put together, and the text that they make in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from interviews.line_joins import seam
from interviews.places import Place, Placed, TextPlaces, shifted
from interviews.transcript import SegmentStatus, Turn, TurnKind

_SOFT_HYPHEN = "\u00ad"


@dataclass(slots=True)
class Fragment:
    """A line of words; `places` say where they stood in the file."""

    text: str
    places: Sequence[Place] = ()


@dataclass(slots=True)
class Piece:
    """A turn while it is being put together; `paragraphs` are its paragraphs, each in its lines."""

    kind: TurnKind
    speaker: str | None
    time_seconds: float | None
    status: SegmentStatus = "verbatim"
    speaks_for: str | None = None
    paragraphs: list[list[Fragment]] = field(default_factory=list)

    def add(self, words: Fragment, *, continues: bool, vocabulary: frozenset[str]) -> None:
        """Add a line. continues : the line above may run on into it.
        vocabulary : see `line_joins.join_lines`."""
        if not words.text:
            return
        if continues and self.paragraphs:
            above = self.paragraphs[-1][-1]
            above.text, between = seam(above.text, words.text, vocabulary=vocabulary)
            if between:
                self.paragraphs[-1].append(Fragment(between))
            self.paragraphs[-1].append(words)
        else:
            self.paragraphs.append([words])

    def add_all(self, words: Sequence[Fragment], *, continues: bool, vocabulary: frozenset[str]) -> None:
        """Add a line that is made of several fragments."""
        for index, one in enumerate(words):
            if index and self.paragraphs:
                self.paragraphs[-1].append(one)
            else:
                self.add(one, continues=continues, vocabulary=vocabulary)

    @property
    def last_words(self) -> str:
        """The end of what stands in it so far."""
        return self.paragraphs[-1][-1].text if self.paragraphs else ""


def fragment(line: Placed, start: int, end: int) -> Fragment:
    """Return the words of a line between two positions, without the blanks around them."""
    text = line.text
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Fragment(text[start:end], shifted(line.places, start, end))


def assemble(pieces: Sequence[Piece], *, track: bool) -> tuple[str, tuple[Turn, ...], TextPlaces]:
    """Return the text, its turns, and the way from the file to the text (empty unless `track`)."""
    texts: list[str] = []
    turns: list[Turn] = []
    places: list[Place] = []
    position = 0
    for piece in pieces:
        start = position
        for lines in piece.paragraphs:
            said, stood = _joined(lines, track=track)
            if not said:
                continue
            texts.append(said)
            places.extend(
                Place(one.start + position, one.end + position, one.paragraph, one.offset) for one in stood
            )
            position += len(said) + 1
        if position > start:
            turns.append(
                Turn(
                    start,
                    position - 1,
                    piece.speaker,
                    piece.time_seconds,
                    piece.kind,
                    piece.status,
                    piece.speaks_for,
                )
            )
    return "\n".join(texts), tuple(turns), TextPlaces(places, max(0, position - 1))


def _joined(lines: Sequence[Fragment], *, track: bool) -> tuple[str, list[Place]]:
    whole = "".join(line.text for line in lines)
    said = whole.replace(_SOFT_HYPHEN, "").strip()
    if not track or not said:
        return said, []
    stood: list[Place] = []
    length = 0
    for line in lines:
        stood.extend(shifted(line.places, 0, len(line.text), by=length))
        length += len(line.text)
    if _SOFT_HYPHEN in whole:
        stood, whole = _without_soft_hyphens(stood, whole)
    lead = len(whole) - len(whole.lstrip())
    return said, list(shifted(stood, lead, lead + len(said)))


def _without_soft_hyphens(stood: Sequence[Place], whole: str) -> tuple[list[Place], str]:
    kept: list[Place] = []
    position = length = 0
    for part in whole.split(_SOFT_HYPHEN):
        kept.extend(shifted(stood, position, position + len(part), by=length))
        position += len(part) + 1
        length += len(part)
    return kept, whole.replace(_SOFT_HYPHEN, "")
