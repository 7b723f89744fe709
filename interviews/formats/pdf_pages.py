"""The printed lines of a PDF with their places (pypdfium2). Their meaning is left to other modules."""

from __future__ import annotations

import ctypes
import itertools
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from interviews.characters import refuse_too_long
from interviews.line_joins import LINE_END_HYPHEN
from interviews.source import refusal

MAX_PAGES = 3_000

_LINE_END_HYPHENS = (0xFFFE, 2)
_LIGATURES = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
    }
)
_BOLD_NAMES = ("bold", "black", "heavy", "demi")
_LABEL_LENGTH = 30  # a wide gap after at most so many characters parts a label from what is said

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class PdfWord:
    """Characters without space, in points from the lower left corner of the page.

    bottom : the base line; top : the size of the letters above it.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    bold: bool = False


@dataclass(frozen=True)
class PdfLine:
    """One printed line of one column. column : 0 from the left; -1 for a line over the whole width.

    columns : how many columns there are at its height.     number : a number that stood beside it.
    label_gap : the word before which a label ends (0: none), set by `with_label_gaps`.
    """

    words: tuple[PdfWord, ...]
    page: int
    number: int | None = None
    column: int = 0
    columns: int = 1
    label_gap: int = 0

    @cached_property
    def left(self) -> float:
        return self.words[0].left

    @cached_property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @cached_property
    def bottom(self) -> float:
        return self.words[0].bottom

    @cached_property
    def top(self) -> float:
        return self.words[0].top

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @cached_property
    def text(self) -> str:
        """The words with single spaces, and a tab where `label_gap` says."""
        gap = self.label_gap
        parts = [self.words[0].text]
        for index, word in enumerate(self.words[1:], 1):
            parts.append("\t" if index == gap else " ")
            parts.append(word.text)
        return "".join(parts)

    @cached_property
    def wide_gap(self) -> int:
        """The word before which a gap is wider than all others, after a short label; 0 if there is none."""
        gaps = [word.left - before.right for before, word in itertools.pairwise(self.words)]
        widest = max(gaps, default=0.0)
        at = gaps.index(widest) + 1 if gaps else 0
        others = max((gap for index, gap in enumerate(gaps, 1) if index != at), default=0.0)
        wide = widest > max(2.0 * self.height, 14) and others < 0.6 * widest
        return at if wide and sum(len(word.text) + 1 for word in self.words[:at]) <= _LABEL_LENGTH else 0

    @property
    def bold(self) -> int:
        """How many characters at its start are bold."""
        size = 0
        for word in self.words:
            if not word.bold:
                break
            size += len(word.text) + 1
        return max(0, size - 1)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The lines of one page in the order of the file. pictures : whether it shows pictures and no text."""

    lines: tuple[PdfLine, ...]
    width: float
    height: float
    pictures: bool = False


def pages_of(document: Any, file: str) -> list[PdfPage]:
    """Return all pages. Raises TranscriptError (`too_large`) over the limits on pages and characters."""
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
    pages: list[PdfPage] = []
    total = 0
    for index in range(len(document)):
        page = document[index]
        text_page = page.get_textpage()
        try:
            total += text_page.count_chars()
            refuse_too_long(total, file=file, place=f"page {index + 1}")
            pages.append(_page(page, text_page, index))
        finally:
            text_page.close()
            page.close()
    return pages


def _page(page: Any, text_page: Any, index: int) -> PdfPage:
    width, height = page.get_size()
    lines = side_by_side(_lines(text_page, index, _upright(page), width=width, height=height))
    return PdfPage(tuple(lines), width, height, pictures=not lines and _shows_something(page))


def _shows_something(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    pictures = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_PATH)
    return next(page.get_objects(filter=pictures, max_depth=2), None) is not None


def _upright(page: Any) -> Callable[[Box], Box]:
    """Return how a box in the file's own directions stands on the page as it is seen."""
    x, y, right, top = page.get_cropbox()
    wide, high = right - x, top - y
    turned = page.get_rotation() % 360

    def seen(box: Box) -> Box:
        left, bottom, right, top = box[0] - x, box[1] - y, box[2] - x, box[3] - y
        if turned == 90:
            return bottom, wide - right, top, wide - left
        if turned == 180:
            return wide - right, high - top, wide - left, high - bottom
        if turned == 270:
            return high - top, left, high - bottom, right
        return left, bottom, right, top

    return seen


