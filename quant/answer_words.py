"""Answers written as words: `7 - helt enig`, `Helt enig`; which number each stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from quant.instrument import Instrument, Item
from quant.mapping import plain
from quant.statistics_files import VALUE_LABELS
from quant.tables import as_numbers

# A number, a sign or blank, and words without a digit: `7 - helt enig`, `1 (slet ikke)`, `4: hverken eller`.
_NUMBER_AND_WORDS = re.compile(
    r"(?P<number>[+\-−]?\d+(?:[.,]\d+)?)(?:\s*[-–—=:.)(]+\s*|\s+)"
    r"(?P<words>[^\d]*[^\W\d_][^\d]*)"
)


def answer_numbers(
    text: pd.Series[str], item: Item, instrument: Instrument, words: Mapping[str, float]
) -> tuple[pd.Series[float], dict[str, float]]:
    """Numbers of the cells of an item, and the cells that were words with the number each was taken for.

    words : plain words -> number, from the mapping and the file; the instrument's own labels of points are
        added, and what the column itself says in cells such as `7 - helt enig`.
    """
    numbers = as_numbers(text)
    open_cells = sorted({str(v) for v in text[(text != "") & numbers.isna()]})
    if not open_cells:
        return numbers, {}
    learned: dict[str, float] = {}
    found: dict[str, float] = {}
    for cell in open_cells:
        match = _NUMBER_AND_WORDS.fullmatch(cell)
        if match:
            number = float(match["number"].replace(",", ".").replace("−", "-"))
            found[cell] = number
            learned[plain(match["words"])] = number
    known = {**_labels_of(item, instrument), **learned, **words}
    taken = {cell: known[plain(cell)] for cell in open_cells if cell not in found and plain(cell) in known}
    found.update(taken)
    return numbers.where(numbers.notna(), text.map(lambda cell: found.get(cell, float("nan")))), taken


def words_of_file(frame: pd.DataFrame, column: str, chosen: Mapping[str, float]) -> dict[str, float]:
    """Plain words -> number for a column: the labels that the file declares, and those of the mapping."""
    declared: Mapping[str, str] = frame.attrs.get(VALUE_LABELS, {}).get(column, {})
    found = {plain(label): _number(code) for code, label in declared.items()}
    found.update({plain(word): float(number) for word, number in chosen.items()})
    return {word: number for word, number in found.items() if word and number == number}


def _labels_of(item: Item, instrument: Instrument) -> dict[str, float]:
    """Labels of the points and poles of the item's scale, where the instrument names them."""
    scale: Any = next((s for s in instrument.scales if s.id == item.scale), None)
    if scale is None:
        return {}
    named: dict[str, float] = {}
    for labels, number in ((scale.low, item.scale_min), (scale.high, item.scale_max)):
        named.update({plain(text): float(number) for text in labels.values() if text})
    for point, labels in scale.points.items():
        named.update({plain(text): float(point) for text in labels.values() if text})
    return named


def _number(code: str) -> float:
    try:
        return float(code)
    except ValueError:
        return float("nan")
