"""Reading order of PDF pages set in columns: find the gaps between columns, read one column after another.

A column of speaker labels, times or numbers beside the text is no column of text and stays beside its line.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from interviews.formats.pdf_pages import PdfLine, PdfPage, PdfWord

Gutter = tuple[float, float]

_NARROWEST = 8.0  # points between two columns of text
_FEWEST = 5  # lines on each side that make a column


def in_reading_order(pages: Sequence[PdfPage]) -> list[PdfPage]:
    """Return the pages with their lines column by column, from the top. Pages in one column stay as they are.

    A gap found on one page holds on others where nothing stands across it (a last page that is half full).
    """
    found = [_gutters(page) for page in pages]
    known = {gutters for gutters in found if gutters}
    read: list[PdfPage] = []
    for page, gutters in zip(pages, found, strict=True):
        if not gutters:
            gutters = next((other for other in known if _fits(page, other)), ())
        read.append(replace(page, lines=tuple(_by_column(page, gutters))) if gutters else page)
    return read


def _gutters(page: PdfPage) -> tuple[Gutter, ...]:
    """The gaps between columns of text on a page, from the left."""
    if len(page.lines) < _FEWEST:
        return ()
    left = min(line.left for line in page.lines)
    right = max(line.right for line in page.lines)
    gaps = [
        gap for gap in _free_stretches(page.lines, left, right)
        if gap[1] - gap[0] >= _NARROWEST and 0.15 < ((gap[0] + gap[1]) / 2 - left) / (right - left) < 0.85
    ]  # fmt: skip
    chosen = tuple(gaps)
    while chosen:
        weak = _weakest(page, chosen, left, right)
        if weak is None:
            return chosen
        chosen = tuple(gap for gap in chosen if gap != weak)
    return ()


def _free_stretches(lines: Sequence[PdfLine], left: float, right: float) -> list[Gutter]:
    """Where hardly any line has ink, in points from the left. A line is inked where its words stand close."""
    width = int(right - left) + 1
    changes = [0] * (width + 2)
    for line in lines:
        for start, end in _runs(line.words):
            changes[max(0, int(start - left))] += 1
            changes[min(width, int(end - left)) + 1] -= 1
    ink = list(itertools.accumulate(changes))
    allowed = max(1, 0.12 * len(lines)) if len(lines) >= 10 else 0
    free: list[Gutter] = []
    for is_free, group in itertools.groupby(range(width), key=lambda x: ink[x] <= allowed):
        if is_free:
            places = list(group)
            free.append((left + places[0], left + places[-1] + 1))
    return free


def _runs(words: Sequence[PdfWord]) -> Iterator[Gutter]:
    start, end = words[0].left, words[0].right
    for word in words[1:]:
        if word.left - end > 0.75 * max(word.top - word.bottom, 6):
            yield start, end
            start = word.left
        end = max(end, word.right)
    yield start, end


def _weakest(page: PdfPage, gutters: tuple[Gutter, ...], left: float, right: float) -> Gutter | None:
    """A gap beside which no column of text stands, or None where all columns are good."""
    pieces = [piece for line in page.lines for piece in _cut(line, gutters)]
    bounds = [left, *itertools.chain.from_iterable(gutters), right]
    for column, (start, end) in enumerate(zip(bounds[::2], bounds[1::2], strict=True)):
        lines = [piece for piece in pieces if piece.column == column]
        if not _is_text(lines, start, end, (right - left) / (len(gutters) + 1)):
            return gutters[min(column, len(gutters) - 1)]
    if not _one_after_another(pieces) and not all(
        _is_filled([piece for piece in pieces if piece.column == column], bounds[2 * column + 1])
        for column in range(len(gutters) + 1)
    ):
        return gutters[0]
    return None


def _is_text(lines: Sequence[PdfLine], start: float, end: float, usual: float) -> bool:
    """A column of text is wide enough, has lines enough, and some of them are long."""
    long = sum(1 for line in lines if line.right - line.left > 0.5 * (end - start))
    several = sum(1 for line in lines if len(line.words) >= 3)
    return (
        len(lines) >= _FEWEST
        and end - start > 0.55 * usual
        and long >= max(2, 0.25 * len(lines))
        and several >= 0.4 * len(lines)
    )


def _is_filled(lines: Sequence[PdfLine], end: float) -> bool:
    """Half of the lines reach so near the right edge that the next word did not fit."""
    return sum(1 for line in lines if line.right > end - 45) >= 0.5 * len(lines)


def _one_after_another(pieces: Sequence[PdfLine]) -> bool:
    """The file has one column after the other, not the rows of a table."""
    sides = [piece.column for piece in pieces if piece.column >= 0]
    turns = sum(1 for before, after in itertools.pairwise(sides) if before != after)
    spans = sum(1 for piece in pieces if piece.column < 0)
    return turns <= max(sides, default=0) + 2 * spans


def _fits(page: PdfPage, gutters: tuple[Gutter, ...]) -> bool:
    """Whether a page without columns of its own can be read in those of another page."""
    pieces = [piece for line in page.lines for piece in _cut(line, gutters)]
    across = sum(1 for piece in pieces if piece.column < 0)
    beside = any(piece.column > 0 for piece in pieces)
    return beside and across <= 0.2 * len(pieces) and _one_after_another(pieces)


def _cut(line: PdfLine, gutters: tuple[Gutter, ...]) -> list[PdfLine]:
    """The pieces of a line in their columns; the whole line with column -1 where it stands across a gap."""
    pieces: dict[int, list[PdfWord]] = {}
    for word in line.words:
        column = sum(1 for _, end in gutters if word.left >= end - 2)
        if column < len(gutters) and word.right > gutters[column][1]:
            return [replace(line, column=-1)]
        pieces.setdefault(column, []).append(word)
    for (column, words), (following, others) in itertools.pairwise(pieces.items()):
        if following == column + 1 and others[0].left - words[-1].right < _NARROWEST - 1:
            return [replace(line, column=-1)]
    return [
        replace(line, words=tuple(words), column=column, columns=len(gutters) + 1)
        for column, words in pieces.items()
    ]


def _by_column(page: PdfPage, gutters: tuple[Gutter, ...]) -> Iterator[PdfLine]:
    """Lines over the whole width part the page; between them one column is read after the other."""
    pieces = [piece for line in page.lines for piece in _cut(line, gutters)]
    across = sorted((piece for piece in pieces if piece.column < 0), key=lambda piece: -piece.bottom)
    waiting = sorted((piece for piece in pieces if piece.column >= 0), key=lambda piece: -piece.bottom)
    for over in [*across, None]:
        band = [piece for piece in waiting if over is None or piece.bottom > over.bottom]
        waiting = waiting[len(band) :]
        yield from sorted(band, key=lambda piece: piece.column)
        if over is not None:
            yield over
