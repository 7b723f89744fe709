"""Reads a report back: its words, its fields and its numbers, for tests and for tracing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBER = re.compile(r"[−-]?\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Field:
    """A field: its instruction (`SEQ Tabel \\* ARABIC \\s 1`) and the result that is shown."""

    instruction: str
    result: str

    @property
    def kind(self) -> str:
        """`SEQ`, `REF`, `TOC` ..."""
        return self.instruction.split()[0] if self.instruction.split() else ""


@dataclass(frozen=True)
class DocxText:
    """What a reader sees, in order.

    paragraphs : `(style id, text)` of paragraphs outside tables.
    tables : rows of cell texts; the lines of a cell are joined by a line end.
    """

    text: str
    paragraphs: tuple[tuple[str, str], ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]
    fields: tuple[Field, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers of the text as written."""
        return tuple(_NUMBER.findall(self.text))


def docx_text(document: bytes) -> DocxText:
    """The body of a .docx written by `render`."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(archive.read("word/document.xml"), parser)
    body = root.find(f"{_W}body")
    paragraphs, tables, texts = [], [], []
    for child in body if body is not None else []:
        if child.tag == f"{_W}p":
            paragraphs.append((_style(child), paragraph_text(child)))
            texts.append(paragraphs[-1][1])
        elif child.tag == f"{_W}tbl":
            tables.append(_table(child))
            texts.extend("\t".join(row) for row in tables[-1])
    return DocxText("\n".join(texts), tuple(paragraphs), tuple(tables), tuple(_fields(root)))


def paragraph_text(paragraph: Any) -> str:
    """The text of a w:p: cached field results, no instructions."""
    parts = []
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
        if element.tag == f"{_W}t":
            parts.append(element.text or "")
        elif element.getparent().tag == f"{_W}r":
            parts.append("\t" if element.tag == f"{_W}tab" else "\n")
    return "".join(parts)


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if style is None else str(style.get(f"{_W}val"))


def _table(table: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(
            "\n".join(paragraph_text(paragraph) for paragraph in cell.findall(f"{_W}p"))
            for cell in row.findall(f"{_W}tc")
        )
        for row in table.findall(f"{_W}tr")
    )


def _fields(root: Any) -> Iterator[Field]:
    """Fields in the order in which they end; a field inside another adds to the result of both."""
    open_fields: list[tuple[list[str], list[str], list[bool]]] = []
    for element in root.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}t"):
        if element.tag == f"{_W}fldChar":
            kind = element.get(f"{_W}fldCharType")
            if kind == "begin":
                open_fields.append(([], [], [False]))
            elif kind == "separate" and open_fields:
                open_fields[-1][2][0] = True
            elif kind == "end" and open_fields:
                instruction, result, _ = open_fields.pop()
                yield Field("".join(instruction).strip(), "".join(result))
        elif element.tag == f"{_W}instrText" and open_fields:
            open_fields[-1][0].append(element.text or "")
        else:
            for _, result, separated in open_fields:
                if separated[0]:
                    result.append(element.text or "")
