"""Widths of table columns: by weight where one is given, else by what stands in them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.display import Cell, Column, TableSpec, cell_lines, column_title
from workbench.i18n import Language

CELL_MARGIN = 85
# Mean widths at the size of table text (8.5 pt Arial), in twips.
DIGIT_TWIPS = 95
CHARACTER_TWIPS = 88
WIDEST_TEXT = 42
# Type of a table whose words do not fit otherwise: 7 instead of 8.5 points.
SMALL_TYPE = 7 / 8.5
LINE_POINTS, ROW_POINTS = 10.3, 4.5
# Number columns take this share of the spare width, up to a bound: further apart they are hard to read.
_NUMBERS_TAKE, WIDEST_NUMBER = 0.8, 2500
_NARROW = {
    **dict.fromkeys(".,[]\u00a0 ", 47),
    **dict.fromkeys("()", 57),
    **dict.fromkeys("+−<", 99),
    "*": 66,
}
_DECIMAL_SIGN: dict[Language, str] = {"da": ",", "en": "."}
_NUMBER: dict[Language, re.Pattern[str]] = {
    "da": re.compile(r"^[\[(<−-]*[\d.\u00a0]*"),
    "en": re.compile(r"^[\[(<−-]*[\d,\u00a0]*"),
}


@dataclass(frozen=True)
class Layout:
    """Widths of the columns in twips, and the size of the type beside that of ordinary table text."""

    widths: tuple[int, ...]
    scale: float

    def inner(self, index: int) -> int:
        """Room for text in the column, in twips of type of ordinary size."""
        return max(1, int((self.widths[index] - 2 * CELL_MARGIN) / self.scale))


def table_layout(spec: TableSpec, total: int) -> Layout:
    """Columns that fill `total` twips; where the longest words do not fit, the type is smaller.

    Columns with weights share the width by them. Otherwise number columns take what they need and text
    columns share the rest. No column is narrower than its longest word if there is room; numbers stay whole.
    """
    floors = [_longest_word(spec, index) for index in range(len(spec.columns))]
    scale = 1.0 if sum(floors) <= total else SMALL_TYPE
    room = total / scale
    if any(column.weight for column in spec.columns):
        weights = [float(column.weight or 1.0) for column in spec.columns]
        wishes = [weight * room / sum(weights) for weight in weights]
    else:
        wishes = _by_content(spec, room)
    if sum(floors) <= room:
        widths = _at_least(wishes, floors, room)
    else:
        widths = _squeezed(floors, [_unbroken(spec, index) for index in range(len(floors))], room)
    whole = [int(width * scale) for width in widths]
    whole[-1] += total - sum(whole)
    return Layout(tuple(whole), scale)


def estimated_points(spec: TableSpec, layout: Layout) -> float:
    """Height of the table's rows in points, from the length of what stands in them."""
    return sum(_row_lines(spec, row, layout) * LINE_POINTS * layout.scale + ROW_POINTS for row in spec.rows)


def _row_lines(spec: TableSpec, row: Sequence[Cell], layout: Layout) -> int:
    return max(
        sum(
            math.ceil(max(1, len(line)) * CHARACTER_TWIPS / layout.inner(index))
            for line in cell_lines(cell, column, spec.language)
        )
        for index, (cell, column) in enumerate(zip(row, spec.columns, strict=True))
    )


def decimal_parts(lines: Sequence[str], language: Language) -> tuple[int, int]:
    """Widths in twips before and after the decimal sign, the widest of all lines.

    A line without a decimal sign stands before it as far as its number goes, so stars and brackets hang.
    """
    before, after = 0, 0
    for line in lines:
        match = _NUMBER[language].match(line)
        whole = match.group(0) if match else ""
        before = max(before, text_twips(whole))
        after = max(after, text_twips(line[len(whole) :]))
    return before, after


def has_decimals(line: str, language: Language) -> bool:
    """Whether the line is a number with a decimal sign."""
    match = _NUMBER[language].match(line)
    end = match.end() if match else 0
    return line[end : end + 1] == _DECIMAL_SIGN[language]


