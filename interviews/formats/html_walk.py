"""The walk through a web page: what it shows, in order, without recursion (pages may be nested deeply)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from interviews.formats.flow import Flow, row_text
from interviews.formats.looks import PLAIN, Look
from interviews.source import HIDDEN_TEXT, Paragraph, ParagraphKind, ReadingWarning, reading_warning

_UNSEEN = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "nav", "svg", "math", "iframe", "object"}
    | {"audio", "video", "canvas", "select", "textarea", "input", "button", "datalist", "map", "del"}
)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog"}
    | {"div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr"}
    | {"html", "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "ul"}
    | {"h1", "h2", "h3", "h4", "h5", "h6"}
)
_BOLD = frozenset({"b", "strong", "th", "dt"})
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_STYLE_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|mso-list\s*:\s*ignore"
    r"|mso-element\s*:\s*(?:comment-list|comment\b|header|footer)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_COMMENT = re.compile(r"mso-element\s*:\s*comment\b(?!-)", re.IGNORECASE)
_NOTES = re.compile(r"mso-element\s*:\s*(?:foot|end)note\b(?!-)", re.IGNORECASE)
_PRE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_HEAVY = re.compile(r"font-weight\s*:\s*(bold|bolder|normal|lighter|\d{3})", re.IGNORECASE)
_SLANT = re.compile(r"font-style\s*:\s*(italic|oblique|normal)", re.IGNORECASE)
_UNSEEN_CLASSES = frozenset({"msodel", "msocommentreference", "msofootnotereference", "msoendnotereference"})
_NOTE_LINK = re.compile(r"#_(?:ftn|edn|msocom|cmnt)", re.IGNORECASE)
MAX_COLUMNS = 256


@dataclass(slots=True)
class _Element:
    """An element that is open: how its words look, and what it is."""

    look: Look
    pre: bool
    kind: ParagraphKind = "body"
    number: int | None = None


@dataclass(slots=True)
class _Table:
    """A table, or the terms and words of a definition list, while its cells come in."""

    outer: Flow
    is_list: bool = False
    rows: list[list[Flow | None]] = field(default_factory=list)
    terms: list[bool] = field(default_factory=list)


class HtmlWalk:
    """Reads one page into `flow`. unseen, comments : how many were left out."""

    def __init__(self, file: str) -> None:
        self.flow = Flow(file)
        self.file = file
        self.unseen = 0
        self.comments = 0
        self._open: list[_Element] = [_Element(PLAIN, pre=False)]
        self._tables: list[_Table] = []
        self._counts: list[int | None] = []
        self._number = 0

    def read(self, root: etree._Element) -> None:
        """Read all that the page shows."""
        walker = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in walker:
            if event == "comment":
                self._words(element.tail)
            elif event == "start":
                if self._is_unseen(element):
                    walker.skip_subtree()
                    self._count(element)
                    self._open.append(self._open[-1])
                else:
                    self._begin(element)
            elif self._is_unseen(element):
                self._open.pop()
                self._words(element.tail)
            else:
                self._end(element)
                self._open.pop()
                self._words(element.tail)
        self.flow.finish()

    def warnings(self) -> Iterator[ReadingWarning]:
        """What was left out."""
        if self.comments:
            said = "{n:comment in the file is|comments in the file are} not part of the transcript text"
            yield reading_warning("comments_left_out", said, n=self.comments)
        if self.unseen:
            yield reading_warning("hidden_text", HIDDEN_TEXT, n=self.unseen)

    def _is_unseen(self, element: etree._Element) -> bool:
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSEEN:
            return True
        if "hidden" in element.attrib and element.get("hidden") != "until-found":
            return True
        style = element.get("style") or ""
        if style and _STYLE_UNSEEN.search(style):
            return True
        if _UNSEEN_CLASSES.intersection((element.get("class") or "").lower().split()):
            return True
        return tag == "a" and bool(_NOTE_LINK.match(element.get("href") or ""))

    def _count(self, element: etree._Element) -> None:
        """Count what is left out although somebody wrote it for a reader."""
        style = element.get("style") or ""
        if _COMMENT.search(style) or "mso-element:comment-list" in style.replace(" ", "").lower():
            self.comments += max(1, sum(1 for one in element.iter("div") if _COMMENT.search(_style_of(one))))
        elif ("hidden" in element.attrib or _HIDDEN.search(style)) and any(
            str(text).strip() for text in element.itertext()
        ):
            self.unseen += 1

    def _begin(self, element: etree._Element) -> None:
        tag = element.tag
        above = self._open[-1]
        now = _Element(_look(element, above.look), _is_pre(element, above.pre), above.kind, None)
        if _NOTES.search(element.get("style") or ""):
            now.kind = "note"
        self._open.append(now)
        if tag == "table":
            self._close(above)
            self._tables.append(_Table(self.flow))
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag in {"td", "th"} and self._tables:
            self._begin_cell()
        elif tag in _BLOCKS:
            self._close(above)
            self._begin_block(element, now)
        elif tag == "br":
            self.flow.add("\n", now.look)
        self._words(element.text)

    def _begin_block(self, element: etree._Element, now: _Element) -> None:
        tag = element.tag
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"} or element.get("role") == "heading":
            now.kind = "heading"
        elif tag in {"ol", "ul", "menu"}:
            start = element.get("start") or "1"
            self._counts.append(
                int(start) if tag == "ol" and start.isascii() and start.isdigit() and len(start) < 6
                else 1 if tag == "ol" else None
            )  # fmt: skip
        elif tag == "li" and self._counts and self._counts[-1] is not None:
            now.number = self._counts[-1]
            self._counts[-1] += 1
        elif tag == "dl":
            self._tables.append(_Table(self.flow, is_list=True))
        elif tag in {"dt", "dd"} and self._tables and self._tables[-1].is_list:
            self._tables[-1].rows.append([])
            self._tables[-1].terms.append(tag == "dt")
            self._begin_cell()

    def _begin_cell(self) -> None:
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        self.flow = Flow(self.file)
        table.rows[-1].append(self.flow)

    def _end(self, element: etree._Element) -> None:
        tag = element.tag
        now = self._open[-1]
        if tag in {"td", "th"} and self._tables and not self._tables[-1].is_list:
            self._end_cell(now)
            span = element.get("colspan") or "1"
            if span.isascii() and span.isdigit():
                self._tables[-1].rows[-1].extend([None] * min(int(span) - 1, MAX_COLUMNS))
        elif tag == "table" and self._tables and not self._tables[-1].is_list:
            self._end_table(self._tables.pop())
        elif tag in _BLOCKS:
            if tag in {"dt", "dd"} and self._tables and self._tables[-1].is_list:
                self._end_cell(now)
            elif tag == "dl" and self._tables and self._tables[-1].is_list:
                self._end_list(self._tables.pop())
            else:
                self._close(now)
            if tag in {"ol", "ul", "menu"} and self._counts:
                self._counts.pop()

    def _end_cell(self, now: _Element) -> None:
        self._close(now)
        self.flow.finish()
        self.flow = self._tables[-1].outer

    def _end_table(self, table: _Table) -> None:
        self.flow = table.outer
        rows = [row for row in table.rows if row]
        number, self._number = self._number, self._number + 1
        if rows and max(len(row) for row in rows) == 1:
            for row in rows:
                for cell in row:
                    if cell is not None:
                        self.flow.splice(cell)
            return
        for row in rows:
            self.flow.row(row[:MAX_COLUMNS], table=number)

    def _end_list(self, table: _Table) -> None:
        """Terms that come back are speakers, and what stands below each is what they say."""
        self.flow = table.outer
        said = [_joined(cell) for row in table.rows for cell in row if cell is not None]
        counts = Counter(
            text for text, is_term in zip(said, table.terms, strict=False) if is_term and len(text) <= 60
        )
        speaking = any(count > 1 for count in counts.values())
        term = ""
        for text, is_term in zip(said, table.terms, strict=False):
            if is_term:
                term = text.rstrip(": ")
            elif speaking and term:
                self.flow.paragraphs.append(Paragraph(text, speaker=term))
            else:
                self.flow.paragraphs.append(Paragraph(f"{term}: {text}" if term else text))
                term = ""

    def _close(self, element: _Element) -> None:
        """End the paragraph that is open, which began in `element`."""
        if self.flow.open:
            self.flow.end(kind=element.kind, number=element.number)
            element.number = None

    def _words(self, text: str | None) -> None:
        if not text:
            return
        now = self._open[-1]
        inside_rows = self._tables and self.flow is self._tables[-1].outer
        if inside_rows and not text.strip():
            return
        if not now.pre:
            text = _BLANKS.sub(" ", text)
            if not self.flow.open or self.flow.ends_in_space:
                text = text.lstrip(" ")
        if text:
            self.flow.add(text, now.look)


def _style_of(element: etree._Element) -> str:
    return element.get("style") or ""


def _joined(flow: Flow) -> str:
    return "\n".join(row_text(paragraph) for paragraph in flow.paragraphs).strip()


def _is_pre(element: etree._Element, above: bool) -> bool:
    if element.tag in {"pre", "xmp", "listing"}:
        return True
    style = element.get("style") or ""
    return bool(_PRE.search(style)) or (above and "white-space" not in style)


def _look(element: etree._Element, above: Look) -> Look:
    tag = element.tag
    look = above
    if tag in _BOLD:
        look = replace(look, bold=True)
    elif tag in {"i", "em", "cite"}:
        look = replace(look, italic=True)
    elif tag == "u":
        look = replace(look, underline=True)
    style = element.get("style")
    if style:
        heavy, slant = _HEAVY.search(style), _SLANT.search(style)
        if heavy:
            weight = heavy[1].lower()
            look = replace(
                look, bold=weight in {"bold", "bolder"} or (weight.isdigit() and int(weight) >= 600)
            )
        if slant:
            look = replace(look, italic=slant[1].lower() != "normal")
    return look
