"""The walk through the XML of a Word file: what the page shows with tracked changes accepted, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from interviews.formats.docx_fields import Fields, form_field
from interviews.formats.docx_numbering import Numbering
from interviews.formats.docx_styles import (
    Style,
    Styles,
    W,
    is_on,
    numbering_of,
    outline_level,
    run_marks,
    value_of,
)
from interviews.formats.flow import Flow
from interviews.formats.list_marks import NO_MARK, ListMark
from interviews.formats.looks import NO_MARKS, Marks
from interviews.formats.symbols import symbol
from interviews.source import NoteKind, Paragraph

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
MAX_COLUMNS = 256

_GONE = frozenset({f"{W}del", f"{W}moveFrom"})
_SKIPPED = frozenset(
    {
        f"{W}{name}"
        for name in ("pPr", "rPr", "sectPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr")
    }
)
_RANGES = {f"{W}commentRangeStart": "start", f"{W}commentRangeEnd": "end"}
_REFERENCES: dict[str, NoteKind] = {
    f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote", f"{W}commentReference": "comment",
}  # fmt: skip
_SIMPLE = {
    f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "",
}  # fmt: skip
_WRAPPED = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_MATH_SIGNS = {f"{M}f": "/", f"{M}sSup": "^", f"{M}sSub": "_"}


@dataclass(slots=True)
class Walk:
    """One way through one file.

    chunk : reads a part in another format, by its relation's id; None where it cannot be read.
    hidden, unread : how many passages of hidden text, and parts of other formats, were left out.
    references : footnotes and endnotes in the order in which the text refers to them.
    """

    styles: Styles
    numbering: Numbering
    file: str
    chunk: Callable[[str], Sequence[Paragraph] | None] = lambda _: None
    fields: Fields = field(default_factory=Fields)
    tables: int = 0
    hidden: int = 0
    unread: int = 0
    references: list[tuple[NoteKind, str]] = field(default_factory=list)
    _hiding: bool = False
    _boxes: list[etree._Element] = field(default_factory=list)

    def story(self, parent: etree._Element) -> Flow:
        """Return the paragraphs of a body, a cell, a text box, a comment or a note."""
        flow = Flow(self.file)
        waiting, self._boxes = self._boxes, []
        self._blocks(parent, flow)
        flow.finish()
        self._boxes_into(flow)
        self._boxes = waiting
        return flow

    def _blocks(self, parent: etree._Element, flow: Flow) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}p":
                self._paragraph(child, flow)
            elif tag == f"{W}tbl":
                flow.finish()
                self._table(child, flow)
            elif tag in _RANGES:
                flow.mark((_RANGES[tag], f"comment:{child.get(f'{W}id')}"))
            elif tag == f"{MC}AlternateContent":
                self._blocks(_choice(child), flow)
            elif tag == f"{W}altChunk":
                flow.finish()
                self._chunk(child, flow)
            elif tag in _GONE:
                _marks_in(child, flow)
            elif tag not in _SKIPPED:
                self._blocks(child, flow)

    def _chunk(self, element: etree._Element, flow: Flow) -> None:
        paragraphs = self.chunk(str(element.get(f"{R}id", "")))
        if paragraphs is None:
            self.unread += 1
        else:
            flow.paragraphs.extend(paragraphs)

    def _paragraph(self, element: etree._Element, flow: Flow) -> None:
        properties = element.find(f"{W}pPr")
        identity = value_of(properties, "pStyle") or ""
        style = self.styles.paragraph(identity)
        self._hiding = False
        flow.begin()
        self._runs(element, flow, style.marks)
        if properties is not None and _mark_is_gone(properties.find(f"{W}rPr")):
            return
        heading = style.heading if properties is None else _is_heading(style, properties)
        mark = self._list_mark(style, properties)
        flow.end(
            kind="heading" if heading else "body",
            number=mark.number,
            prefix=mark.prefix,
            style=self.styles.stated.get(identity, ""),
            bullet=mark.bullet,
            style_name=self.styles.own_names.get(identity, ""),
        )
        self._boxes_into(flow)

    def _boxes_into(self, flow: Flow) -> None:
        while self._boxes:
            flow.splice(self.story(self._boxes.pop(0)))

    def _list_mark(self, style: Style, properties: etree._Element | None) -> ListMark:
        own = numbering_of(properties)
        number_id, level = own or style.numbering or (None, 0)
        if number_id is None and style.numbering:
            number_id = style.numbering[0]
        return self.numbering.next_mark(number_id, level) if number_id not in {None, "0"} else NO_MARK

    def _runs(self, parent: etree._Element, flow: Flow, marks: Marks) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, flow, marks)
            elif tag in _SKIPPED:
                continue
            elif tag in _RANGES:
                flow.mark((_RANGES[tag], f"comment:{child.get(f'{W}id')}"))
            elif tag in _GONE:
                _marks_in(child, flow)
            elif tag == f"{MC}AlternateContent":
                self._runs(_choice(child), flow, marks)
            elif tag == f"{W}txbxContent":
                self._boxes.append(child)
            elif tag == f"{M}oMath":
                if self.fields.shown:
                    flow.add(_math(child), marks.look())
            else:
                self._runs(child, flow, marks)

    def _run(self, run: etree._Element, flow: Flow, marks: Marks) -> None:
        own = run_marks(run.find(f"{W}rPr"))
        if own is not NO_MARKS:
            marks = own.over(self.styles.run(own.style).over(marks) if own.style else marks)
        if marks.hidden:
            if not self._hiding and any(child.tag == f"{W}t" for child in run):
                self.hidden += 1
                self._hiding = True
            self._hidden_parts(run, flow)
            return
        look = marks.look()
        if own.style in self.styles.stated:
            look = replace(look, style=self.styles.stated[own.style])
        custom = False
        for child in run:
            tag = child.tag
            if tag == f"{W}t":
                self._hiding = False
                if self.fields.shown and not custom:
                    flow.add(_words(child), look)
            elif tag in _SIMPLE:
                if self.fields.shown:
                    flow.add(_SIMPLE[tag], look)
            elif tag in _REFERENCES:
                custom = custom or is_on_attribute(child, "customMarkFollows")
                self._reference(child, _REFERENCES[tag], flow)
            elif tag == f"{W}fldChar":
                text = self.fields.character(str(child.get(f"{W}fldCharType", "")))
                flow.add(form_field(child) or text, look)
            elif tag == f"{W}instrText":
                self.fields.instruct(child.text or "")
            elif tag == f"{W}sym":
                if self.fields.shown:
                    flow.add(_symbol(child), look)
            elif tag == f"{W}ruby":
                for base in child.findall(f"{W}rubyBase"):
                    self._runs(base, flow, marks)
            elif tag == f"{M}oMath":
                flow.add(_math(child), look)
            elif tag not in _SKIPPED and len(child):
                inside = _choice(child) if child.tag == f"{MC}AlternateContent" else child
                self._boxes.extend(_outermost_boxes(inside))

    def _hidden_parts(self, run: etree._Element, flow: Flow) -> None:
        """Fields begin and end, and comments stand, in hidden runs too."""
        for child in run:
            if child.tag == f"{W}fldChar":
                self.fields.character(str(child.get(f"{W}fldCharType", "")))
            elif child.tag == f"{W}instrText":
                self.fields.instruct(child.text or "")
            elif child.tag == f"{W}commentReference":
                self._reference(child, "comment", flow)

    def _reference(self, element: etree._Element, kind: NoteKind, flow: Flow) -> None:
        identity = str(element.get(f"{W}id", ""))
        flow.mark(("note", f"{kind}:{identity}"))
        if kind != "comment":
            self.references.append((kind, identity))

    def _table(self, table: etree._Element, flow: Flow) -> None:
        number = self.tables
        self.tables += 1
        rows = [self._cells(row, flow) for row in _members(table, "tr", flow)]
        if rows and max(len(row) for row in rows) <= 1:
            for row in rows:
                for cell, _ in row:
                    flow.splice(cell)
            return
        for row, element in zip(rows, _members(table, "tr", None), strict=True):
            cells: list[Flow | None] = [None] * _count(element.find(f"{W}trPr"), "gridBefore", least=0)
            for cell, span in row:
                cells.extend([cell, *[None] * (span - 1)])
            flow.row(cells[:MAX_COLUMNS] if len(row) < MAX_COLUMNS else cells, table=number)

    def _cells(self, row: etree._Element, flow: Flow) -> list[tuple[Flow, int]]:
        found = []
        for cell in _members(row, "tc", flow):
            properties = cell.find(f"{W}tcPr")
            if properties is not None and properties.find(f"{W}cellDel") is not None:
                continue
            found.append((self.story(cell), _count(properties, "gridSpan", least=1)))
        return found


def is_on_attribute(element: etree._Element, name: str) -> bool:
    """Say whether an attribute that can be switched off is there and on."""
    return element.get(f"{W}{name}", "0") in {"1", "true", "on"}


def _is_heading(style: Style, properties: etree._Element) -> bool:
    if properties.find(f"{W}outlineLvl") is not None:
        return outline_level(properties) is not None
    return style.heading


def _mark_is_gone(properties: etree._Element | None) -> bool:
    """A paragraph mark that is deleted, moved away or hidden: the next paragraph runs on."""
    if properties is None:
        return False
    if any(properties.find(tag) is not None for tag in _GONE):
        return True
    return is_on(properties.find(f"{W}vanish")) or is_on(properties.find(f"{W}specVanish"))


def _marks_in(element: etree._Element, flow: Flow) -> None:
    """A comment may begin or end in what is left out."""
    for one in element.iter(*_RANGES):
        flow.mark((_RANGES[one.tag], f"comment:{one.get(f'{W}id')}"))


def _members(parent: etree._Element, name: str, flow: Flow | None) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also inside content controls and tracked insertions."""
    for child in parent:
        if child.tag == f"{W}{name}":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo"}:
            yield from _members(child, name, flow)
        elif flow is not None and child.tag in _RANGES:
            flow.mark((_RANGES[child.tag], f"comment:{child.get(f'{W}id')}"))