def text_twips(text: str) -> int:
    """Width of a number in table text, from the widths of its characters in Arial."""
    return sum(_NARROW.get(character, DIGIT_TWIPS) for character in text)


def _by_content(spec: TableSpec, total: float) -> list[float]:
    needs = [float(_need(spec, index, column)) for index, column in enumerate(spec.columns)]
    texts = [index for index, column in enumerate(spec.columns) if column.alignment == "left"]
    spare = total - sum(needs)
    numbers = [index for index in range(len(needs)) if index not in texts]
    if spare <= 0:
        return _texts_share(needs, texts, total - sum(needs[index] for index in numbers))
    for index in numbers:
        room = spare / len(numbers) if texts else spare
        needs[index] += min(room * _NUMBERS_TAKE, max(0.0, WIDEST_NUMBER - needs[index]))
    wide = texts or numbers
    spare, share = total - sum(needs), sum(needs[index] for index in wide)
    for index in wide:
        needs[index] += spare * needs[index] / share
    return needs


def _texts_share(needs: Sequence[float], texts: Sequence[int], room: float) -> list[float]:
    """Numbers as wide as they need, text columns in what is left (`_at_least` sees to the rest)."""
    wanted = sum(needs[index] for index in texts) or 1.0
    return [max(need * room / wanted, 1.0) if index in texts else need for index, need in enumerate(needs)]


def _need(spec: TableSpec, index: int, column: Column) -> int:
    lines = [line for row in spec.rows for line in cell_lines(row[index], column, spec.language)]
    heading = column_title(column, spec.language)
    if column.alignment == "left":
        longest = max((len(line) for line in (*lines, heading)), default=4)
        # Longer texts get wider columns, but not in step: they wrap.
        characters = min(longest, WIDEST_TEXT) + min(max(0, longest - WIDEST_TEXT), 400) // 6
        return characters * CHARACTER_TWIPS + 2 * CELL_MARGIN
    if column.alignment == "decimal":
        longest = sum(decimal_parts(lines, spec.language))
    else:
        longest = max((text_twips(line) for line in lines), default=0)
    return max(longest, min(len(heading), 14) * CHARACTER_TWIPS) + 2 * CELL_MARGIN


def _longest_word(spec: TableSpec, index: int) -> float:
    column = spec.columns[index]
    texts = [column_title(column, spec.language)]
    texts += [line for row in spec.rows for line in cell_lines(row[index], column, spec.language)]
    longest = max(
        (len(word) for text in texts for word in text.replace("/", " ").replace("-", " ").split()), default=1
    )
    return float(longest * (DIGIT_TWIPS + 6) + 2 * CELL_MARGIN)


def _unbroken(spec: TableSpec, index: int) -> float:
    """What a column needs at the least: a number column its longest number, a text column a few letters."""
    column = spec.columns[index]
    if column.alignment == "left":
        return min(_longest_word(spec, index), 12.0 * CHARACTER_TWIPS + 2 * CELL_MARGIN)
    lines = [line for row in spec.rows for line in cell_lines(row[index], column, spec.language)]
    longest = sum(decimal_parts(lines, spec.language)) if column.alignment == "decimal" else 0
    return float(max([longest, *map(text_twips, lines)]) + 2 * CELL_MARGIN)


def _at_least(wishes: Sequence[float], floors: Sequence[float], total: float) -> list[float]:
    widths = [max(wish, floor) for wish, floor in zip(wishes, floors, strict=True)]
    over = sum(widths) - total
    slack = [width - floor for width, floor in zip(widths, floors, strict=True)]
    if over <= 0 or sum(slack) <= 0:
        return widths
    return [width - over * room / sum(slack) for width, room in zip(widths, slack, strict=True)]


def _squeezed(floors: Sequence[float], least: Sequence[float], total: float) -> list[float]:
    """Too many long words: each column has the least it needs, what is left goes where words are long."""
    spare = total - sum(least)
    if spare <= 0:
        return [each * total / sum(least) for each in least]
    lacking = [max(0.0, floor - each) for floor, each in zip(floors, least, strict=True)]
    return [each + spare * lack / sum(lacking) for each, lack in zip(least, lacking, strict=True)]
