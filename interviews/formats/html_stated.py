"""Web pages that an export wrote: classes say what each paragraph is, empty elements where comments stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from interviews.characters import clean_text
from interviews.formats.flow import in_order
from interviews.source import Paragraph, SourceNote, StyledRun
from interviews.stated import (
    APART,
    CONTINUED,
    GLUE,
    OPENING,
    PLAIN,
    SPEAKER,
    SPEAKS_FOR,
    STATUS,
    TIME,
)

_STYLES = {
    style.lower().replace(" ", "-"): style
    for style in (*OPENING, CONTINUED, PLAIN, *APART, SPEAKER, SPEAKS_FOR, TIME, GLUE, *STATUS)
}
_PARAGRAPHS = frozenset({"p", "h1", "div"})


def is_exported(root: etree._Element) -> bool:
    """Whether the page says itself what its paragraphs are."""
    return any(_style(element) in OPENING for element in root.iter("p"))


def _style(element: etree._Element) -> str:
    names = (element.get("class") or "").split()
    return next((_STYLES[name] for name in names if name in _STYLES), "")


@dataclass(slots=True)
class _Reading:
    file: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    places: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def paragraph(self, element: etree._Element) -> None:
        """Add a paragraph with its styled stretches; what a tip says is no part of it."""
        pieces: list[str] = []
        runs: list[StyledRun] = []
        opened: list[tuple[str, int]] = []
        length = 0
        walker = etree.iterwalk(element, events=("start", "end", "comment"))

        def add(text: str | None) -> None:
            nonlocal length
            cleaned = clean_text(text or "", file=self.file)
            pieces.append(cleaned)
            length += len(cleaned)

        for event, one in walker:
            if event == "start":
                if one.tag in {"script", "style"} or one.get("role") == "tooltip":
                    walker.skip_subtree()
                    continue
                opened.append((_style(one) if one is not element else "", length))
                for name in ("from", "to"):
                    number = one.get(f"data-{name}")
                    if number is not None:
                        self.places.setdefault((name, number), (len(self.paragraphs), length))
                add("\n" if one.tag == "br" else one.text)
            else:
                if event == "end" and not (one.tag in {"script", "style"} or one.get("role") == "tooltip"):
                    style, start = opened.pop()
                    if style:
                        runs.append(StyledRun(style, start, length))
                if one is not element:
                    add(one.tail)
        self.paragraphs.append(Paragraph("".join(pieces), style=_style(element), runs=tuple(runs)))


def read_exported(root: etree._Element, *, file: str) -> tuple[tuple[Paragraph, ...], tuple[SourceNote, ...]]:
    """Return the paragraphs of a page that an export wrote, and its comments in their places.

    A paragraph that somebody added without a class counts; the lists of codes and codings do not.
    """
    reading = _Reading(file)
    for element in root.iter(*_PARAGRAPHS):
        inside_words = any("words" in (above.get("class") or "").split() for above in element.iterancestors())
        if _style(element) or (inside_words and element.tag == "p"):
            reading.paragraph(element)
    notes = []
    for element in root.iter("li"):
        number = element.get("data-comment")
        first = reading.places.get(("from", number or ""))
        if number is None or first is None:
            continue
        last = reading.places.get(("to", number), first)
        notes.append(
            SourceNote(
                _said(element, file),
                "comment",
                *first,
                *max(first, last),
                author=element.get("data-author") or "",
                written_at=element.get("data-written") or "",
            )
        )
    return tuple(reading.paragraphs), in_order(notes)


def _said(element: etree._Element, file: str) -> str:
    """What a comment in the list of codings says, line for line."""
    for box in element.iter("div"):
        if "said" in (box.get("class") or "").split():
            lines = [box.text or ""]
            for one in box.iterdescendants():
                if one.tag == "br":
                    lines.append("")
                else:
                    lines[-1] += one.text or ""
                lines[-1] += one.tail or ""
            return clean_text("\n".join(lines), file=file)
    return ""
