"""Put paragraphs together from the runs of a file: their text, how they look, where notes stand.

Shared by the readers of docx, odt and rtf, which only say what comes next.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from interviews.characters import clean_text
from interviews.formats.looks import PLAIN, Look
from interviews.source import Emphasis, NoteKind, Paragraph, ParagraphKind, SourceNote, StyledRun
from interviews.stated import CONTINUED, OPENING

Place = tuple[int, int]  # index of a paragraph, offset in its text
Key = tuple[str, str]  # what is marked: "start", "end" or "note", and the id that the file gives it


_ATTRIBUTES: tuple[tuple[Emphasis, Callable[[Look], bool]], ...] = (
    ("bold", lambda look: look.bold),
    ("italic", lambda look: look.italic),
    ("underline", lambda look: look.underline),
    ("colour", lambda look: bool(look.colour)),
)


class Flow:
    """The paragraphs of one story: the body, a table cell, a text box or a note.

    A paragraph begins with its first text and ends with `end`; where `end` does not come (a deleted paragraph
    mark), what follows runs on in it. Marks stay with the characters beside which they were set.
    """

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.paragraphs: list[Paragraph] = []
        self.places: dict[Key, Place] = {}
        self.open = False
        self._pieces: list[tuple[str, Look]] = []
        self._length = 0
        self._marks: list[tuple[Key, int]] = []
        self._waiting: list[Key] = []

    def begin(self) -> None:
        """Open a paragraph unless one is open."""
        if not self.open:
            self.open = True
            for key in self._waiting:
                self.mark(key)
            self._waiting.clear()

    def add(self, text: str, look: Look = PLAIN) -> None:
        """Add words to the open paragraph, with `\\n` for a line break."""
        self.begin()
        if not text:
            return
        if not text.isprintable():
            text = clean_text(text, file=self.file)
        self._pieces.append((text, look))
        self._length += len(text)

    @property
    def ends_in_space(self) -> bool:
        """Whether the open paragraph is empty or its last character is a blank or a line break."""
        return not self._pieces or self._pieces[-1][0][-1:] in {" ", "\n", "\t", ""}

    def trim_end(self) -> None:
        """Take a blank away with which the open paragraph ends."""
        if self._pieces and self._pieces[-1][0].endswith(" "):
            text, look = self._pieces[-1]
            self._pieces[-1] = (text[:-1], look)
            self._length -= 1
            self._marks = [(key, min(offset, self._length)) for key, offset in self._marks]

    def mark(self, key: Key) -> None:
        """Remember this place. Between two paragraphs an "end" stands behind the one above, all else before
        the one below."""
        if self.open:
            self._marks.append((key, self._length))
        elif key[0] == "end" and self.paragraphs:
            self.places.setdefault(key, self._last())
        else:
            self._waiting.append(key)

    def end(
        self,
        *,
        kind: ParagraphKind = "body",
        number: int | None = None,
        prefix: str = "",
        style: str = "",
        bullet: bool = False,
        style_name: str = "",
    ) -> None:
        """Close the open paragraph. prefix : words of a list mark that stand before it on the page."""
        self.begin()
        if prefix:
            self._pieces.insert(0, (prefix, self._pieces[0][1] if self._pieces else PLAIN))
            self._marks = [(key, offset + len(prefix)) for key, offset in self._marks]
        base = len(self.paragraphs)
        lines = list(_lines(self._pieces))
        for index, pieces in enumerate(lines):
            line = _paragraph(pieces, kind, number if index == 0 else None)
            own = CONTINUED if index and style in OPENING else style
            listed = bullet and index == 0
            if own or listed or style_name:
                line = replace(line, style=own, bullet=listed, style_name=style_name)
            self.paragraphs.append(line)
        starts = [0]
        for pieces in lines[:-1]:
            starts.append(starts[-1] + sum(len(text) for text, _ in pieces) + 1)
        for key, offset in self._marks:
            at = bisect_right(starts, offset) - 1
            self.places.setdefault(key, (base + at, offset - starts[at]))
        self._pieces, self._marks, self._length, self.open = [], [], 0, False

    def finish(self) -> None:
        """Close the story: what is open ends, and marks without a paragraph below stand at the end."""
        if self.open:
            self.end()
        for key in self._waiting:
            self.places.setdefault(key, self._last())
        self._waiting.clear()

    def splice(self, other: Flow) -> None:
        """Append the paragraphs of a finished story."""
        base = len(self.paragraphs)
        if other.paragraphs:
            self._wait_ends(base)
        self.paragraphs.extend(other.paragraphs)
        for key, (index, offset) in other.places.items():
            self.places.setdefault(key, (base + index, offset) if other.paragraphs else self._last())

    def as_note(self) -> Flow:
        """Return a finished story as paragraphs of kind "note", without the blank behind the note's mark."""
        note = Flow(self.file)
        texts = [row_text(paragraph) for paragraph in self.paragraphs]
        note.paragraphs = [Paragraph(text.strip(), kind="note") for text in texts]
        for key, (index, offset) in self.places.items():
            lead = len(texts[index]) - len(texts[index].lstrip()) if texts else 0
            within = min(max(offset - lead, 0), len(note.paragraphs[index].text) if texts else 0)
            note.places[key] = (index, within)
        return note

    def row(self, cells: Sequence[Flow | None], *, table: int) -> None:
        """Append a table row of finished cells. None : covered by a merged cell.

        A place in a row counts in its cells joined by tabs.
        """
        texts: list[str] = []
        position = 0
        index = len(self.paragraphs)
        self._wait_ends(index)
        for cell in cells:
            raw = [row_text(paragraph) for paragraph in cell.paragraphs] if cell else []
            joined = "\n".join(raw)
            text = joined.strip()
            lead = len(joined) - len(joined.lstrip())
            if cell:
                starts = [0]
                for one in raw:
                    starts.append(starts[-1] + len(one) + 1)
                for key, (inner, offset) in cell.places.items():
                    within = min(max(starts[inner] + offset - lead, 0), len(text))
                    self.places.setdefault(key, (index, position + within))
            texts.append(text)
            position += len(text) + 1
        self.paragraphs.append(Paragraph("", kind="row", cells=tuple(texts), table=table))

    def note(
        self,
        identity: str,
        text: str,
        kind: NoteKind,
        *,
        author: str = "",
        written_at: str = "",
    ) -> SourceNote | None:
        """Return a comment or note on the stretch that was marked with its id, or None if nothing was."""
        at = self.places.get(("note", identity))
        first = self.places.get(("start", identity), at)
        last = self.places.get(("end", identity), at or first)
        if first is None or last is None:
            return None
        if last < first:
            last = first
        return SourceNote(text, kind, *first, *last, author=author, written_at=written_at)

    def _wait_ends(self, index: int) -> None:
        for key in self._waiting:
            self.places.setdefault(key, (index, 0))
        self._waiting.clear()

    def _last(self) -> Place:
        if not self.paragraphs:
            return (0, 0)
        return (len(self.paragraphs) - 1, len(row_text(self.paragraphs[-1])))


