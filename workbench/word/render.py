"""Blocks to a .docx file: sections, header and footer, contents with page numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from workbench.i18n import Language, t
from workbench.word.blocks import Block, Contents, LandscapeSection, PageBreak
from workbench.word.markup import Markup
from workbench.word.outline import Outline, flatten, outline
from workbench.word.package import (
    add_numbering,
    from_template,
    new_document,
    set_metadata,
    style_ids,
    to_bytes,
)
from workbench.word.pages import estimated_pages, find_office, heading_pages, to_pdf
from workbench.word.writing import Writer

# A4 in twips; side margins leave 16 cm of text, in landscape 25.7 cm.
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
SIDE_MARGIN, LANDSCAPE_MARGIN = 1418, 1134


def render(
    blocks: Sequence[Block],
    *,
    language: Language,
    title: str,
    metadata: Mapping[str, str] | None = None,
    template: bytes | None = None,
    paginate: bool = True,
) -> bytes:
    """The report as the bytes of a .docx file; the same blocks give the same bytes.

    title : stands in the page header and in the document's properties.
    metadata : custom properties, text by name; `created` (ISO date) sets the document's date.
    template : a house template whose styles, page and header are used.
    paginate : ask LibreOffice, where installed, for the page numbers of the contents; else estimate them.

    Raises ReportError if a reference has no target, two blocks share a bookmark, or the template is unusable.
    Source: docs/methods/word_report.md
    """
    plan = outline(blocks, language)
    pages = estimated_pages(blocks)
    options: dict[str, Any] = {
        "language": language,
        "title": title,
        "metadata": metadata or {},
        "template": template,
    }
    document = _write(blocks, plan, pages, **options)
    office = find_office() if paginate and _has_contents(blocks) else None
    if office is None:
        return document
    pdf = to_pdf(document, office=office)
    found = heading_pages(pdf) if pdf else []
    if len(found) != len(plan.headings) or found == pages:
        return document
    return _write(blocks, plan, found, **options)


def _write(
    blocks: Sequence[Block],
    plan: Outline,
    pages: Sequence[int],
    *,
    language: Language,
    title: str,
    metadata: Mapping[str, str],
    template: bytes | None,
) -> bytes:
    document = from_template(template, language) if template else new_document(language)
    markup = Markup(language, style_ids(document))
    writer = Writer(
        document,
        markup,
        plan,
        pages,
        heading_list=add_numbering(document, "headings.xml"),
        bullet_list=add_numbering(document, "bullets.xml"),
    )
    if template is None:
        _set_page(document)
    if template is None or not _has_header(document):
        _set_header_and_footer(document, markup, title, first_page_plain=template is None)
    _fill_body(document, writer, _sections(blocks))
    set_metadata(document, title=title, language=language, metadata=metadata)
    return to_bytes(document)


def _has_contents(blocks: Sequence[Block]) -> bool:
    return any(isinstance(block, Contents) for block in flatten(blocks))


def _sections(blocks: Sequence[Block]) -> list[tuple[bool, list[Block]]]:
    """`(landscape?, blocks)` runs in order; neighbouring landscape sections become one."""
    runs: list[tuple[bool, list[Block]]] = []
    for block in blocks:
        landscape = isinstance(block, LandscapeSection)
        inner: list[Block] = list(block.blocks) if isinstance(block, LandscapeSection) else [block]
        if runs and runs[-1][0] == landscape:
            runs[-1][1].extend(inner)
        else:
            runs.append((landscape, inner))
    return runs or [(False, [])]


def _fill_body(document: Document, writer: Writer, sections: Sequence[tuple[bool, list[Block]]]) -> None:
    body = document.element.body
    page = body.sectPr if body.sectPr is not None else document.sections[0]._sectPr
    first = deepcopy(page)
    following = _without_header(page)
    for index, (landscape, blocks) in enumerate(sections):
        properties = deepcopy(first if index == 0 else following)
        if landscape:
            _turn(properties)
        for element in _parse(_section_xml(writer, blocks, _text_width(properties))):
            page.addprevious(element)
        if index < len(sections) - 1:
            page.addprevious(_section_end(writer.markup, properties))
        else:
            body.replace(page, properties)


def _section_xml(writer: Writer, blocks: Sequence[Block], text_width: int) -> str:
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, PageBreak):
            # At the start of a section the page is new already.
            writer.break_before = bool(parts)
        else:
            parts.append(writer.write(block, text_width))
    writer.break_before = False
    return "".join(parts)


def _parse(xml: str) -> list[Any]:
    # An SVG picture is named by a namespace of its own, declared where it stands.
    return list(parse_xml(f"<w:body {nsdecls('w', 'r', 'a', 'pic', 'wp')}>{xml}</w:body>"))


def _section_end(markup: Markup, properties: Any) -> Any:
    paragraph = _parse(markup.paragraph("Section End", ""))[0]
    paragraph.pPr.append(properties)
    return paragraph


def _set_page(document: Document) -> None:
    section: Any = document.sections[0]._sectPr
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    size.set(qn("w:w"), str(PAGE_WIDTH))
    size.set(qn("w:h"), str(PAGE_HEIGHT))
    for side, width in {
        "top": 1644, "bottom": 1474, "left": SIDE_MARGIN, "right": SIDE_MARGIN, "header": 794, "footer": 680,
        "gutter": 0,
    }.items():  # fmt: skip
        margins.set(qn(f"w:{side}"), str(width))


def _turn(section: Any) -> None:
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    width, height = size.get(qn("w:w")), size.get(qn("w:h"))
    size.set(qn("w:w"), height)
    size.set(qn("w:h"), width)
    size.set(qn("w:orient"), "landscape")
    for side in ("left", "right"):
        margins.set(qn(f"w:{side}"), str(LANDSCAPE_MARGIN))


def _text_width(section: Any) -> int:
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    return int(size.get(qn("w:w"))) - sum(int(margins.get(qn(f"w:{side}"))) for side in ("left", "right"))


def _without_header(section: Any) -> Any:
    """The same page for a later section, which inherits header and footer and has no title page."""
    copy = deepcopy(section)
    for tag in ("w:headerReference", "w:footerReference", "w:titlePg"):
        for element in copy.findall(qn(tag)):
            copy.remove(element)
    return copy


def _has_header(document: Document) -> bool:
    section = document.sections[0]._sectPr
    return any(section.findall(qn(tag)) for tag in ("w:headerReference", "w:footerReference"))


def _set_header_and_footer(document: Document, markup: Markup, title: str, *, first_page_plain: bool) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = first_page_plain
    page = t("word.page_of", language=markup.language)
    footer = markup.run(f"{page} ") + markup.field("PAGE", "1")
    _fill(section.header, markup.paragraph("header", markup.run(title)))
    _fill(section.footer, markup.paragraph("footer", footer))


def _fill(part: Any, paragraph: str) -> None:
    # Touching `paragraphs` makes the part; it comes with one empty paragraph.
    for existing in list(part.paragraphs):
        existing._element.getparent().remove(existing._element)
    for element in _parse(paragraph):
        part._element.append(element)
