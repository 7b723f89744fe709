"""Paragraphs and tables of a Word file, read from its XML behind guards against hostile archives."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quant.documents import Document, Rows, as_rows
from quant.errors import EstimatesError

if TYPE_CHECKING:
    from lxml import etree

MAX_PART_BYTES = 32 * 1024**2
MAX_TAGS = 3_000_000
MAX_SPAN = 64  # columns of one merged cell: Word has no wider table
PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PASSED_OVER = frozenset(
    f"{_W}{name}"
    for name in (
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "delInstrText",
        "pPr",
        "rPr",
        "txbxContent",
        "tblPr",
    )
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BREAKS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError)


def is_word_file(content: bytes, name: str) -> bool:
    """Whether the content is a .docx, or is called one."""
    if content.startswith(b"PK"):
        return PART.encode() in content
    return name.lower().endswith((".docx", ".doc"))


def read_word(content: bytes, name: str) -> Document:
    """Paragraphs and tables of a Word file, as they stand when all changes are accepted.

    Text boxes, notes and comments are passed over. Raises EstimatesError if the file is locked, damaged or
    unpacks to more than a document can be.
    """
    return Document(tuple(_parts(_body(_document_xml(content, name), name))))


def _document_xml(content: bytes, name: str) -> bytes:
    if content.startswith(_OLE):
        raise EstimatesError(
            "{file}: a Word file from before 2007, or one with a password; save it as .docx without one",
            reason="word_file_locked",
            file=name,
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        part = archive.getinfo(PART)
        if part.file_size > MAX_PART_BYTES:
            raise _unsafe(name, "unpacks to more than 32 MB")
        with archive.open(part) as stream:
            xml = stream.read(MAX_PART_BYTES + 1)
    except KeyError as error:
        raise _damaged(name, "it has no text") from error
    except _BREAKS as error:
        raise _damaged(name, error) from error
    if len(xml) > MAX_PART_BYTES or xml.count(b"<") > MAX_TAGS:
        raise _unsafe(name, "is larger than any report")
    return xml


def _body(xml: bytes, name: str) -> etree._Element:
    from lxml import etree

    if b"<!DOCTYPE" in xml[:4096].replace(b"\x00", b""):
        raise _unsafe(name, "has a document type definition")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _damaged(name, error) from error
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _unsafe(name, "has a document type definition")
    body = root.find(f"{_W}body")
    if body is None:
        raise _damaged(name, "it has no text")
    return body


def _damaged(name: str, detail: object) -> EstimatesError:
    return EstimatesError(
        "{file}: the Word file is damaged ({detail}); open it in Word and save it again",
        reason="word_file_damaged",
        file=name,
        detail=detail,
    )


def _unsafe(name: str, detail: str) -> EstimatesError:
    return EstimatesError(
        "{file}: {part} {detail}; copy the tables into a new document",
        reason="word_file_unsafe",
        file=name,
        part=PART,
        detail=detail,
    )


def _parts(element: etree._Element) -> Iterator[str | Rows]:
    """Paragraphs and tables below an element; content controls and insertions are looked into."""
    for child in element.iterchildren(tag=f"{_W}*"):
        if child.tag == f"{_W}p":
            yield _text(child)
        elif child.tag == f"{_W}tbl":
            yield _rows(child)
        elif child.tag not in _PASSED_OVER:
            yield from _parts(child)


def _rows(table: etree._Element) -> Rows:
    rows: list[list[str]] = []
    for row in _below(table, "tr"):
        cells: list[str] = []
        for cell in _below(row, "tc"):
            span = min(_number(cell, "gridSpan"), MAX_SPAN)
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            continued = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            above = rows[-1] if rows else []
            text = _cell_text(cell)
            if continued and not text and len(cells) < len(above):
                text = above[len(cells)]
            cells += [text] * span
        rows.append(cells)
    return as_rows(rows)


def _below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children of a name, also within content controls and insertions, but not within another table."""
    for child in element.iterchildren(tag=f"{_W}*"):
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag not in _PASSED_OVER and child.tag != f"{_W}tbl":
            yield from _below(child, name)


def _number(cell: etree._Element, name: str) -> int:
    found = cell.find(f"{_W}tcPr/{_W}{name}")
    text = found.get(f"{_W}val", "1") if found is not None else "1"
    return max(int(text), 1) if text.isdigit() else 1


def _cell_text(cell: etree._Element) -> str:
    texts = [part if isinstance(part, str) else " ".join(map(" ".join, part)) for part in _parts(cell)]
    return "\n".join(text for text in texts if text.strip())


def _text(element: etree._Element) -> str:
    pieces: list[str] = []
    for child in element.iterchildren(tag="{*}*"):
        if child.tag == f"{_W}t":
            pieces.append(child.text or "")
        elif child.tag == f"{_W}tab":
            pieces.append("\t")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif child.tag not in _PASSED_OVER and not str(child.tag).endswith("}Fallback"):
            pieces.append(_text(child))
    return "".join(pieces)
