"""Where each stretch of a line stood in the file, so that what is anchored there is found in the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from interviews.source import Paragraph, SourceNote
from interviews.transcript import Annotation


class Place(NamedTuple):
    """Characters `start` to `end` of a line are those from `offset` on in a paragraph of the file."""

    start: int
    end: int
    paragraph: int
    offset: int


@dataclass(frozen=True, slots=True)
class Placed(Paragraph):
    """A paragraph, or a part of one, that knows where its characters stood. A row's text is its cells, with a
    tab between them."""

    places: tuple[Place, ...] = ()


_FIELDS = tuple(one.name for one in fields(Paragraph))


def placed(paragraphs: Iterable[Paragraph]) -> list[Placed]:
    """Return the paragraphs of a file with their places."""
    found: list[Placed] = []
    for index, paragraph in enumerate(paragraphs):
        values = {name: getattr(paragraph, name) for name in _FIELDS}
        if paragraph.kind == "row":
            values["text"] = "\t".join(paragraph.cells)
        found.append(Placed(**values, places=(Place(0, len(values["text"]), index, 0),)))
    return found


def shifted(places: Sequence[Place], start: int, end: int, *, by: int = 0) -> tuple[Place, ...]:
    """Return the places of `text[start:end]`, counted from `by`."""
    if len(places) == 1 and places[0].start <= start < end <= places[0].end:
        one = places[0]
        return (Place(by, by + end - start, one.paragraph, one.offset + start - one.start),)
    kept: list[Place] = []
    for one in places:
        low, high = max(one.start, start), min(one.end, end)
        if low < high:
            kept.append(
                Place(low - start + by, high - start + by, one.paragraph, one.offset + low - one.start)
            )
    return tuple(kept)


def cut(line: Placed, start: int, end: int | None = None) -> Placed:
    """Return `text[start:end]` of a line as a line."""
    stop = len(line.text) if end is None else end
    if start == 0 and stop == len(line.text):
        return line
    bold = max(0, min(line.bold, stop) - start)
    return replace(line, text=line.text[start:stop], bold=bold, places=shifted(line.places, start, stop))


def without(line: Placed, spans: Sequence[tuple[int, int]]) -> Placed:
    """Return a line without some of its stretches, given in order."""
    text: list[str] = []
    places: list[Place] = []
    position = length = bold = 0
    for start, end in [*spans, (len(line.text), len(line.text))]:
        text.append(line.text[position:start])
        places.extend(shifted(line.places, position, start, by=length))
        bold += max(0, min(line.bold, start) - position)
        length += start - position
        position = end
    return replace(line, text="".join(text), bold=bold, places=tuple(places))


class TextPlaces:
    """The way from the file to the transcript's text.

    places : where stretches of the text stood; `start` and `end` are positions in the text here.
    length : of the text.
    """

    def __init__(self, places: Iterable[Place], length: int) -> None:
        self._runs = sorted(places, key=lambda one: (one.paragraph, one.offset))
        self._keys = [(one.paragraph, one.offset) for one in self._runs]
        self._length = length

    def span(self, first: int, start: int, last: int, end: int) -> tuple[int, int]:
        """Return the positions in the text of a stretch of the file; start equals end where nothing of it is
        in the text (a comment on a speaker label stands where that speaker's words begin)."""
        begins, stops = self._next_kept(first, start), self._last_kept(last, end)
        if begins is not None and stops is not None and begins < stops and (first, start) < (last, end):
            return begins, stops
        point = self.point(first, start)
        return point, point

    def point(self, paragraph: int, offset: int) -> int:
        """Return the position in the text of a point of the file."""
        before = bisect_right(self._keys, (paragraph, offset)) - 1
        one = self._runs[before] if before >= 0 else None
        if one is not None and one.paragraph == paragraph:
            return min(one.start + offset - one.offset, one.end)
        after = self._next_kept(paragraph, offset)
        return self._length if after is None else after

    def _next_kept(self, paragraph: int, offset: int) -> int | None:
        index = bisect_right(self._keys, (paragraph, offset)) - 1
        if index >= 0:
            one = self._runs[index]
            if one.paragraph == paragraph and offset < one.offset + one.end - one.start:
                return one.start + offset - one.offset
        return self._runs[index + 1].start if index + 1 < len(self._runs) else None

    def _last_kept(self, paragraph: int, offset: int) -> int | None:
        index = bisect_right(self._keys, (paragraph, offset - 1)) - 1
        if index < 0:
            return None
        one = self._runs[index]
        return min(one.start + offset - one.offset, one.end) if one.paragraph == paragraph else one.end


def annotated(notes: Sequence[SourceNote], places: TextPlaces) -> tuple[Annotation, ...]:
    """Return the comments and notes of a file at their positions in the text, in the order of the text."""
    found = [
        Annotation(
            *places.span(note.first, note.start, note.last, note.end),
            note.text,
            note.kind,
            note.author,
            note.written_at,
        )
        for note in notes
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))
