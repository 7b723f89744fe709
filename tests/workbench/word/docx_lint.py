"""Faults of a .docx that a schema does not see and that make Word repair or refuse a file."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from workbench.word.reader import Field, docx_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
ASVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


def faults(document: bytes) -> list[str]:
    """All faults found, empty for a sound file."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if len(parts) != len(zipfile.ZipFile(io.BytesIO(document)).namelist()):
        return ["two parts share a name"]
    found, trees = [], {}
    for name, data in parts.items():
        if name.endswith((".xml", ".rels", ".svg")):
            try:
                trees[name] = etree.fromstring(data)
            except etree.XMLSyntaxError as error:
                found.append(f"{name} is not well-formed: {error}")
    if found:
        return found
    root = trees["word/document.xml"]
    checks = [
        _relationships(parts, trees), _content_types(parts, trees), _cells(root), _tables(root),
        _fields(root),
        _bookmarks(root), _references(document, root), _sequences(root), _drawings(root),
        _styles(root, trees), _numbering(root, trees), _languages(root), _sections(root), _repeated(root),
    ]  # fmt: skip
    return [fault for check in checks for fault in check]


def _relationships(parts: dict[str, bytes], trees: dict[str, Any]) -> Iterator[str]:
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        ids = [each.get("Id") for each in tree]
        if len(set(ids)) != len(ids):
            yield f"{name}: repeated relationship ids"
        for each in tree:
            if each.get("TargetMode") == "External":
                yield f"{name}: external relationship to {each.get('Target')}"
                continue
            target = each.get("Target")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            if path.lstrip("/") not in parts:
                yield f"{name}: {each.get('Id')} leads to {path}, which is missing"
    for name, tree in trees.items():
        if name.endswith(".rels") or not name.startswith("word/"):
            continue
        rels = trees.get(f"{posixpath.dirname(name)}/_rels/{posixpath.basename(name)}.rels", [])
        known = {each.get("Id") for each in rels}
        for element in tree.iter():
            for attribute, value in element.attrib.items():
                if attribute.startswith(R) and value not in known:
                    yield f"{name}: {attribute[len(R) :]}={value} has no relationship"


def _content_types(parts: dict[str, bytes], trees: dict[str, Any]) -> Iterator[str]:
    types = trees["[Content_Types].xml"]
    defaults = {each.get("Extension").lower() for each in types.findall(f"{TYPES}Default")}
    overrides = {each.get("PartName") for each in types.findall(f"{TYPES}Override")}
    for name in parts:
        extension = name.rsplit(".", 1)[-1].lower()
        if name != "[Content_Types].xml" and f"/{name}" not in overrides and extension not in defaults:
            yield f"{name} has no content type"
    for name in overrides:
        if name.lstrip("/") not in parts:
            yield f"a content type names {name}, which is missing"


def _cells(root: Any) -> Iterator[str]:
    for number, cell in enumerate(root.iter(f"{W}tc")):
        if len(cell) == 0 or cell[-1].tag != f"{W}p":
            yield f"cell {number} does not end with a paragraph"


def _tables(root: Any) -> Iterator[str]:
    for number, table in enumerate(root.iter(f"{W}tbl")):
        columns = table.findall(f"{W}tblGrid/{W}gridCol")
        widths = [int(column.get(f"{W}w")) for column in columns]
        if any(width <= 0 for width in widths):
            yield f"table {number} has a column without width"
        if sum(widths) != int(table.find(f"{W}tblPr/{W}tblW").get(f"{W}w")):
            yield f"table {number}: its columns do not add up to its width"
        for row in table.findall(f"{W}tr"):
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
            filled = sum(1 if span is None else int(span.get(f"{W}val")) for span in spans)
            if filled != len(columns):
                yield f"table {number}: a row fills {filled} of {len(columns)} columns"
        following = table.getnext()
        if following is None or following.tag != f"{W}p":
            yield f"table {number} is not followed by a paragraph"
        for tag in ("tblCaption", "tblDescription"):
            text = table.find(f"{W}tblPr/{W}{tag}")
            if text is None or not text.get(f"{W}val"):
                yield f"table {number} has no {tag}"


def _fields(root: Any) -> Iterator[str]:
    open_fields: list[str] = []
    for mark in root.iter(f"{W}fldChar"):
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            open_fields.append("begin")
        elif not open_fields:
            yield f"a field has {kind} without begin"
        elif kind == "separate":
            open_fields[-1] = "separate"
        else:
            open_fields.pop()
    if open_fields:
        yield f"{len(open_fields)} fields are not closed"


def _bookmarks(root: Any) -> Iterator[str]:
    starts = list(root.iter(f"{W}bookmarkStart"))
    ends = [end.get(f"{W}id") for end in root.iter(f"{W}bookmarkEnd")]
    names = [start.get(f"{W}name") for start in starts]
    for name, count in Counter(names).items():
        if count > 1:
            yield f"bookmark {name} stands {count} times"
        if not re.fullmatch(r"[^\W\d]\w{0,39}", name):
            yield f"bookmark {name!r} is no name that Word accepts"
    if Counter(start.get(f"{W}id") for start in starts) != Counter(ends) or len(set(ends)) != len(ends):
        yield "bookmarks are not closed one by one"


