"""Weeks and months as running numbers, so that "six months after" is an addition."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd

Unit = Literal["week", "month"]
_WEEK = re.compile(r"\s*(\d{4})\s*[-_ ]?\s*[WwUu]\s*(\d{1,2})\s*")
_MONTH = re.compile(r"\s*(\d{4})\s*(?:[-_/. ]\s*|[Mm]\s*)(\d{1,2})\s*")
_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DANISH_DATE = re.compile(r"\s*(\d{1,2})[-./](\d{1,2})[-./](\d{4})\s*")
_MONDAY = date(1900, 1, 1)


def week_place(day: date) -> int:
    """Running number of the ISO week of a day (Monday to Sunday)."""
    return (day - _MONDAY).days // 7


def month_place(day: date) -> int:
    """Running number of the month of a day."""
    return day.year * 12 + day.month - 1


def parse_periods(texts: pd.Series, unit: Unit) -> pd.Series:
    """Running numbers of periods: 2019-03, 2019M3, 201903; 2019W14, 2019u14; a date; NaN for what is none.

    unit : "week" reads a date as its ISO week, "month" as its month; a week is never read as a month.
    """
    codes, different = pd.factorize(texts)  # a register has few different periods: each is read once
    places = np.array([*(_place(text, unit) for text in different), float("nan")])
    return pd.Series(places[codes], index=texts.index, dtype=float)


def quarters(first: int, last: int, unit: Unit) -> list[tuple[str, range]]:
    """`("2019Q2", places)` of the quarters between two periods; a week belongs to that of its Thursday."""
    found: dict[str, list[int]] = {}
    # Whole quarters, also where the records begin or end within one.
    reach = 14 if unit == "week" else 3
    for place in range(first - reach, last + reach + 1):
        found.setdefault(_quarter(place, unit), []).append(place)
    inner = {_quarter(place, unit) for place in range(first, last + 1)}
    return [(name, range(places[0], places[-1] + 1)) for name, places in found.items() if name in inner]


def _quarter(place: int, unit: Unit) -> str:
    if unit == "month":
        return f"{place // 12}Q{place % 12 // 3 + 1}"
    thursday = _MONDAY + timedelta(days=7 * place + 3)
    return f"{thursday.year}Q{(thursday.month - 1) // 3 + 1}"


def _place(value: Any, unit: Unit) -> float:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return float("nan")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    day = value.date() if isinstance(value, pd.Timestamp) else value if isinstance(value, date) else None
    text = str(value)
    if day is None:
        day = parse_day(text)
    try:
        if day is not None:
            return week_place(day) if unit == "week" else month_place(day)
        if unit == "week" and (week := _WEEK.fullmatch(text)):
            return week_place(date.fromisocalendar(int(week[1]), int(week[2]), 1))
        month = _MONTH.fullmatch(text) or re.fullmatch(r"\s*(\d{4})(\d{2})\s*", text)
        if unit == "month" and month:
            return month_place(date(int(month[1]), int(month[2]), 1))
    except ValueError:
        pass
    return float("nan")


def parse_day(text: str) -> date | None:
    """The day of 2019-03-25 (also with a time) or 25-03-2019, 25/3/2019; None for what is none."""
    found = _DATE.fullmatch(text)
    order = (1, 2, 3)
    if found is None:
        found, order = _DANISH_DATE.fullmatch(text), (3, 2, 1)
    if found is None:
        return None
    try:
        return date(*(int(found[place]) for place in order))
    except ValueError:
        return None
