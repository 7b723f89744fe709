"""What the headings of printed tables mean: a guess at outcome, group, period and model."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from quant.estimate_mapping import COLUMN_NAMES, EstimateMapping
from quant.mapping import plain
from quant.regression_grids import LONG_NUMBERS, PLACE, SECTION
from quant.table_words import table_words

SURE, LIKELY, POSSIBLE = 100.0, 75.0, 60.0
_YEAR = r"(?:19|20)\d\d"
PERIOD = re.compile(
    rf"^(?:{_YEAR}(?:\s*[-–/]\s*(?:19|20)?\d\d)?|{_YEAR}\s*[-:]?\s*[QqKkMm]\d+|[QqKk]\d\s*{_YEAR}"
    rf"|\d\.?\s*(?:kvt|kvartal|quarter|q)\.?\s*(?:of\s+)?{_YEAR}|t\s*[-+−]?\s*\d+|pre|post|før|efter)$"
)
_NUMBERED = re.compile(r"^\(?\d+\)?$")
_FIELDS = ("outcome", "subgroup", "period")


def guess_long_mapping(frame: pd.DataFrame, row_titles: Sequence[str]) -> EstimateMapping:
    """The most likely mapping of printed tables in the long form, each guess scored 0-100.

    row_titles : what stands above each column of labels, "" where nothing does.
    """
    columns = {name: name for name in LONG_NUMBERS if name in COLUMN_NAMES and (frame[name] != "").any()}
    columns["place"] = PLACE
    scores = dict.fromkeys(columns, SURE)
    model: list[str] = []
    free = [
        c
        for c in frame.columns
        if re.fullmatch(r"row(?:_\d+)?|column_\d+", str(c)) and (frame[c] != "").any()
    ]
    for place, title in enumerate(row_titles):
        column = "row" if place == 0 else f"row_{place + 1}"
        field = _field(title)
        if field and column in free and field not in columns:
            columns[field], scores[field] = column, SURE
            free.remove(column)
    for column in list(free):
        texts = [text for text in frame[column] if text]
        if "period" not in columns and sum(bool(PERIOD.match(t)) for t in texts) * 2 > len(texts):
            columns["period"], scores["period"] = column, SURE
            free.remove(column)
        elif column.startswith("column") and all(_NUMBERED.match(text) for text in texts):
            model.append(column)
            free.remove(column)
    for column in list(free):
        if "subgroup" not in columns and _names_groups(frame[column]):
            columns["subgroup"], scores["subgroup"] = column, LIKELY
            free.remove(column)
    above = [column for column in free if column.startswith("column")]
    rows = [column for column in free if column.startswith("row")]
    sections = [SECTION] if (frame[SECTION] != "").any() else []
    for field, options in (
        ("outcome", [*reversed(above), *sections]),
        ("subgroup", [*reversed(above), *sections]),
    ):
        left = [option for option in options if option not in columns.values()]
        if field not in columns and left:
            columns[field], scores[field] = left[0], LIKELY if field == "outcome" else POSSIBLE
    model += rows
    return EstimateMapping(columns, tuple(model), scores)


def _names_groups(texts: pd.Series[str]) -> bool:
    """Whether labels or headings are groups that are known to be: men and women, all."""
    words = table_words()
    known = {*words.whole, *(name for pair in words.halves for name in pair)}
    return any(plain(text) in known for text in set(texts))


def _field(title: str) -> str:
    """The field that a heading above labels names."""
    name = plain(title)
    return next((field for field in _FIELDS if name in {plain(word) for word in COLUMN_NAMES[field]}), "")
