"""Word files (.docx): a thin walk over the XML that keeps insertions, content controls, lists and tables."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from interviews.characters import clean_text
from interviews.formats.docx_styles import Styles, read_styles
from interviews.source import Paragraph, Source, refusal
from interviews.zip_guard import open_zip, parse_xml, read_part

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT_W = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
TRANSITIONAL_W = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
OFFICE_DOCUMENT = "/officeDocument"

_DROPPED = {
    f"{W}del",
    f"{W}moveFrom",
    f"{W}instrText",
    f"{W}delText",
    f"{W}delInstrText",
    f"{W}pPr",
    f"{W}rPr",
}
_NOTES = (
    ("word/comments.xml", f"{W}comment", "comments"),
    ("word/footnotes.xml", f"{W}footnote", "footnotes"),
)


@dataclass(slots=True)
class _Line:
    """The paragraph being read: its text, and which characters are bold."""

    text: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)

    def add(self, text: str, *, bold: bool) -> None:
        if text:
            self.text.append(text)
            self.bold.append(bold)


@dataclass(slots=True)
class _Walk:
    """What is collected on the way through the document."""

    styles: Styles
    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: int = 0
    hidden: int = 0
    carried: _Line | None = None


def read_docx(data: bytes, *, file: str) -> Source:
    """Return the paragraphs of a Word file, tracked insertions accepted and deletions left out.

    Raises TranscriptError as `zip_guard.open_zip`, and `damaged` where the document part is missing.
    """
    archive = open_zip(data, file=file)
    part = _document_part(archive, file)
    content = read_part(archive, part, file=file)
    if content is None:
        raise refusal(
            file,
            reason="damaged",
            detail="no_document",
            place=part,
            found="the file has no document in it",
            remedy="open it in Word and save it as .docx",
        )
    root = parse_xml(content.replace(STRICT_W, TRANSITIONAL_W), file=file, part=part)
    walk = _Walk(
        read_styles(read_part(archive, posixpath.dirname(part) + "/styles.xml", file=file), file=file)
    )
    body = root.find(f"{W}body")
    if body is not None:
        _walk_blocks(body, walk)
        _finish(walk)
    paragraphs = tuple(_cleaned(paragraph, file) for paragraph in walk.paragraphs)
    return Source(paragraphs, "docx", warnings=tuple(_warnings(archive, walk, file)))


def _document_part(archive: zipfile.ZipFile, file: str) -> str:
    content = read_part(archive, "_rels/.rels", file=file)
    if content:
        for relation in parse_xml(content, file=file, part="_rels/.rels"):
            if str(relation.get("Type", "")).endswith(OFFICE_DOCUMENT):
                return str(relation.get("Target", "")).lstrip("/") or "word/document.xml"
    return "word/document.xml"


def _cleaned(paragraph: Paragraph, file: str) -> Paragraph:
    if paragraph.kind == "row":
        cells = tuple(clean_text(cell, file=file) for cell in paragraph.cells)
        return Paragraph("", kind="row", cells=cells, table=paragraph.table)
    text = clean_text(paragraph.text, file=file)
    return Paragraph(text, kind=paragraph.kind, bold=min(paragraph.bold, len(text)))


def _warnings(archive: zipfile.ZipFile, walk: _Walk, file: str) -> Iterator[str]:
    if walk.hidden:
        yield f"{walk.hidden} passages of hidden text were left out"
    for part, tag, name in _NOTES:
        content = read_part(archive, part, file=file)
        if content:
            notes = parse_xml(content, file=file, part=part).findall(tag)
            count = sum(1 for note in notes if note.get(f"{W}type") is None)
            if count:
                yield f"{count} {name} in the Word file are not part of the transcript text"


def _walk_blocks(parent: etree._Element, walk: _Walk) -> None:
    for child in parent:
        if child.tag == f"{W}p":
            _paragraph(child, walk)
        elif child.tag == f"{W}tbl":
            _table(child, walk)
        elif child.tag == f"{MC}AlternateContent":
            _walk_blocks(_choice(child), walk)
        elif child.tag not in _DROPPED and child.tag != f"{W}sectPr":
            _walk_blocks(child, walk)


def _choice(alternate: etree._Element) -> etree._Element:
    """A drawing stands twice in the file, for new and old programs: read it once."""
    choice = alternate.find(f"{MC}Choice")
    return choice if choice is not None else alternate


def _paragraph(element: etree._Element, walk: _Walk) -> None:
    line = walk.carried or _Line()
    walk.carried = None
    properties = element.find(f"{W}pPr")
    style = _value(properties, "pStyle")
    boxes: list[etree._Element] = []
    _runs(element, line, walk, bold=walk.styles.is_bold(style), boxes=boxes)
    if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
        # the paragraph mark is deleted under track changes: the next paragraph runs on
        walk.carried = line
    else:
        heading = walk.styles.is_heading(style) or _outline(properties) is not None
        walk.paragraphs.extend(_lines_of(line, heading=heading))
    for box in boxes:
        _walk_blocks(box, walk)


def _finish(walk: _Walk) -> None:
    if walk.carried is not None:
        walk.paragraphs.extend(_lines_of(walk.carried, heading=False))
        walk.carried = None


def _outline(properties: etree._Element | None) -> int | None:
    level = _value(properties, "outlineLvl")
    return int(level) if level is not None and level.isdigit() and int(level) < 9 else None


def _value(properties: etree._Element | None, name: str) -> str | None:
    found = properties.find(f"{W}{name}") if properties is not None else None
    value = found.get(f"{W}val") if found is not None else None
    return str(value) if value is not None else None


def _lines_of(line: _Line, *, heading: bool) -> Iterator[Paragraph]:
    text = "".join(line.text)
    flags = [flag for piece, flag in zip(line.text, line.bold, strict=True) for _ in piece]
    start = 0
    for one in text.split("\n"):
        bold = 0
        while bold < len(one) and (flags[start + bold] or one[bold].isspace()):
            bold += 1
        if not any(flags[start : start + bold]):
            bold = 0
        yield Paragraph(one, kind="heading" if heading else "body", bold=bold)
        start += len(one) + 1


def _runs(
    parent: etree._Element, line: _Line, walk: _Walk, *, bold: bool, boxes: list[etree._Element]
) -> None:
    for child in parent:
        tag = child.tag
        if tag in _DROPPED:
            continue
        if tag == f"{W}r":
            _run(child, line, walk, bold=bold, boxes=boxes)
        elif tag == f"{MC}AlternateContent":
            _runs(_choice(child), line, walk, bold=bold, boxes=boxes)
        elif tag == f"{W}txbxContent":
            boxes.append(child)
        else:
            _runs(child, line, walk, bold=bold, boxes=boxes)


def _run(run: etree._Element, line: _Line, walk: _Walk, *, bold: bool, boxes: list[etree._Element]) -> None:
    properties = run.find(f"{W}rPr")
    if properties is not None:
        if _is_on(properties.find(f"{W}vanish")):
            walk.hidden += 1
            return
        own = properties.find(f"{W}b")
        bold = _is_on(own) if own is not None else bold or walk.styles.is_bold(_value(properties, "rStyle"))
    for child in run:
        text = _run_text(child)
        if text is not None:
            line.add(text, bold=bold)
        elif child.tag not in _DROPPED:
            inside = _choice(child) if child.tag == f"{MC}AlternateContent" else child
            boxes.extend(inside.iter(f"{W}txbxContent"))


def _run_text(child: etree._Element) -> str | None:
    if child.tag == f"{W}t":
        return child.text or ""
    if child.tag == f"{W}tab":
        return "\t"
    if child.tag == f"{W}br":
        return "\n" if child.get(f"{W}type", "textWrapping") == "textWrapping" else ""
    if child.tag == f"{W}cr":
        return "\n"
    if child.tag == f"{W}noBreakHyphen":
        return "-"
    return None


def _is_on(toggle: etree._Element | None) -> bool:
    return toggle is not None and toggle.get(f"{W}val", "1") not in {"0", "false", "off", "none"}


def _table(table: etree._Element, walk: _Walk) -> None:
    number = walk.tables
    walk.tables += 1
    rows = [[_cell(cell, walk) for cell in _children(row, "tc")] for row in _children(table, "tr")]
    if rows and max(len(row) for row in rows) == 1:
        for row in rows:
            walk.paragraphs.extend(paragraph for cell in row for paragraph in cell)
        return
    for row in rows:
        cells = tuple("\n".join(_flat(paragraph) for paragraph in cell).strip() for cell in row)
        walk.paragraphs.append(Paragraph("", kind="row", cells=cells, table=number))


def _children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children of one name, also inside content controls and tracked insertions."""
    for child in parent:
        if child.tag == f"{W}{name}":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _children(child, name)


def _cell(cell: etree._Element, walk: _Walk) -> list[Paragraph]:
    inner = _Walk(walk.styles)
    _walk_blocks(cell, inner)
    _finish(inner)
    walk.hidden += inner.hidden
    return inner.paragraphs


def _flat(paragraph: Paragraph) -> str:
    return "\t".join(paragraph.cells) if paragraph.kind == "row" else paragraph.text
