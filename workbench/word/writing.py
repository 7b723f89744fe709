"""Each kind of block as WordprocessingML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document

from workbench.display import Column, TableSpec
from workbench.i18n import Language, t
from workbench.word.blocks import (
    BulletList,
    Contents,
    Emphasis,
    FigureBlock,
    Heading,
    Paragraph,
    Quotation,
    Reference,
    Strong,
    Table,
    Text,
    Title,
    TraceTable,
)
from workbench.word.markup import TWIPS_PER_CM, Markup, bookmark, hold_together
from workbench.word.outline import CaptionEntry, HeadingEntry, Outline, anchor_name
from workbench.word.pictures import drawing_xml
from workbench.word.tables import table_alt_text, table_xml

_PARAGRAPH_STYLES = {"body": "Normal", "lead": "Lead", "note": "Note", "caveat": "Caveat"}
_QUOTATION_MARKS = (('"', '"'), ("“", "”"), ("”", "”"), ("„", "“"), ("»", "«"), ("«", "»"))
_KEEP_NEXT, _LOOSE = "<w:keepNext/>", '<w:keepNext w:val="0"/>'
_BREAK_BEFORE = "<w:pageBreakBefore/>"
_SPACE_AFTER_NOTES = '<w:spacing w:before="50" w:after="280" w:line="252" w:lineRule="auto"/>'
_MUTED = '<w:color w:val="5B6770"/>'


@dataclass
class Writer:
    """Writes the blocks of one report in order; holds what must not repeat (ids) and what comes next."""

    document: Document
    markup: Markup
    outline: Outline
    pages: Sequence[int]
    heading_list: int
    bullet_list: int
    headings_written: int = 0
    captions_written: int = 0
    bookmarks_written: int = 0
    drawings_written: int = 0
    break_before: bool = field(default=False)

    @property
    def language(self) -> Language:
        """The language of the report."""
        return self.markup.language

    def write(self, block: Any, text_width: int) -> str:
        """The block as paragraphs and tables, for a page with that many twips between its margins."""
        if isinstance(block, Table):
            return self._table(block.spec, text_width)
        if isinstance(block, TraceTable):
            return self._table(trace_spec(block, self.language), text_width)
        if isinstance(block, FigureBlock):
            return self._figure(block, text_width)
        if isinstance(block, Contents):
            return self._contents(block)
        if isinstance(block, Heading):
            return self._heading(block)
        if isinstance(block, Title):
            return self._title(block)
        if isinstance(block, Quotation):
            return self._quotation(block)
        if isinstance(block, BulletList):
            return self._bullets(block)
        if isinstance(block, Paragraph):
            return self._paragraph(_PARAGRAPH_STYLES[block.style], self._inline(block.text))
        raise TypeError(f"{type(block).__name__} is no block that a report knows")

    def _paragraph(self, style: str, content: str, *properties: str) -> str:
        if self.break_before:
            properties = (*properties, _BREAK_BEFORE)
            self.break_before = False
        return self.markup.paragraph(style, content, properties=properties)

    def _bookmark(self, name: str, content: str) -> str:
        self.bookmarks_written += 1
        return bookmark(name, self.bookmarks_written, content)

    def _inline(self, text: Text) -> str:
        parts = (text,) if isinstance(text, str) else text
        return "".join(self._inline_part(part) for part in parts)

    def _inline_part(self, part: str | Strong | Emphasis | Reference) -> str:
        if isinstance(part, Reference):
            return self._reference(part)
        if isinstance(part, Strong):
            return self.markup.run(hold_together(part.text), properties="<w:b/><w:bCs/>")
        if isinstance(part, Emphasis):
            return self.markup.run(hold_together(part.text), properties="<w:i/><w:iCs/>")
        return self.markup.run(hold_together(part))

    def _reference(self, reference: Reference) -> str:
        target = self.outline.target(reference.bookmark)
        if isinstance(target, CaptionEntry):
            # Danish writes "tabel 4.1" inside a sentence, English "Table 4.1".
            lower = self.language == "da" and not reference.capital
            text = target.text.lower() if lower else target.text
            switch = " \\* Lower" if lower else ""
            return self.markup.field(f"REF {target.anchor} \\h{switch}", _joined(text))
        kind = "chapter" if target.block.level == 1 else "section"
        word = t(f"word.{kind}", language=self.language)
        word = word.capitalize() if reference.capital else word
        if not target.number:
            return self.markup.field(f"REF {target.anchor} \\h", target.block.text)
        return self.markup.run(f"{word}\u00a0") + self.markup.field(
            f"REF {target.anchor} \\r \\h", target.number
        )

    def _title(self, block: Title) -> str:
        parts = [self._paragraph("Title", self.markup.run(block.text))]
        if block.subtitle:
            parts.append(self._paragraph("Subtitle", self.markup.run(block.subtitle)))
        parts += [self._paragraph("Title Details", self.markup.run(line)) for line in block.details]
        return "".join(parts)

    def _heading(self, block: Heading) -> str:
        entry = self.outline.headings[self.headings_written]
        self.headings_written += 1
        content = self._bookmark(entry.anchor, self.markup.run(block.text))
        if block.numbered:
            return self._paragraph(
                f"heading {block.level}", content, _list_item(block.level - 1, self.heading_list)
            )
        if block.level == 1:
            return self._paragraph("Heading Unnumbered", content)
        # A house template may number its headings: list 0 takes the number away.
        return self._paragraph(f"heading {block.level}", content, _list_item(0, 0))

    def _quotation(self, block: Quotation) -> str:
        words = self.markup.run(without_marks(block.text))
        if block.bookmark:
            words = self._bookmark(anchor_name(block.bookmark), words)
        attribution = (
            self.markup.run(f" ({block.attribution})", properties=_MUTED) if block.attribution else ""
        )
        return self._paragraph("Quote", words + attribution)

    def _bullets(self, block: BulletList) -> str:
        number = _list_item(0, self.bullet_list)
        return "".join(self._paragraph("List Bullet", self._inline(item), number) for item in block.items)

    def _caption(self, title: str) -> str:
        entry = self.outline.captions[self.captions_written]
        self.captions_written += 1
        label = self.markup.run(f"{entry.label}\u00a0")
        sequence = self.markup.field(f"SEQ {entry.label} \\* ARABIC{_restart(entry)}", str(entry.number))
        if entry.chapter:
            label += self.markup.field("STYLEREF 1 \\s", entry.chapter) + self.markup.run(".")
        numbered = self._bookmark(entry.anchor, label + sequence)
        words = self.markup.run(f"\u2002{hold_together(title)}")
        return self._paragraph("caption", numbered + words, _KEEP_NEXT)

    def _table(self, spec: TableSpec, text_width: int) -> str:
        caption = self._caption(spec.title)
        size = t("word.table_alt", language=self.language, rows=len(spec.rows), columns=len(spec.columns))
        table = table_xml(spec, self.markup, text_width=text_width, alt_text=table_alt_text(spec, size))
        return caption + table + self._below(spec.below)

    def _figure(self, block: FigureBlock, text_width: int) -> str:
        figure = block.figure
        self.drawings_written += 1
        drawing = drawing_xml(
            self.document, figure, number=self.drawings_written, max_width_cm=text_width / TWIPS_PER_CM
        )
        below = _figure_notes(block, self.language).below
        caption = self._caption(figure.title)
        picture = self._paragraph("Figure", f"<w:r>{drawing}</w:r>", _KEEP_NEXT if below else _LOOSE)
        return caption + picture + self._below(below)

    def _below(self, lines: Sequence[tuple[str, str]]) -> str:
        if not lines:
            return self._paragraph("After Table", "")
        parts = []
        for index, (label, text) in enumerate(lines):
            content = self.markup.run(f"{label} ", properties="<w:i/><w:iCs/>")
            content += self.markup.run(hold_together(text))
            last = index == len(lines) - 1
            parts.append(self._paragraph("Table Note", content, _SPACE_AFTER_NOTES if last else _KEEP_NEXT))
        return "".join(parts)

    def _contents(self, block: Contents) -> str:
        heading = self._paragraph("TOC Heading", self.markup.run(t("word.contents", language=self.language)))
        pairs = [
            (entry, page)
            for entry, page in zip(self.outline.headings, self.pages, strict=True)
            if entry.block.level <= block.levels
        ]
        if not pairs:
            return heading
        begin = self._field_mark("begin")
        code = f' TOC \\o "1-{block.levels}" \\h \\z \\u '
        instruction = f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
        start = begin + instruction + self._field_mark("separate")
        lines = []
        for index, (entry, page) in enumerate(pairs):
            content = (start if index == 0 else "") + self._contents_entry(entry, page)
            if index == len(pairs) - 1:
                content += self._field_mark("end")
            lines.append(self.markup.paragraph(f"toc {entry.block.level}", content))
        return heading + "".join(lines)

    def _contents_entry(self, entry: HeadingEntry, page: int) -> str:
        number = f"{entry.number}\t" if entry.number else ""
        words = self.markup.run(f"{number}{entry.block.text}\t")
        where = self.markup.field(f"PAGEREF {entry.anchor} \\h", str(page))
        return f'<w:hyperlink w:anchor="{entry.anchor}" w:history="1">{words}{where}</w:hyperlink>'

    @staticmethod
    def _field_mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def trace_spec(block: TraceTable, language: Language) -> TableSpec:
    """The list of sources as a table."""
    columns = (
        Column("what", t("word.trace_what", language=language), weight=2.0),
        Column("value", t("word.trace_value", language=language), weight=3.5),
        Column("source", t("word.trace_source", language=language), weight=2.5),
    )
    return TableSpec(
        key="trace",
        title=block.title or t("word.trace_title", language=language),
        columns=columns,
        rows=tuple((entry.what, entry.value, entry.source) for entry in block.entries),
        language=language,
    )


def without_marks(text: str) -> str:
    """A quotation without the marks around it; marks inside stay."""
    words = text.strip()
    for opening, closing in _QUOTATION_MARKS:
        inner = words[1:-1]
        if len(words) > 2 and words[0] == opening and words[-1] == closing:
            return words if opening in inner or closing in inner else inner.strip()
    return words


def _restart(entry: CaptionEntry) -> str:
    """Switches that begin the sequence anew in each chapter; LibreOffice needs `r`, as it knows no `s`."""
    if not entry.chapter:
        return ""
    return " \\s 1 \\r 1" if entry.number == 1 else " \\s 1"


def _list_item(level: int, number: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def _joined(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _figure_notes(block: FigureBlock, language: Language) -> TableSpec:
    """A table without columns that carries the figure's notes, so that both are written alike."""
    figure = block.figure
    return TableSpec(
        figure.key, figure.title, (), (), notes=figure.notes, source=figure.source, language=language
    )