def _lines(
    text_page: Any, page: int, seen: Callable[[Box], Box], *, width: float, height: float
) -> Iterator[PdfLine]:
    """Lines in the order of the file. Text outside the page is invisible and left out."""
    import pypdfium2.raw as pdfium

    raw = text_page.raw
    codes = [pdfium.FPDFText_GetUnicode(raw, index) for index in range(text_page.count_chars())]
    box, matrix, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()

    def sides(index: int) -> tuple[float, float]:
        pdfium.FPDFText_GetLooseCharBox(raw, index, box)
        left, _, right, _ = seen((box.left, box.bottom, box.right, box.top))
        return left, right

    def across(first: int, last: int) -> tuple[float, float]:
        left, right = sides(first)
        if last == first:
            return left, right
        start, end = sides(last)
        return min(left, start), max(right, end)

    def base_and_top(first: int) -> tuple[float, float]:
        pdfium.FPDFText_GetCharOrigin(raw, first, x, y)
        pdfium.FPDFText_GetMatrix(raw, first, matrix)
        size = pdfium.FPDFText_GetFontSize(raw, first) * math.hypot(matrix.c, matrix.d)
        base = seen((x.value, y.value, x.value, y.value))[1]
        return base, base + size

    for start, end in _line_ranges(codes):
        words: list[PdfWord] = []
        still_bold = True
        bottom = top = 0.0
        for first, last in _word_ranges(codes, start, end):
            left, right = across(first, last)
            if not words:
                bottom, top = base_and_top(first)
            text = _characters(codes[first : last + 1])
            if not text or not (0 <= (bottom + top) / 2 <= height and 0 <= (left + right) / 2 <= width):
                continue
            still_bold = still_bold and _is_bold(raw, first)
            words.append(PdfWord(text, left, right, bottom, top, still_bold))
        if words:
            yield PdfLine(tuple(words), page)


def _line_ranges(codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """pdfium runs a line that ends in a hyphen and the next one together around one sign."""
    start = 0
    for end in range(len(codes) + 1):
        broken = end > start and codes[end - 1] in _LINE_END_HYPHENS
        if end < len(codes) and codes[end] not in (10, 13) and not broken:
            continue
        if end > start:
            yield start, end
        start = end if broken else end + 1


def _word_ranges(codes: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """First and last character of each word; spaces that do not break a line are spaces here too."""
    first = -1
    for index in range(start, end + 1):
        blank = (
            index == end
            or (codes[index] <= 32 and codes[index] != 2)
            or codes[index] in (0xA0, 0x2009, 0x202F)
        )
        if blank and first >= 0:
            yield first, index - 1
            first = -1
        elif not blank and first < 0:
            first = index


def _is_bold(raw: Any, index: int) -> bool:
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_GetFontWeight(raw, index) >= 600:
        return True
    flags, name = ctypes.c_int(), ctypes.create_string_buffer(80)
    pdfium.FPDFText_GetFontInfo(raw, index, name, 80, flags)
    called = name.value.decode("latin-1").casefold()
    return any(word in called for word in _BOLD_NAMES)


def _characters(codes: Sequence[int]) -> str:
    """Two halves of a surrogate pair stand as two codes; a half alone is left out."""
    if any(0xD800 <= code < 0xE000 or code > 0xFFFF for code in codes):
        units = b"".join(
            code.to_bytes(2, "little") if code < 0x10000 else chr(code).encode("utf-16-le") for code in codes
        )
        text = units.decode("utf-16-le", errors="ignore")
    else:
        text = "".join(map(chr, codes))
    text = text.replace("\x02", LINE_END_HYPHEN)
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_LIGATURES))


def side_by_side(lines: Iterator[PdfLine]) -> list[PdfLine]:
    """Pieces that follow each other on one base line are one line."""
    joined: list[PdfLine] = []
    for line in lines:
        above = joined[-1] if joined else None
        if above and abs(above.bottom - line.bottom) < 2 and line.left >= above.right - 1:
            joined[-1] = replace(above, words=above.words + line.words)
        else:
            joined.append(line)
    return joined


def with_label_gaps(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Mark the labels that stand in a column of their own: what follows them begins at the same place."""
    rights: dict[tuple[int, int], float] = {}
    for line in lines:
        rights[line.columns, line.column] = max(rights.get((line.columns, line.column), 0.0), line.right)
    parted = [
        line
        for line in lines
        # two words at the two edges of a column are justified, no label
        if line.wide_gap and not (len(line.words) == 2 and line.right > rights[line.columns, line.column] - 3)
    ]
    places = Counter(_after_gap(line) for line in parted)
    usual = {
        place
        for place in places
        if (count := sum(places[place + step] for step in (-1, 0, 1))) >= 3 and count >= 0.3 * places.total()
    }
    few = places.total() < 3
    candidates = {id(line) for line in parted}
    return [
        replace(line, label_gap=line.wide_gap)
        if id(line) in candidates
        and (few or _after_gap(line) in usual or line.words[line.wide_gap - 1].text[-1:] == ":")
        else line
        for line in lines
    ]


def _after_gap(line: PdfLine) -> int:
    return round(line.words[line.wide_gap].left / 2)
