"""WordprocessingML as strings: runs, fields, bookmarks, paragraphs. Knows nothing of reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from workbench.i18n import Language

LANGUAGE_TAGS: dict[Language, str] = {"da": "da-DK", "en": "en-GB"}
TWIPS_PER_CM = 567
EMU_PER_CM = 360_000

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BEFORE_NUMBER = re.compile(r"(§|\b(?:nr|kap|stk|art|ca|no|pp|p|s|n|N)\.|\b[nNp] [=<>]) (?=\d)")
_AFTER_NUMBER = re.compile(r"(?<=\d) (?=(?:pct\.|procent|%|per cent|percent|kr\.|mio\.|mia\.)(?:\W|$))")


def clean(text: str) -> str:
    """The text without the characters that XML forbids (control characters, lone surrogates)."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def hold_together(text: str) -> str:
    """No-break spaces after § and abbreviations such as `nr.`, and between a number and its unit."""
    return _AFTER_NUMBER.sub("\u00a0", _BEFORE_NUMBER.sub("\\1\u00a0", text))


@dataclass(frozen=True)
class Markup:
    """Writes runs and paragraphs in one language with the style ids of one document.

    run_properties : what every run carries besides its own properties.
    """

    language: Language
    style_ids: dict[str, str]
    run_properties: str = ""

    def style(self, name: str) -> str:
        """The id of the style with that name in this document (ids differ between templates)."""
        return self.style_ids[name.lower()]

    def run(self, text: str, *, properties: str = "") -> str:
        """A run; line ends become line breaks, tabs become tabs."""
        rpr = self._properties(properties)
        return f"<w:r>{rpr}{_run_content(clean(text))}</w:r>" if text else ""

    def field(self, instruction: str, result: str, *, properties: str = "") -> str:
        """A complex field with its cached result."""
        rpr = self._properties(properties)
        code = f'<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText>'
        return (
            f'<w:r>{rpr}<w:fldChar w:fldCharType="begin"/></w:r><w:r>{rpr}{code}</w:r>'
            f'<w:r>{rpr}<w:fldChar w:fldCharType="separate"/></w:r>{self.run(result, properties=properties)}'
            f'<w:r>{rpr}<w:fldChar w:fldCharType="end"/></w:r>'
        )

    def _properties(self, own: str) -> str:
        language = f'<w:lang w:val="{LANGUAGE_TAGS[self.language]}"/>'
        return f"<w:rPr>{own}{self.run_properties}{language}</w:rPr>"

    def paragraph(self, style: str, content: str, *, properties: Sequence[str] = ()) -> str:
        """A paragraph in the named style; `properties` are elements of w:pPr in any order."""
        ppr = "".join(sorted(properties, key=_paragraph_property_rank))
        return f'<w:p><w:pPr><w:pStyle w:val="{self.style(style)}"/>{ppr}</w:pPr>{content}</w:p>'


def bookmark(name: str, number: int, content: str) -> str:
    """`content` between the two ends of a bookmark."""
    start = f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>'
    return f'{start}{content}<w:bookmarkEnd w:id="{number}"/>'


def attribute(text: str) -> str:
    """The text as a quoted attribute value on one line."""
    return quoteattr(" ".join(clean(text).split()))


def _run_content(text: str) -> str:
    parts = re.split(r"([\n\t])", text)
    tags = {"\n": "<w:br/>", "\t": "<w:tab/>"}
    return "".join(
        tags.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in parts if part
    )


# The order in which the schema wants the elements of w:pPr.
_PARAGRAPH_ORDER = (
    "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "shd", "tabs", "spacing",
    "ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr",
)  # fmt: skip


def _paragraph_property_rank(element: str) -> int:
    name = re.match(r"<w:(\w+)", element)
    assert name is not None, element
    return _PARAGRAPH_ORDER.index(name.group(1))
