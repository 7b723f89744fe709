"""Widths of table columns: by weight where one is given, else by what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.display import Column, TableSpec, cell_lines, column_title

CELL_MARGIN = 85
# Mean widths at the size of table text (8.5 pt Arial), in twips.
DIGIT_TWIPS = 95
CHARACTER_TWIPS = 88
WIDEST_TEXT = 42


def column_widths(spec: TableSpec, total: int) -> list[int]:
    """Widths in twips that add up to `total`; no column is narrower than its longest word if there is room.

    Columns with weights share the width by them. Otherwise number columns take what they need and text
    columns share the rest.
    """
    floors = [_longest_word(spec, index) for index in range(len(spec.columns))]
    if any(column.weight for column in spec.columns):
        wishes = [float(column.weight or 1.0) for column in spec.columns]
        wishes = [wish * total / sum(wishes) for wish in wishes]
    else:
        wishes = _by_content(spec, total)
    return _fit(wishes, floors, total)


def _by_content(spec: TableSpec, total: int) -> list[float]:
    needs = [float(_need(spec, index, column)) for index, column in enumerate(spec.columns)]
    spare = total - sum(needs)
    texts = [index for index, column in enumerate(spec.columns) if column.alignment == "left"]
    if spare <= 0 or not texts:
        return [need * total / sum(needs) for need in needs]
    numbers = [index for index in range(len(needs)) if index not in texts]
    # Number columns breathe a little before the text columns take the rest.
    for index in numbers:
        extra = min(needs[index] * 0.5, spare / (2 * len(numbers)))
        needs[index] += extra
    spare = total - sum(needs)
    share = sum(needs[index] for index in texts)
    for index in texts:
        needs[index] += spare * needs[index] / share
    return needs


def _need(spec: TableSpec, index: int, column: Column) -> int:
    lines = [line for row in spec.rows for line in cell_lines(row[index], column, spec.language)]
    longest = max((len(line) for line in lines), default=0)
    heading = len(column_title(column, spec.language))
    if column.alignment == "left":
        characters = min(max(longest, heading, 4), WIDEST_TEXT)
        return characters * CHARACTER_TWIPS + 2 * CELL_MARGIN
    return max(longest * DIGIT_TWIPS, min(heading, 14) * CHARACTER_TWIPS) + 2 * CELL_MARGIN


def _longest_word(spec: TableSpec, index: int) -> float:
    column = spec.columns[index]
    texts = [column_title(column, spec.language)]
    texts += [line for row in spec.rows for line in cell_lines(row[index], column, spec.language)]
    longest = max(
        (len(word) for text in texts for word in text.replace("/", " ").replace("-", " ").split()), default=1
    )
    return float(longest * (DIGIT_TWIPS + 6) + 2 * CELL_MARGIN)


def _fit(wishes: Sequence[float], floors: Sequence[float], total: int) -> list[int]:
    if sum(floors) >= total:
        widths = [floor * total / sum(floors) for floor in floors]
    else:
        widths = [max(wish, floor) for wish, floor in zip(wishes, floors, strict=True)]
        over = sum(widths) - total
        slack = [width - floor for width, floor in zip(widths, floors, strict=True)]
        if over > 0:
            widths = [width - over * room / sum(slack) for width, room in zip(widths, slack, strict=True)]
    whole = [int(width) for width in widths]
    whole[-1] += total - sum(whole)
    return whole
