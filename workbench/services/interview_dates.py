"""Dates of interviews as people write them, day before month: `3. maj 2019`, `03/05-2019`, `2019-05-03`."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january jan", "februar february feb", "marts march mar", "april apr", "maj may",
            "juni june jun", "juli july jul", "august aug", "september sept sep", "oktober october okt oct",
            "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./-]\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})(?!\d)")
_DAY_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2})\.?\s*(?:of\s+)?([a-z]+)\.?,?\s+(\d{4})(?!\d)")
_MONTH_AND_DAY = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")


def read_date(text: str) -> date | None:
    """The date in a text, None if it holds none or one that cannot be."""
    said = text.strip().casefold()
    if found := _YEAR_FIRST.search(said):
        return _date(found[1], found[2], found[3])
    if found := _DAY_FIRST.search(said):
        return _date(found[3], found[2], found[1])
    if (found := _DAY_OF_MONTH.search(said)) and found[2] in _MONTHS:
        return _date(found[3], str(_MONTHS[found[2]]), found[1])
    if (found := _MONTH_AND_DAY.search(said)) and found[1] in _MONTHS:
        return _date(found[3], str(_MONTHS[found[1]]), found[2])
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