def _count(properties: etree._Element | None, name: str, *, least: int) -> int:
    value = value_of(properties, name) or ""
    return min(max(int(value), least), MAX_COLUMNS) if value.isascii() and value.isdigit() else least


def _choice(alternate: etree._Element) -> etree._Element:
    """A drawing stands twice in the file, for new and old programs: read the one that has words, once."""
    branches = [*alternate.findall(f"{MC}Choice"), *alternate.findall(f"{MC}Fallback")]
    for branch in branches:
        if next(branch.iter(f"{W}t"), None) is not None:
            return branch
    return branches[0] if branches else alternate


def _outermost_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Text boxes of a drawing; those inside another, or doubled for old programs, are left to it."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from _outermost_boxes(_choice(child))
        elif len(child):
            yield from _outermost_boxes(child)


def _words(element: etree._Element) -> str:
    text = element.text or ""
    if "\n" in text or "\r" in text:
        if element.get(XML_SPACE) != "preserve":
            text = text.strip()
        text = _WRAPPED.sub(" ", text)
    return text


def _symbol(element: etree._Element) -> str:
    code = str(element.get(f"{W}char", ""))
    try:
        return symbol(int(code, 16), str(element.get(f"{W}font", "")))
    except ValueError:
        return ""


def _math(element: etree._Element) -> str:
    """A formula in a line: `a/b`, `x^2`."""
    if element.tag == f"{M}t":
        return element.text or ""
    said = [_math(child) for child in element]
    return _MATH_SIGNS.get(element.tag, "").join(one for one in said if one)