def _references(document: bytes, root: Any) -> Iterator[str]:
    names = {start.get(f"{W}name") for start in root.iter(f"{W}bookmarkStart")}
    texts = {name: _bookmark_text(root, name) for name in names}
    for field in docx_text(document).fields:
        if field.kind in {"REF", "PAGEREF"}:
            target = field.instruction.split()[1]
            if target not in names:
                yield f"{field.instruction}: no such bookmark"
            elif field.kind == "REF" and "\\r" not in field.instruction:
                shown, meant = field.result.replace("\u00a0", " "), texts[target].replace("\u00a0", " ")
                if shown.lower() != meant.lower():
                    yield f"{field.instruction} shows {shown!r}, its target says {meant!r}"
    for link in root.iter(f"{W}hyperlink"):
        if link.get(f"{W}anchor") not in names:
            yield f"a link leads to {link.get(f'{W}anchor')}, which is missing"


def _bookmark_text(root: Any, name: str) -> str:
    start = next(each for each in root.iter(f"{W}bookmarkStart") if each.get(f"{W}name") == name)
    parts = []
    for element in start.itersiblings():
        if element.tag == f"{W}bookmarkEnd" and element.get(f"{W}id") == start.get(f"{W}id"):
            break
        parts += [text.text or "" for text in element.iter(f"{W}t")]
    return "".join(parts)


def _sequences(root: Any) -> Iterator[str]:
    """Recounts chapters and sequences as Word does and compares with what is cached."""
    counts: Counter[str] = Counter()
    chapter = 0
    headings = {"Heading1", "Overskrift1"}
    for paragraph in root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") in headings:
            number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
            if number is not None and number.get(f"{W}val") != "0":
                chapter += 1
                counts.clear()
        for field in _paragraph_fields(paragraph):
            if field.kind == "SEQ":
                name = field.instruction.split()[1]
                counts[name] += 1
                if field.result != str(counts[name]):
                    yield f"{field.instruction} shows {field.result}, expected {counts[name]}"
            if field.kind == "STYLEREF" and field.result != str(chapter):
                yield f"{field.instruction} shows {field.result}, expected {chapter}"


def _paragraph_fields(paragraph: Any) -> list[Field]:
    instruction, result, fields, place = "", "", [], ""
    for element in paragraph.iter(f"{W}fldChar", f"{W}instrText", f"{W}t"):
        if element.tag == f"{W}fldChar":
            place = element.get(f"{W}fldCharType")
            if place == "begin":
                instruction, result = "", ""
            if place == "end":
                fields.append(Field(instruction.strip(), result))
        elif element.tag == f"{W}instrText":
            instruction += element.text or ""
        elif place == "separate":
            result += element.text or ""
    return fields


def _drawings(root: Any) -> Iterator[str]:
    properties = list(root.iter(f"{WP}docPr"))
    ids = [each.get("id") for each in properties]
    if len(set(ids)) != len(ids):
        yield "drawings share an id"
    for each in properties:
        if not (each.get("descr") or "").strip():
            yield f"drawing {each.get('name')} has no alternative text"


def _styles(root: Any, trees: dict[str, Any]) -> Iterator[str]:
    known = {style.get(f"{W}styleId") for style in trees["word/styles.xml"].findall(f"{W}style")}
    for tag in ("pStyle", "rStyle", "tblStyle"):
        for used in root.iter(f"{W}{tag}"):
            if used.get(f"{W}val") not in known:
                yield f"style {used.get(f'{W}val')} is not defined"
    for style in trees["word/styles.xml"].findall(f"{W}style"):
        for tag in ("basedOn", "next", "link"):
            other = style.find(f"{W}{tag}")
            if other is not None and other.get(f"{W}val") not in known:
                yield f"style {style.get(f'{W}styleId')}: {tag} {other.get(f'{W}val')} is not defined"


def _numbering(root: Any, trees: dict[str, Any]) -> Iterator[str]:
    numbers = trees["word/numbering.xml"]
    known = {each.get(f"{W}numId") for each in numbers.findall(f"{W}num")} | {"0"}
    abstract = {each.get(f"{W}abstractNumId") for each in numbers.findall(f"{W}abstractNum")}
    for used in root.iter(f"{W}numId"):
        if used.get(f"{W}val") not in known:
            yield f"list {used.get(f'{W}val')} is not defined"
    for each in numbers.findall(f"{W}num"):
        if each.find(f"{W}abstractNumId").get(f"{W}val") not in abstract:
            yield f"list {each.get(f'{W}numId')} has no definition"


def _languages(root: Any) -> Iterator[str]:
    for run in root.iter(f"{W}r"):
        words = run.find(f"{W}t")
        if words is not None and run.find(f"{W}rPr/{W}lang") is None:
            yield f"no language on {words.text!r}"


def _sections(root: Any) -> Iterator[str]:
    body = root.find(f"{W}body")
    if body[-1].tag != f"{W}sectPr":
        yield "the body does not end with its section"
    for section in root.iter(f"{W}sectPr"):
        size = section.find(f"{W}pgSz")
        landscape = int(size.get(f"{W}w")) > int(size.get(f"{W}h"))
        if landscape != (size.get(f"{W}orient") == "landscape"):
            yield "a page is wider than high without being landscape, or the other way round"


def _repeated(root: Any) -> Iterator[str]:
    for number, table in enumerate(root.iter(f"{W}tbl")):
        if table.find(f"{W}tr/{W}trPr/{W}tblHeader") is None:
            yield f"table {number} has no repeated header row"
