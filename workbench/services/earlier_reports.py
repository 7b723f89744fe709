"""Quotations out of a file: an earlier report, a list, or a table of another program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from lxml import etree

from interviews import READERS, words
from interviews.zip_guard import open_zip, parse_xml, read_part
from quant import read_table
from workbench.errors import InvalidRequestError
from workbench.i18n import t
from workbench.services.files import GivenFile

FORMATS = ("docx", "txt", "csv", "xlsx")
SHORTEST_PARAGRAPH = 9
SHORTEST_MARKED = 4
COLUMNS = ("quote", "quotation", "citat", "text", "tekst", "segment", "kodet segment", "coded segment")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_QUOTE_STYLE = re.compile(r"quot|cita|blokc|block ?text|bloktekst", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list|liste|opstilling|punkt|toc|indhold|heading|overskrift", re.IGNORECASE)
_INDENT = 280  # twentieths of a point: half a centimetre
_MARKED = re.compile(r"[”“„]([^”“„]{8,1500})[”“]|»([^»«]{8,1500})«|«([^»«]{8,1500})»|\"([^\"]{8,1500})\"")
_ATTRIBUTION = re.compile(r"(?<=[.?!…”\"»«\]])\s*\((?![^()]*\.\.\.)[^()]{2,90}\)\s*$")


def quotations_in(file: GivenFile) -> list[str]:
    """The quotations of a file in their order, each once.

    A Word file gives its quotation paragraphs (a style for quotations, or indented) and texts in quotation
    marks; if it has none, as a text file, every paragraph of more than eight words. A table gives the column
    `quote` (or `citat`, `segment`, ...), else its only column of sentences.

    Raises InvalidRequestError for an ending that is not known or a file without quotations, TranscriptError
    or AnswersError for one that cannot be read.
    """
    ending = PurePath(file.name).suffix.lower().lstrip(".")
    if ending not in FORMATS:
        raise InvalidRequestError(
            t("errors.quotation_file_ending", file=file.name, known=", ".join(f".{each}" for each in FORMATS))
        )
    if ending in ("csv", "xlsx"):
        found = _of_table(file)
    elif ending == "docx":
        found = _of_report(_word_paragraphs(file))
    else:
        found = _long(_text_paragraphs(file))
    found = list(dict.fromkeys(quote for quote in map(_bare, found) if quote))
    if not found:
        raise InvalidRequestError(t("errors.no_quotations_in_file", file=file.name))
    return found


def quotations_of(text: str) -> list[str]:
    """The quotations of a text that was pasted: one a paragraph; without empty lines one a line."""
    parts = re.split(r"\n[ \t]*\n", text) if re.search(r"\n[ \t]*\n", text.strip()) else text.split("\n")
    return list(dict.fromkeys(quote for quote in map(_bare, parts) if quote))


def _of_report(paragraphs: list[tuple[str, bool]]) -> list[str]:
    quotations = []
    for text, set_apart in paragraphs:
        if set_apart and words(text) >= SHORTEST_MARKED:
            quotations.append(text)
            continue
        for found in _MARKED.finditer(text):
            marked = next(group for group in found.groups() if group)
            if words(marked) >= SHORTEST_MARKED:
                quotations.append(marked)
    return quotations or _long([text for text, _ in paragraphs])


def _long(paragraphs: list[str]) -> list[str]:
    return [text for text in paragraphs if words(text) >= SHORTEST_PARAGRAPH]


def _bare(quote: str) -> str:
    """A quotation without blanks around it and without the source in parentheses behind it."""
    return _ATTRIBUTION.sub("", quote.strip()).strip()


def _text_paragraphs(file: GivenFile) -> list[str]:
    source = READERS["txt"](file.content, file=file.name)
    return [paragraph.text.strip() for paragraph in source.paragraphs if paragraph.text.strip()]


def _of_table(file: GivenFile) -> list[str]:
    table = read_table(file.content, file.name)
    by_name = {str(name).strip().lower(): name for name in table.columns}
    column = next((by_name[name] for name in COLUMNS if name in by_name), None)
    if column is None:
        lengths = {name: table[name].astype(str).map(words).median() for name in table.columns}
        column = max(lengths, key=lambda name: lengths[name], default=None)
        if column is None or lengths[column] < SHORTEST_MARKED:
            raise InvalidRequestError(
                t("errors.no_quotation_column", file=file.name, columns=", ".join(map(str, table.columns)))
            )
    return [str(value).strip() for value in table[column].dropna()]


def _word_paragraphs(file: GivenFile) -> list[tuple[str, bool]]:
    """Text of every paragraph, and whether it is set apart as a quotation is."""
    with open_zip(file.content, file=file.name) as archive:
        part = "word/document.xml"
        content = read_part(archive, part, file=file.name)
        styles = read_part(archive, "word/styles.xml", file=file.name)
    if content is None:
        raise InvalidRequestError(t("errors.not_a_word_file", file=file.name))
    names = _style_names(parse_xml(styles, file=file.name, part="word/styles.xml")) if styles else {}
    root = parse_xml(content, file=file.name, part=part)
    return [
        (text, _set_apart(paragraph, names))
        for paragraph in root.iter(f"{_W}p")
        if (text := "".join(_words(paragraph)).strip())
    ]


def _words(paragraph: etree._Element) -> Iterator[str]:
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        if node.tag == f"{_W}t":
            yield node.text or ""
        else:
            yield "-" if node.tag == f"{_W}noBreakHyphen" else " "


def _style_names(root: etree._Element) -> dict[str, str]:
    names = {}
    for style in root.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None:
            names[style.get(f"{_W}styleId", "")] = name.get(f"{_W}val", "")
    return names


def _set_apart(paragraph: etree._Element, names: dict[str, str]) -> bool:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return False
    style = properties.find(f"{_W}pStyle")
    name = ""
    if style is not None:
        name = names.get(style.get(f"{_W}val", ""), style.get(f"{_W}val", ""))
    if _QUOTE_STYLE.search(name):
        return True
    indent = properties.find(f"{_W}ind")
    if indent is None or _LIST_STYLE.search(name) or properties.find(f"{_W}numPr") is not None:
        return False
    left = indent.get(f"{_W}left") or indent.get(f"{_W}start") or "0"
    return left.lstrip("-").isdigit() and int(left) >= _INDENT