def row_text(paragraph: Paragraph) -> str:
    """Return the text of a paragraph; of a table row its cells joined by tabs."""
    return "\t".join(paragraph.cells) if paragraph.kind == "row" else paragraph.text


def story_text(flow: Flow, *, indented: bool = False) -> str:
    """Return the words of a comment or note, its paragraphs in lines of their own.

    indented : whether blanks at the start and end of its lines were meant by who wrote it.
    """
    lines = (row_text(paragraph) for paragraph in flow.paragraphs)
    return "\n".join(lines if indented else (line.strip() for line in lines)).strip()


def in_order(notes: Iterable[SourceNote]) -> tuple[SourceNote, ...]:
    """Return notes in the order of the text; those on one stretch stay in the order of the file."""
    return tuple(sorted(notes, key=lambda note: (note.first, note.start)))


def _lines(pieces: Sequence[tuple[str, Look]]) -> Iterator[list[tuple[str, Look]]]:
    line: list[tuple[str, Look]] = []
    for text, look in pieces:
        first, *others = text.split("\n")
        if first:
            line.append((first, look))
        for other in others:
            yield line
            line = [(other, look)] if other else []
    yield line


def _paragraph(pieces: Sequence[tuple[str, Look]], kind: ParagraphKind, number: int | None) -> Paragraph:
    text = "".join(piece for piece, _ in pieces)
    if all(look is PLAIN or look == PLAIN for _, look in pieces):
        return Paragraph(text, kind=kind, number=number)
    looks = [look for piece, look in pieces if piece.strip()]
    emphasis = next((name for name, has in _ATTRIBUTES if looks and all(map(has, looks))), None)
    bold = _leading(pieces, _ATTRIBUTES[0][1])
    if not bold:
        other = [_leading(pieces, has) for _, has in _ATTRIBUTES[1:]]
        bold = next((size for size in other if 0 < size < len(text)), 0)
    runs = tuple(_styled(pieces)) if any(look.style for _, look in pieces) else ()
    return Paragraph(text, kind=kind, number=number, bold=bold, emphasis=emphasis, runs=runs)


def _styled(pieces: Sequence[tuple[str, Look]]) -> Iterator[StyledRun]:
    position = 0
    for style, group in groupby(pieces, key=lambda piece: piece[1].style):
        length = sum(len(text) for text, _ in group)
        if style:
            yield StyledRun(style, position, position + length)
        position += length


def _leading(pieces: Sequence[tuple[str, Look]], has: Callable[[Look], bool]) -> int:
    """How many characters at the start have an attribute; blanks between and behind them count."""
    length = 0
    found = False
    for text, look in pieces:
        if has(look):
            length += len(text)
            found = found or bool(text.strip())
        elif text.strip():
            length += len(text) - len(text.lstrip())
            break
        else:
            length += len(text)
    return length if found else 0
