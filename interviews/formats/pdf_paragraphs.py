"""From the printed lines of a PDF to paragraphs: which lines run on, which open one, which are headings."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from interviews.characters import clean_text
from interviews.formats.pdf_furniture import are_paragraph_numbers
from interviews.formats.pdf_pages import PdfLine
from interviews.line_joins import LINE_END_HYPHEN
from interviews.source import Paragraph

_HEADING = 1.25  # times the usual height of letters
_INDENT = 4.0

ColumnKey = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the text is set. step : points between lines.   rights, lefts : usual edges of each column.

    opens : how far from the left edge of its column a paragraph's first line begins, goes_on : its other
    lines; None where both are the same or it cannot be told.
    """

    step: float
    body: float
    rights: dict[ColumnKey, float]
    lefts: dict[ColumnKey, float]
    opens: float | None
    goes_on: float | None


def paragraphs_of(lines: Sequence[PdfLine], *, file: str) -> Iterator[Paragraph]:
    """Return every line as a paragraph that says whether the line above runs on into it."""
    if not lines:
        return
    setting = _setting(lines)
    numbered = are_paragraph_numbers(lines)
    above: PdfLine | None = None
    for line, below in itertools.zip_longest(lines, lines[1:]):
        text = clean_text(line.text.replace(LINE_END_HYPHEN, "\u00ad"), file=file)
        if below is not None and _breaks_word(line, below, setting):
            text += "\u00ad"
        heading = _is_heading(line, setting)
        runs_on = above is not None and (line.number is None if numbered else _runs_on(above, line, setting))
        yield Paragraph(
            text,
            kind="heading" if heading else "body",
            bold=line.bold,
            number=line.number if numbered else None,
            continues=runs_on and not heading and not (above is not None and _is_heading(above, setting)),
        )
        above = line


def _breaks_word(line: PdfLine, below: PdfLine, setting: _Setting) -> bool:
    """A word too long for its column stands alone on a line, fills it and goes on below without a hyphen."""
    word = line.words[0]
    letter = (word.right - word.left) / max(len(word.text), 1)
    return (
        len(line.words) == 1
        and len(word.text) >= 10
        and word.text.isalpha()
        and below.text[:1].islower()
        and word.right > setting.rights[_key(line)] - 1.5 * letter
        and _runs_on(line, below, setting)
    )


def _is_heading(line: PdfLine, setting: _Setting) -> bool:
    return line.height > _HEADING * setting.body and len(line.text) < 120


def _key(line: PdfLine) -> ColumnKey:
    return line.columns, line.column


def _setting(lines: Sequence[PdfLine]) -> _Setting:
    rights: dict[ColumnKey, list[float]] = defaultdict(list)
    lefts: dict[ColumnKey, list[float]] = defaultdict(list)
    for line in lines:
        rights[_key(line)].append(line.right)
        lefts[_key(line)].append(line.left)
    step = _usual_step(lines)
    edges = {key: max(found) for key, found in rights.items()}
    starts = {key: min(found) for key, found in lefts.items()}
    plain = _Setting(step, median(line.height for line in lines), edges, starts, None, None)
    opens, goes_on = _indents(lines, plain)
    return _Setting(step, plain.body, edges, starts, opens, goes_on)


def _usual_step(lines: Sequence[PdfLine]) -> float:
    steps = [
        round(above.bottom - below.bottom, 1)
        for above, below in itertools.pairwise(lines)
        if above.page == below.page and 0 < above.bottom - below.bottom < 60
    ]
    counts = Counter(steps)
    common = [step for step, count in counts.items() if count >= 0.15 * len(steps)]
    return min(common) if common else (median(steps) if steps else 14.0)


def _indents(lines: Sequence[PdfLine], setting: _Setting) -> tuple[float | None, float | None]:
    """How far paragraphs begin and go on from the left edge, where nearly all do the same."""
    opening: list[float] = []
    following: list[float] = []
    for above, line in itertools.pairwise(lines):
        if above.page != line.page or _key(above) != _key(line):
            continue
        offset = line.left - setting.lefts[_key(line)]
        close = 0 < above.bottom - line.bottom <= 1.35 * setting.step
        if close and _is_full(above, line, setting) and line.text[:1].islower():
            following.append(offset)
        elif not close or above.right < 0.75 * setting.rights[_key(above)]:
            opening.append(offset)
    if len(opening) < 3 or len(following) < 3:
        return None, None
    opens, goes_on = median(opening), median(following)
    steady = all(
        sum(1 for offset in found if abs(offset - middle) < 2) >= 0.75 * len(found)
        for found, middle in ((opening, opens), (following, goes_on))
    )
    return (opens, goes_on) if steady and abs(opens - goes_on) > _INDENT else (None, None)


def _runs_on(above: PdfLine, line: PdfLine, setting: _Setting) -> bool:
    same_block = above.page == line.page and _key(above) == _key(line)
    if same_block and not 0 < above.bottom - line.bottom <= 1.35 * setting.step:
        return False
    if setting.opens is not None and setting.goes_on is not None:
        offset = line.left - setting.lefts[_key(line)]
        if abs(offset - setting.opens) < 2:
            return False
    if above.text[-1:] in (LINE_END_HYPHEN, "\u00ad"):
        return True
    if not same_block and line.text[:1].islower() and above.text[-1:] not in ".?!:":
        return True  # a sentence that goes on over the page or the column
    return _is_full(above, line, setting)


def _is_full(above: PdfLine, line: PdfLine, setting: _Setting) -> bool:
    """The first word of the line did not fit on the line above."""
    right = setting.rights[_key(above)]
    first = line.words[0]
    letter = (line.right - line.left) / max(len(line.text), 1)
    return above.right + (first.right - first.left) + letter > right - 0.02 * right
