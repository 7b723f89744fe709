"""What stands on the pages of a PDF and is no text: headers, footers, page numbers, numbers in the margin."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from interviews.formats.pdf_pages import PdfLine, PdfPage

_PAGE_NUMBER = re.compile(
    r"^\W*(?:(?:page|side|s\.|p\.)\s*)?(\d{1,4})(?:\s*(?:/|of|af|out of|ud af)\s*\d{1,4})?\W*$", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_MARGIN = 0.1  # share of the page's height in which headers and footers stand
_SAME_HEIGHT = 3.0

Key = tuple[str, int]


def without_furniture(pages: Sequence[PdfPage]) -> list[PdfPage]:
    """Take away page numbers, and lines in the outer tenth that come back at the same height.

    A header may differ on left and right pages and be missing on some; digits in it may change.
    """
    edges = [[line for line in page.lines if _in_margin(line, page)] for page in pages]
    often = _recurring(pages, edges)
    gone = {
        id(line)
        for page, lines in zip(pages, edges, strict=True)
        for line in _from_the_edge(page, {id(line) for line in lines if _key(line) in often})
    }
    heights = {_row(line): line.height for lines in edges for line in lines if id(line) in gone}
    if len(pages) >= 3:
        for page, lines in zip(pages, edges, strict=True):
            gone.update(id(line) for line in lines if _beside_furniture(line, page, heights, gone))
    gone.update(_page_numbers(pages, edges, gone))
    return [replace(page, lines=tuple(line for line in page.lines if id(line) not in gone)) for page in pages]


def _from_the_edge(page: PdfPage, recurring: set[int]) -> list[PdfLine]:
    """The recurring lines beyond which nothing else stands towards the edge of the page."""
    text = [line for line in page.lines if id(line) not in recurring and not line.text.isdecimal()]
    highest = max((line.bottom for line in text), default=0.0)
    lowest = min((line.bottom for line in text), default=page.height)
    inside = 0.03 * page.height  # a line there may be the last of the page before, printed once more
    highest = max((line.bottom for line in text if line.top < page.height - inside), default=highest)
    lowest = min((line.bottom for line in text if line.bottom > inside), default=lowest)
    return [
        line
        for line in page.lines
        if id(line) in recurring and (line.bottom > highest - 1 or line.bottom < lowest + 1)
    ]


def _recurring(pages: Sequence[PdfPage], edges: Sequence[Sequence[PdfLine]]) -> set[Key]:
    on_pages: dict[Key, list[int]] = defaultdict(list)
    for index, lines in enumerate(edges):
        for key in {_key(line) for line in lines if not line.text.isdecimal()}:
            on_pages[key].append(index)
    inside = Counter(_key(line)[0] for page in pages for line in page.lines if not _in_margin(line, page))
    speakers = _recurring_labels(pages)
    return {
        key
        for key, found in on_pages.items()
        if _comes_back(found, len(pages))
        and inside[key[0]] < 2
        and not (_label(key[0]) in speakers and len(found) < max(3, len(pages) - 1))
    }


def _comes_back(found: Sequence[int], pages: int) -> bool:
    """On half of the pages, or on most of the left or the right ones between its first and its last."""
    if len(found) < 2:
        return False
    between = (found[-1] - found[0]) // 2 + 1
    one_side = len({index % 2 for index in found}) == 1
    return len(found) >= 0.5 * (pages - 1) or (one_side and len(found) >= max(2, 0.7 * between))


def _recurring_labels(pages: Sequence[PdfPage]) -> set[str]:
    """What stands before a colon on two lines or more inside the pages: speakers, whose short questions may
    come back at the top of a page without being its header."""
    inside = (line for page in pages for line in page.lines if not _in_margin(line, page))
    counts = Counter(label for line in inside if (label := _label(_key(line)[0])))
    return {label for label, count in counts.items() if count >= 2}


def _label(text: str) -> str:
    before, colon, _ = text[:60].partition(":")
    return before.strip() if colon else ""


def _beside_furniture(line: PdfLine, page: PdfPage, heights: dict[int, float], gone: Iterable[int]) -> bool:
    """A header of another wording stands at the height and in the size of the others, apart from the text."""
    size = heights.get(_row(line))
    if size is None or line.height > 1.2 * size or _label(line.text):
        return False
    others = [other for other in page.lines if other is not line and id(other) not in set(gone)]
    apart = min((_gap(line, other) for other in others), default=0.0)
    return _is_outermost(line, others) and apart > 1.2 * line.height


def _gap(line: PdfLine, other: PdfLine) -> float:
    return max(line.bottom - other.top, other.bottom - line.top)


def _in_margin(line: PdfLine, page: PdfPage) -> bool:
    if _in_number_column(line, page):
        return False
    return line.bottom < _MARGIN * page.height or line.top > (1 - _MARGIN) * page.height


def _in_number_column(line: PdfLine, page: PdfPage) -> bool:
    """Numbers under each other belong to lines or paragraphs; a page number stands alone."""
    if not line.text.isdecimal():
        return False
    under = (other for other in page.lines if abs(other.words[0].right - line.right) < 4)
    return sum(1 for other in under if other.words[0].text.isdecimal()) >= 3


def _row(line: PdfLine) -> int:
    return round(line.bottom / _SAME_HEIGHT)


def _key(line: PdfLine) -> Key:
    return _DIGITS.sub("0", line.text.replace("\t", " ")), round(line.bottom / 4)


def _page_numbers(pages: Sequence[PdfPage], edges: Sequence[Sequence[PdfLine]], gone: set[int]) -> set[int]:
    """Page numbers stand above or below everything else and go up with the pages."""
    found: list[tuple[int, PdfLine]] = []
    for index, (page, lines) in enumerate(zip(pages, edges, strict=True)):
        others = [other for other in page.lines if id(other) not in gone]
        found.extend(
            (index, line)
            for line in lines
            if _PAGE_NUMBER.match(line.text)
            and _is_outermost(line, [one for one in others if one is not line])
        )
    offsets = Counter(_value(line) - index for index, line in found)
    usual, count = offsets.most_common(1)[0] if offsets else (0, 0)
    if len(found) < 3:
        return {id(line) for _, line in found}
    counted = count >= 0.6 * len(found)
    return {id(line) for index, line in found if counted and _value(line) - index == usual}


def _value(line: PdfLine) -> int:
    found = _PAGE_NUMBER.match(line.text)
    return int(found.group(1)) if found else 0


def _is_outermost(line: PdfLine, others: Sequence[PdfLine]) -> bool:
    above = all(other.bottom >= line.bottom - 1 for other in others)
    below = all(other.top <= line.top + 1 for other in others)
    return above or below


def with_numbers_apart(pages: Sequence[PdfPage]) -> list[PdfPage]:
    """Give numbers that stand in a column at the page edge to the lines beside them."""
    return [replace(page, lines=tuple(_with_numbers(page.lines))) for page in pages]


def _with_numbers(lines: Sequence[PdfLine]) -> list[PdfLine]:
    first = {id(line): line.words[0] for line in lines if _opens_with_number(line)}
    text_left = [line.words[0].left for line in lines if id(line) not in first]
    text_left += [line.words[1].left for line in lines if id(line) in first and len(line.words) > 1]
    edge = min(text_left, default=0.0)
    column = {key for key, word in first.items() if word.right <= edge + 1}
    if len(column) < max(2, 0.1 * len(text_left)):
        return list(lines)
    words = [line for line in lines if id(line) not in column or len(line.words) > 1]
    beside = {index: int(line.words[0].text) for index, line in enumerate(words) if id(line) in column}
    for line in lines:
        if id(line) in column and len(line.words) == 1 and words:
            nearest = min(range(len(words)), key=lambda index: abs(words[index].bottom - line.bottom))
            if abs(words[nearest].bottom - line.bottom) < 0.6 * max(words[nearest].height, 6):
                beside[nearest] = int(line.text)
    return [_numbered(line, beside.get(index), id(line) in column) for index, line in enumerate(words)]


def _numbered(line: PdfLine, number: int | None, inside: bool) -> PdfLine:
    return replace(line, number=number, words=line.words[1:] if inside else line.words)


def _opens_with_number(line: PdfLine) -> bool:
    text = line.words[0].text
    apart = len(line.words) == 1 or line.words[1].left - line.words[0].right > 3.5
    return text.isdecimal() and len(text) <= 5 and apart


def without_overlap(pages: Sequence[PdfPage]) -> list[PdfLine]:
    """All lines in order. Some programs print the last line of a page once more at the edge of the next."""
    lines: list[PdfLine] = []
    for page in pages:
        first = page.lines[0] if page.lines else None
        copied = first and lines and first.text == lines[-1].text and len(first.text) >= 20
        at_edge = first and first.top > 0.97 * page.height
        lines.extend(page.lines[1:] if copied and at_edge else page.lines)
    return lines


def are_paragraph_numbers(lines: Sequence[PdfLine]) -> bool:
    """Say whether the numbers beside lines belong to paragraphs: they only go up, and not line by line.

    Numbers of lines stand on nearly every line, also inside sentences, or on every fifth line, or begin
    again on each page.
    """
    at = [index for index, line in enumerate(lines) if line.number is not None]
    numbers = [number for line in lines if (number := line.number) is not None]
    rising = all(after > before for before, after in itertools.pairwise(numbers))
    if len(numbers) < 2 or not rising:
        return False
    inside = sum(1 for index in at if lines[index].text[:1].islower())
    every_line = len(at) >= 0.8 * len(lines) and inside >= 0.15 * len(at)
    steps = [
        (lines[after].number or 0) - (lines[before].number or 0) == after - before
        for before, after in itertools.pairwise(at)
    ]
    counted = len(at) >= 3 and numbers[-1] > 2 * len(numbers) and sum(steps) >= 0.7 * len(steps)
    return not every_line and not counted
