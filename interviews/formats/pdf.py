"""PDF files with text (pypdfium2): lines with their places on the page, put together again as paragraphs."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from interviews.characters import MAX_CHARACTERS, clean_text
from interviews.line_joins import LINE_END_HYPHEN
from interviews.source import Paragraph, Source, refusal
from interviews.zip_guard import refuse_too_large

MAX_PAGES = 3_000

_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|side|s\.|p\.)\s*)?\d{1,4}(?:\s*(?:/|of|af|out of|ud af)\s*\d{1,4})?\W*$", re.IGNORECASE
)
_LINE_END_HYPHENS = (0xFFFE, 2)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One printed line. left, right, bottom, top : points from the lower left corner of its page."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    number: int | None = None

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class _Page:
    lines: tuple[PdfLine, ...]
    height: float


def read_pdf(data: bytes, *, file: str) -> Source:
    """Return the lines of a PDF as paragraphs, without page headers, footers, page and paragraph numbers.

    Raises TranscriptError: `encrypted` (password), `no_text` (a scan), `too_large`, `damaged`.
    """
    refuse_too_large(len(data), file=file)
    pages = _pages(data, file)
    if not any(page.lines for page in pages):
        raise refusal(
            file,
            reason="no_text",
            detail="scan",
            found="the {pages} pages hold pictures only, no text",
            remedy="run text recognition (OCR) on the scan and import the result",
            pages=len(pages),
        )
    pages = _numbered_apart(_without_furniture(pages))
    lines = _without_overlap(pages)
    return Source(tuple(_paragraphs(lines, file)), "pdf")


def _pages(data: bytes, file: str) -> list[_Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refused(str(error), file) from None
    try:
        if len(document) > MAX_PAGES:
            raise refusal(
                file,
                reason="too_large",
                detail="too_many_pages",
                found="the file has {pages} pages; the limit is {limit}",
                remedy="split it into one file an interview",
                pages=len(document),
                limit=MAX_PAGES,
            )
        return _read_pages(document, file)
    except pypdfium2.PdfiumError:
        raise _refused("", file) from None
    finally:
        document.close()


def _refused(message: str, file: str) -> Exception:
    if "password" in message.lower():
        return refusal(
            file,
            reason="encrypted",
            detail="pdf_password",
            found="the file is protected by a password",
            remedy="open it, save or print it as a PDF without a password and import that",
        )
    return refusal(
        file,
        reason="damaged",
        detail="pdf_broken",
        found="the PDF is broken or cut off",
        remedy="fetch it again, or print it to a new PDF",
    )


def _read_pages(document: Any, file: str) -> list[_Page]:
    pages: list[_Page] = []
    total = 0
    for index in range(len(document)):
        page = document[index]
        text_page = page.get_textpage()
        try:
            total += text_page.count_chars()
            if total > MAX_CHARACTERS:
                raise refusal(
                    file,
                    reason="too_large",
                    place=f"page {index + 1}",
                    detail="longer_than",
                    found="the text is longer than {limit} characters",
                    remedy="split the file into one file an interview",
                    limit=MAX_CHARACTERS,
                )
            width, height = page.get_size()
            lines = _side_by_side(_lines(text_page, index, width=width, height=height))
            pages.append(_Page(tuple(lines), height))
        finally:
            text_page.close()
            page.close()
    return pages


def _lines(text_page: Any, page: int, *, width: float, height: float) -> Iterator[PdfLine]:
    """Lines in the order of the file. Text outside the page is invisible and left out."""
    import pypdfium2.raw as pdfium

    start = 0
    codes = [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(text_page.count_chars())]
    for end in range(len(codes) + 1):
        # pdfium runs a line that ends in a hyphen and the next one together around one sign
        broken = end > start and codes[end - 1] in _LINE_END_HYPHENS
        if end < len(codes) and codes[end] not in (10, 13) and not broken:
            continue
        seen = [index for index in range(start, end) if codes[index] > 32]
        if seen:
            left, bottom, _, top = text_page.get_charbox(seen[0], loose=True)
            right = max(text_page.get_charbox(seen[-1], loose=True)[2], left)
            middle = (bottom + top) / 2
            if 0 <= middle <= height and 0 <= (left + right) / 2 <= width:
                text = _characters(codes[start:end])
                yield PdfLine(text.strip(), page, left, right, bottom, top)
        start = end if broken else end + 1


def _characters(codes: Sequence[int]) -> str:
    """Two halves of a surrogate pair stand as two codes; a half alone is left out."""
    units = b"".join(
        code.to_bytes(2, "little") if code < 0x10000 else chr(code).encode("utf-16-le") for code in codes
    )
    return units.decode("utf-16-le", errors="ignore").replace("\x02", LINE_END_HYPHEN)


def _side_by_side(lines: Iterator[PdfLine]) -> list[PdfLine]:
    """Pieces that follow each other on one base line are one line, parted by a tab."""
    joined: list[PdfLine] = []
    for line in lines:
        above = joined[-1] if joined else None
        if above and abs(above.bottom - line.bottom) < 2 and line.left >= above.right - 1:
            joined[-1] = replace(above, text=f"{above.text}\t{line.text}", right=line.right)
        else:
            joined.append(line)
    return joined


def _without_furniture(pages: Sequence[_Page]) -> list[_Page]:
    """Take away page numbers, and lines in the outer tenth that stand on most pages at the same height."""
    at_edge = [[line for line in page.lines if _in_margin(line, page)] for page in pages]
    keys = Counter(key for lines in at_edge for key in {_furniture_key(line) for line in lines})
    often = {key for key, count in keys.items() if len(pages) > 1 and count >= max(2, 0.5 * (len(pages) - 1))}
    speakers = _recurring_labels(pages)
    often -= {key for key in often if _label(key[0]) in speakers and keys[key] < max(3, len(pages) - 1)}
    kept: list[_Page] = []
    for page, edge in zip(pages, at_edge, strict=True):
        gone = {id(line) for line in edge if _furniture_key(line) in often or _is_page_number(line, page)}
        kept.append(_Page(tuple(line for line in page.lines if id(line) not in gone), page.height))
    return kept


def _recurring_labels(pages: Sequence[_Page]) -> set[str]:
    """What stands before a colon on two lines or more inside the pages: speakers, whose short questions may
    come back at the top of a page without being its header."""
    inside = (line for page in pages for line in page.lines if not _in_margin(line, page))
    counts = Counter(label for line in inside if (label := _label(_furniture_key(line)[0])))
    return {label for label, count in counts.items() if count >= 2}


def _label(text: str) -> str:
    before, colon, _ = text[:60].partition(":")
    return before.strip() if colon else ""


def _in_margin(line: PdfLine, page: _Page) -> bool:
    if _in_number_column(line, page):
        return False
    return line.bottom < 0.1 * page.height or line.top > 0.9 * page.height


def _in_number_column(line: PdfLine, page: _Page) -> bool:
    """Numbers under each other belong to lines or paragraphs; a page number stands alone."""
    if not line.text.isdecimal():
        return False
    under = (other for other in page.lines if other.text.isdecimal() and abs(other.right - line.right) < 4)
    return sum(1 for _ in under) >= 3


def _furniture_key(line: PdfLine) -> tuple[str, int]:
    return _DIGITS.sub("0", line.text.replace("\t", " ")), round(line.bottom / 4)


def _is_page_number(line: PdfLine, page: _Page) -> bool:
    """A page number stands above or below everything else on its page."""
    if not _PAGE_NUMBER.match(line.text):
        return False
    others = [other for other in page.lines if other is not line]
    above = all(other.bottom >= line.bottom - 1 for other in others)
    below = all(other.top <= line.top + 1 for other in others)
    return above or below


def _numbered_apart(pages: list[_Page]) -> list[_Page]:
    """Give paragraph numbers that stand in a column at the page edge to the lines beside them."""
    return [_Page(tuple(_with_numbers(page.lines)), page.height) for page in pages]


def _without_overlap(pages: Sequence[_Page]) -> list[PdfLine]:
    """All lines in order. Some programs print the last line of a page once more at the edge of the next."""
    lines: list[PdfLine] = []
    for page in pages:
        first = page.lines[0] if page.lines else None
        copied = first and lines and first.text == lines[-1].text and len(first.text) >= 20
        at_edge = first and first.top > 0.97 * page.height
        lines.extend(page.lines[1:] if copied and at_edge else page.lines)
    return lines


def _with_numbers(lines: Sequence[PdfLine]) -> list[PdfLine]:
    numbers = [line for line in lines if line.text.isdecimal() and len(line.text) <= 5]
    words = [line for line in lines if not (line.text.isdecimal() and len(line.text) <= 5)]
    edge = min((line.left for line in words), default=0.0)
    column = [line for line in numbers if line.right <= edge + 1]
    if not column or not words:
        return _numbers_with_tab(lines)
    beside: dict[int, int] = {}
    for number in column:
        nearest = min(range(len(words)), key=lambda index: abs(words[index].bottom - number.bottom))
        if abs(words[nearest].bottom - number.bottom) < 0.6 * max(words[nearest].height, 6):
            beside[nearest] = int(number.text)
    numbered = [replace(line, number=beside.get(index)) for index, line in enumerate(words)]
    return numbered + [line for line in numbers if line not in column]


def _numbers_with_tab(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """The same column where the file has each number just before its line."""
    found = [re.match(r"(\d{1,5})\t(.+)", line.text) for line in lines]
    if sum(1 for match in found if match) < max(2, 0.15 * len(lines)):
        return list(lines)
    return [
        replace(line, text=match.group(2), number=int(match.group(1)), left=line.left + 12) if match else line
        for line, match in zip(lines, found, strict=True)
    ]


def _paragraphs(lines: Sequence[PdfLine], file: str) -> Iterator[Paragraph]:
    step, right = _usual_step(lines), max((line.right for line in lines), default=0.0)
    body = median(line.height for line in lines)
    numbered = _paragraph_numbered(lines)
    above: PdfLine | None = None
    for line in lines:
        text = clean_text(line.text.replace(LINE_END_HYPHEN, "\u00ad"), file=file)
        continues = above is not None and _runs_on(above, line, step=step, right=right, numbered=numbered)
        heading = line.height > 1.25 * body and len(text) < 120
        number = line.number if numbered else None
        yield Paragraph(
            text,
            kind="heading" if heading else "body",
            number=number,
            continues=continues and not heading and not (above and above.height > 1.25 * body),
        )
        above = line


def _usual_step(lines: Sequence[PdfLine]) -> float:
    steps = [
        round(above.bottom - below.bottom, 1)
        for above, below in itertools.pairwise(lines)
        if above.page == below.page and 0 < above.bottom - below.bottom < 60
    ]
    counts = Counter(steps)
    common = [step for step, count in counts.items() if count >= 0.15 * len(steps)]
    return min(common) if common else (median(steps) if steps else 14.0)


def _paragraph_numbered(lines: Sequence[PdfLine]) -> bool:
    """Numbers that only go up are paragraph numbers; numbers on nearly every line are line numbers."""
    numbers = [line.number for line in lines if line.number is not None]
    rising = all(after > before for before, after in itertools.pairwise(numbers))
    return len(numbers) >= 2 and rising


def _runs_on(above: PdfLine, line: PdfLine, *, step: float, right: float, numbered: bool) -> bool:
    if numbered:
        return line.number is None
    if above.page == line.page:
        gap = above.bottom - line.bottom
        if not 0 < gap <= 1.35 * step:
            return False
    elif line.text[:1].islower() and above.text[-1:] not in ".?!:":
        return True  # a sentence that goes on over the page
    width = max(line.right - line.left, 1.0)
    first = (line.text.split(None, 1) or [""])[0]
    needed = width * (len(first) + 1) / max(len(line.text), 1)
    return above.right + needed > right - 0.02 * right
