"""The walk through the XML of an OpenDocument text: what the page shows with tracked changes accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from interviews.formats.flow import Flow, in_order, story_text
from interviews.formats.list_marks import NO_MARK, ListMark, counted, list_mark
from interviews.formats.looks import Look, Marks
from interviews.formats.odt_styles import OFFICE, TEXT, TextStyles
from interviews.source import NoteKind, SourceNote

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
MAX_COLUMNS = 256

_BLANKS = re.compile(r"[ \t\r\n]+")
_SKIPPED = frozenset(
    {
        f"{TEXT}{name}"
        for name in (
            "tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "dde-connection-decls",
            "table-of-content-source", "alphabetical-index-source", "illustration-index-source",
            "table-index-source", "object-index-source", "user-index-source", "bibliography-source",
            "note-citation", "ruby-text", "script", "toc-mark", "alphabetical-index-mark",
        )
    }
    | {f"{OFFICE}forms", f"{OFFICE}event-listeners", f"{OFFICE}binary-data", f"{DRAW}object", f"{DRAW}image"}
    | {f"{SVG}title", f"{SVG}desc", f"{TABLE}table-column", f"{TABLE}table-columns", f"{DRAW}glue-point"}
)  # fmt: skip
_SHAPES = frozenset(
    f"{DRAW}{name}"
    for name in ("frame", "custom-shape", "rect", "ellipse", "circle", "line", "polygon", "path", "g",
                 "caption", "a")
)  # fmt: skip
_ROW_GROUPS = frozenset(f"{TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group"))


@dataclass(slots=True)
class _List:
    """An open list: its style and how far each level has counted."""

    style: str
    counters: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Walk:
    """One way through one document. hidden : how many passages of hidden text were left out.

    deletions : ids of the tracked deletions; a flat file has their words in the text.
    """

    styles: TextStyles
    file: str
    tables: int = 0
    hidden: int = 0
    deletions: frozenset[str] = frozenset()
    notes: list[tuple[NoteKind, str, Flow]] = field(default_factory=list)
    comments: list[tuple[str, Flow, str, str]] = field(default_factory=list)
    _after_blank: bool = True
    _hiding: bool = False
    _deleting: set[str] = field(default_factory=set)
    _boxes: list[etree._Element] = field(default_factory=list)
    _lists: dict[str, _List] = field(default_factory=dict)

    def story(self, parent: etree._Element) -> Flow:
        """Return the paragraphs of the body, a cell, a text box or a note."""
        flow = Flow(self.file)
        waiting, self._boxes = self._boxes, []
        state = self._after_blank, self._hiding
        self._blocks(parent, flow)
        flow.finish()
        self._boxes_into(flow)
        self._boxes = waiting
        self._after_blank, self._hiding = state
        return flow

    def finished(self, flow: Flow) -> tuple[SourceNote, ...]:
        """Append the words of the notes to the body, footnotes first, and return all notes and comments."""
        found: list[SourceNote] = []
        for wanted in ("footnote", "endnote"):
            for kind, identity, story in [one for one in self.notes if one[0] == wanted]:
                note = flow.note(identity, story_text(story), kind)
                if note and note.text:
                    flow.splice(story.as_note())
                    found.append(note)
        for identity, story, author, written_at in self.comments:
            note = flow.note(identity, story_text(story), "comment", author=author, written_at=written_at)
            if note and note.text:
                found.append(note)
        return in_order(found)

    def _blocks(self, parent: etree._Element, flow: Flow) -> None:
        for child in parent:
            self._block(child, flow)

    def _block(self, element: etree._Element, flow: Flow) -> None:
        tag = element.tag
        if tag in {f"{TEXT}p", f"{TEXT}h"}:
            self._paragraph(element, flow)
        elif tag == f"{TEXT}list":
            self._list(element, flow, depth=1, above=None)
        elif tag == f"{TABLE}table":
            self._table(element, flow)
        elif tag == f"{TEXT}section" and _is_hidden(element):
            self.hidden += 1
        elif tag == f"{OFFICE}annotation":
            self._comment(element, flow)
        elif tag == f"{OFFICE}annotation-end":
            flow.mark(("end", f"comment:{element.get(f'{OFFICE}name')}"))
        elif tag in {f"{TEXT}change-start", f"{TEXT}change-end"}:
            self._change(element)
        elif tag in _SHAPES:
            flow.splice(self.story(element))
        elif tag not in _SKIPPED:
            self._blocks(element, flow)

    def _paragraph(self, element: etree._Element, flow: Flow, mark: ListMark = NO_MARK) -> None:
        style = self.styles.of("paragraph", element.get(f"{TEXT}style-name"))
        self._after_blank = True
        self._hiding = False
        flow.begin()
        self._inline(element, flow, style.marks, "")
        if self._deleting:
            return  # the end of this paragraph is deleted too: the next one runs on
        flow.trim_end()
        flow.end(
            kind="heading" if element.tag == f"{TEXT}h" or style.heading else "body",
            number=mark.number,
            prefix=mark.prefix,
            style=style.stated,
        )
        self._boxes_into(flow)

    def _boxes_into(self, flow: Flow) -> None:
        while self._boxes:
            flow.splice(self.story(self._boxes.pop(0)))

    def _inline(self, parent: etree._Element, flow: Flow, marks: Marks, stated: str) -> None:
        look = marks.look()
        if stated:
            look = replace(look, style=stated)
        hidden = bool(marks.hidden)
        self._words(parent.text, flow, look, hidden=hidden)
        for child in parent:
            tag = child.tag
            if tag == f"{TEXT}span":
                style = self.styles.of("text", child.get(f"{TEXT}style-name"))
                self._inline(child, flow, style.marks.over(marks), style.stated or stated)
            elif tag == f"{TEXT}s":
                self._sign(" " * _whole(child.get(f"{TEXT}c"), 1, most=1000), flow, look, hidden=hidden)
            elif tag == f"{TEXT}tab":
                self._sign("\t", flow, look, hidden=hidden)
            elif tag == f"{TEXT}line-break":
                self._sign("\n", flow, look, hidden=hidden)
            else:
                self._piece(child, flow, marks, stated)
            self._words(child.tail, flow, look, hidden=hidden)

    def _words(self, text: str | None, flow: Flow, look: Look, *, hidden: bool) -> None:
        """A run of blanks in the file is one blank, and none at the start of a paragraph."""
        if not text or self._deleting:
            return
        if hidden:
            if not self._hiding and text.strip():
                self.hidden += 1
                self._hiding = True
            return
        said = _BLANKS.sub(" ", text)
        if self._after_blank and said[0] == " ":
            said = said[1:]
        if said:
            flow.add(said, look)
            self._after_blank = said[-1] == " "
            self._hiding = False

    def _sign(self, text: str, flow: Flow, look: Look, *, hidden: bool) -> None:
        if not hidden and not self._deleting:
            flow.add(text, look)
            self._after_blank = False

    def _piece(self, child: etree._Element, flow: Flow, marks: Marks, stated: str) -> None:
        tag = child.tag
        if tag == f"{TEXT}note":
            self._note(child, flow)
        elif tag == f"{OFFICE}annotation":
            self._comment(child, flow)
        elif tag == f"{OFFICE}annotation-end":
            flow.mark(("end", f"comment:{child.get(f'{OFFICE}name')}"))
        elif tag in {f"{TEXT}change-start", f"{TEXT}change-end"}:
            self._change(child)
        elif tag in _SHAPES:
            self._boxes.append(child)
        elif tag in {f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"} and (
            child.get(f"{TEXT}is-hidden") == "true"
        ):
            self.hidden += 1
        elif tag not in _SKIPPED and child.get(f"{TEXT}display") != "none":
            self._inline(child, flow, marks, stated)

    def _change(self, element: etree._Element) -> None:
        identity = str(element.get(f"{TEXT}change-id", ""))
        if element.tag == f"{TEXT}change-end":
            self._deleting.discard(identity)
        elif identity in self.deletions:
            self._deleting.add(identity)

    def _note(self, element: etree._Element, flow: Flow) -> None:
        kind: NoteKind = "endnote" if element.get(f"{TEXT}note-class") == "endnote" else "footnote"
        identity = f"{kind}:{len(self.notes)}"
        flow.mark(("note", identity))
        body = element.find(f"{TEXT}note-body")
        if body is not None:
            position = len(self.notes)
            self.notes.append((kind, identity, Flow(self.file)))
            self.notes[position] = (kind, identity, self.story(body))

    def _comment(self, element: etree._Element, flow: Flow) -> None:
        """A comment begins where it stands and ends where its end does, if it has one."""
        name = element.get(f"{OFFICE}name")
        identity = f"comment:{name if name is not None else f'#{len(self.comments)}'}"
        flow.mark(("start", identity))
        author, written_at = element.findtext(f"{DC}creator"), element.findtext(f"{DC}date")
        position = len(self.comments)
        self.comments.append((identity, Flow(self.file), (author or "").strip(), (written_at or "").strip()))
        self.comments[position] = (identity, self.story(element), *self.comments[position][2:])

    def _list(self, element: etree._Element, flow: Flow, *, depth: int, above: _List | None) -> None:
        name = str(element.get(f"{TEXT}style-name", "") or (above.style if above else ""))
        current = above if above and name == above.style else self._opened(element, name)
        for item in element:
            if item.tag not in {f"{TEXT}list-item", f"{TEXT}list-header"}:
                continue
            first = item.tag == f"{TEXT}list-item"
            start = item.get(f"{TEXT}start-value")
            for child in item:
                if child.tag == f"{TEXT}list":
                    self._list(child, flow, depth=depth + 1, above=current)
                elif child.tag in {f"{TEXT}p", f"{TEXT}h"}:
                    mark = self._next_mark(current, depth, start) if first else NO_MARK
                    first = False
                    self._paragraph(child, flow, mark)
                else:
                    self._block(child, flow)
            for deeper in [level for level in current.counters if level > depth]:
                del current.counters[deeper]

    def _opened(self, element: etree._Element, name: str) -> _List:
        continues = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list")
        if not continues or name not in self._lists:
            self._lists[name] = _List(name)
        return self._lists[name]

    def _next_mark(self, current: _List, depth: int, start: str | None) -> ListMark:
        level = self.styles.lists.get(current.style, {}).get(depth)
        if level is None:
            return NO_MARK
        if start is not None and start.isdigit() and len(start) < 8:
            current.counters[depth] = int(start)
        else:
            current.counters[depth] = current.counters.get(depth, level.start - 1) + 1
        if level.style == "bullet":
            return NO_MARK
        return list_mark(f"{level.before}{counted(current.counters[depth], level.style)}{level.after}")

    def _table(self, table: etree._Element, flow: Flow) -> None:
        number = self.tables
        self.tables += 1
        rows: list[list[Flow | None]] = []
        self._rows(table, rows)
        if rows and max(len(row) for row in rows) <= 1:
            for row in rows:
                for cell in row:
                    if cell is not None:
                        flow.splice(cell)
            return
        for row in rows:
            flow.row(row, table=number)

    def _rows(self, parent: etree._Element, rows: list[list[Flow | None]]) -> None:
        for child in parent:
            if child.tag == f"{TABLE}table-row":
                cells: list[Flow | None] = []
                for cell in child:
                    if cell.tag == f"{TABLE}table-cell":
                        cells.append(self.story(cell))
                    elif cell.tag == f"{TABLE}covered-table-cell":
                        cells.append(None)
                    repeated = cell.get(f"{TABLE}number-columns-repeated")
                    cells.extend([None] * (_whole(repeated, 1, most=MAX_COLUMNS) - 1))
                rows.append(cells[: max(MAX_COLUMNS, len(child))])
            elif child.tag in _ROW_GROUPS:
                self._rows(child, rows)


def _is_hidden(section: etree._Element) -> bool:
    return section.get(f"{TEXT}display") == "none" or section.get(f"{TEXT}is-hidden") == "true"


def _whole(text: str | None, otherwise: int, *, most: int) -> int:
    """A count in an attribute, held within what a page can have."""
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 9 else otherwise
