"""Tables in HTML and TeX (esttab, stargazer, modelsummary) as documents of paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quant.documents import Document, Rows, as_rows
from quant.errors import EstimatesError

if TYPE_CHECKING:
    from lxml import etree

MAX_SPAN = 64
_TABULAR = r"tabular\*?|tabularx|tabulary|longtable|tblr|talltblr|longtblr"
_TABLE = re.compile(rf"\\begin\{{(?P<kind>{_TABULAR})\}}(?P<body>.*?)\\end\{{(?P=kind)\}}", re.DOTALL)
_SPAN = re.compile(r"\\multicolumn\s*\{\s*(\d+)\s*\}\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_KEPT = re.compile(
    r"\\(?:sym|textsuperscript|textbf|textit|emph|text|num|footnotesize|small|mathrm|textsc)\b"
)
_RULES = re.compile(
    r"\\(?:toprule|midrule|bottomrule|hline|addlinespace|endhead|endfirsthead|endfoot|endlastfoot)(?:\[[^\]]*\])?"
    r"|\\c(?:line|midrule)\s*(?:\([^)]*\))?\s*\{[^}]*\}|\\\[[^\]]*\]"
)
_SIGNS = {
    r"\&": "&",
    r"\%": "%",
    r"\_": "_",
    r"\#": "#",
    r"\$": "",
    "~": " ",
    r"\,": "",
    r"\;": "",
    "--": "–",
}


def html_document(text: str, name: str) -> Document:
    """Paragraphs and tables of a web page. Raises EstimatesError if it cannot be read as one."""
    from lxml import etree, html

    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise EstimatesError(
            "{file}: the web page cannot be read ({detail}); save the table as csv or xlsx",
            reason="web_page_unreadable",
            file=name,
            detail=error,
        ) from error
    return Document(tuple(_html_parts(root)))


def tex_document(text: str) -> Document:
    """Captions, notes and tables of a TeX file."""
    text = re.sub(r"(?<!\\)%.*", "", text)
    parts: list[str | Rows] = []
    end = 0
    for found in _TABLE.finditer(text):
        parts += [*_tex_lines(text[end : found.start()]), as_rows(_tex_rows(found["body"]))]
        end = found.end()
    return Document((*parts, *_tex_lines(text[end:])))


def _html_parts(element: etree._Element) -> Iterator[str | Rows]:
    for child in element:
        if not isinstance(child.tag, str) or child.tag in ("script", "style", "head"):
            continue
        if child.tag == "table" and not child.xpath(".//table"):
            caption = child.find("caption")
            if caption is not None:
                yield _html_text(caption)
            yield as_rows(_html_rows(child))
        elif child.tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "li", "pre"):
            yield _html_text(child)
        else:
            yield from _html_parts(child)


def _html_rows(table: etree._Element) -> list[list[str]]:
    rows: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # column -> rows still covered from above, and the text
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _hang(cells, hanging)
            text = _html_text(cell)
            wide, deep = _span(cell.get("colspan")), _span(cell.get("rowspan"))
            for _ in range(wide):
                if deep > 1:
                    hanging[len(cells)] = (deep - 1, text)
                cells.append(text)
        _hang(cells, hanging)
        rows.append(cells)
    return rows


def _hang(cells: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Fill places that a cell of a row above still covers."""
    while len(cells) in hanging:
        left, text = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, text)
            cells.append(text)
            if len(cells) in hanging:
                continue
            return
        cells.append(text)


def _span(text: str | None) -> int:
    return min(max(int(text), 1), MAX_SPAN) if text and text.strip().isdigit() else 1


def _html_text(element: etree._Element) -> str:
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            pieces.append("\n" if child.tag == "br" else _html_text(child))
        pieces.append(child.tail or "")
    return re.sub(r"[ \t\r\f]+", " ", "".join(pieces).replace("\xa0", " ")).strip()


def _tex_lines(text: str) -> list[str]:
    """Captions and the notes below a table; markup alone is no line."""
    captions = [_tex_text(inside) for inside in _arguments(text, r"\\caption")]
    lines = [] if captions else [_tex_text(line) for line in re.split(r"\n\s*\n|\\\\|\\item|\\note", text)]
    return [line for line in (*captions, *lines) if re.search(r"\w{2}", line)]


def _arguments(text: str, command: str) -> list[str]:
    """What stands in braces after a command, braces within braces counted."""
    found = []
    for start in re.finditer(rf"{command}\*?(?:\[[^\]]*\])?\s*\{{", text):
        depth, place = 1, start.end()
        while place < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[place], 0) if text[place - 1] != "\\" else 0
            place += 1
        found.append(text[start.end() : place - 1])
    return found


def _tex_rows(body: str) -> list[list[str]]:
    body = _without_options(body)
    rows = []
    for line in re.split(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline", _RULES.sub(" ", body)):
        cells: list[str] = []
        for cell in re.split(r"(?<!\\)&", line):
            span = _SPAN.search(cell)
            wide = min(int(span[1]), MAX_SPAN) if span else 1
            cells += [_tex_text(_SPAN.sub("", cell))] * wide
        rows.append(cells)
    return rows


def _without_options(body: str) -> str:
    """A table without the groups that declare its columns: `{l*{3}{c}}`, `[caption={...}]`, `{@{}lcc@{}}`."""
    place = 0
    while place < len(body) and (body[place].isspace() or body[place] in "[{"):
        if body[place] in "[{":
            closing = {"[": "]", "{": "}"}[body[place]]
            opening, depth = body[place], 0
            start = place
            while place < len(body):
                depth += {opening: 1, closing: -1}.get(body[place], 0)
                place += 1
                if depth == 0:
                    break
            if depth:
                return body[start + 1 :]
        else:
            place += 1
    return body[place:]


def _tex_text(text: str) -> str:
    for sign, plain in _SIGNS.items():
        text = text.replace(sign, plain)
    text = re.sub(r"\\(?:begin|end)\s*\{[^}]*\}(?:\[[^\]]*\])?(?:\{[^}]*\})?", " ", text)
    text = re.sub(r"\\(?:label|vspace|hspace|def|centering|ref)\*?\s*(?:\{[^{}]*\})?", " ", text)
    text = text.replace("$", "").replace(r"\(", "").replace(r"\)", "").replace("^", "")
    text = re.sub(r"\\(?:textless|lt)\b(?:\{\})?", "<", text)
    text = _KEPT.sub("", text)
    text = re.sub(r"\\shortstack(?:\[[^\]]*\])?", "", text)
    text = re.sub(r"\\[a-zA-Z]+\*?(?:\[[^\]]*\])?", " ", text)
    return re.sub(r"\s+", " ", text.replace("{", "").replace("}", "").replace("\\", "")).strip()
