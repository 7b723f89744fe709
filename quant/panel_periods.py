"""Calendar of a panel: which weeks, months or days make up each month, quarter, half-year or year."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from quant.panel_rules import RecordPeriod, Target
from quant.periods import parse_day, parse_periods

MONTHS_IN: dict[Target, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
CALENDAR_COLUMNS = ("place", "number", "name", "places", "whole")
_MONDAY = date(1900, 1, 1)
# Years that a register speaks of; an end such as 9999-12-31 says that a spell has not ended.
_YEARS = (1850, 2150)
_ONE_PERIOD: tuple[tuple[Target, re.Pattern[str]], ...] = (
    ("quarter", re.compile(r"\s*(\d{4})\s*[-_ ]?\s*[QqKk]([1-4])\s*")),
    ("half_year", re.compile(r"\s*(\d{4})\s*[-_ ]?\s*[Hh]([12])\s*")),
    ("year", re.compile(r"\s*(\d{4})()\s*")),
)
_MARGIN: dict[RecordPeriod, int] = {"week": 54, "month": 12, "day": 366}


def record_places(texts: pd.Series, unit: RecordPeriod) -> pd.Series:
    """Running numbers of record periods, NaN for what is none; day 0 is 1 January 1900."""
    if unit != "day":
        return parse_periods(texts, unit)
    return pd.Series([_day_place(value) for value in texts], index=texts.index, dtype=float)


def place_range(unit: RecordPeriod) -> tuple[int, int]:
    """First and last place that a register can speak of; what lies outside is no period."""
    first, last = (date(_YEARS[0], 1, 1) - _MONDAY).days, (date(_YEARS[1], 12, 31) - _MONDAY).days
    if unit == "month":
        return _YEARS[0] * 12, _YEARS[1] * 12 + 11
    return (first, last) if unit == "day" else (first // 7, last // 7)


def _day_place(value: object) -> float:
    day = value if isinstance(value, date) and not pd.isna(value) else parse_day(str(value))
    if day is None and re.fullmatch(r"\d{8}", str(value)):  # 20190325
        text = str(value)
        day = parse_day(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    return float("nan") if day is None else (date(day.year, day.month, day.day) - _MONDAY).days


def calendar(first: int, last: int, unit: RecordPeriod, target: Target) -> pd.DataFrame:
    """The panel's periods between two places of records, one row a place.

    first, last : places of the first and the last record.

    Returns place, number (running number of the panel's period), name ("2019Q2"), places (how many places the
    period has), whole (1 if first..last covers all of them). A week belongs to the period of its Thursday.
    """
    places = np.arange(first - _MARGIN[unit], last + _MARGIN[unit] + 1)
    numbers = _months(places, unit) // MONTHS_IN[target]
    frame = pd.DataFrame({"place": places, "number": numbers})
    grouped = frame.groupby("number")["place"]
    frame["places"] = grouped.transform("size")
    inside = (grouped.transform("min") >= first) & (grouped.transform("max") <= last)
    frame["whole"] = inside.astype(int)
    frame["name"] = [period_name(number, target) for number in frame["number"]]
    wanted = frame["number"].between(*_months(np.array([first, last]), unit) // MONTHS_IN[target])
    return frame.loc[wanted, list(CALENDAR_COLUMNS)].reset_index(drop=True)


def period_name(number: int, target: Target) -> str:
    """Name of a period of the panel: 2019-04, 2019Q2, 2019H1, 2019; names sort as the periods do."""
    months = MONTHS_IN[target]
    year, part = divmod(number, 12 // months)
    if target == "year":
        return f"{year:04d}"
    return f"{year:04d}-{part + 1:02d}" if target == "month" else f"{year:04d}{target[0].upper()}{part + 1}"


def period_number(text: str, target: Target) -> tuple[int, bool] | None:
    """The panel's period that holds a month, week, day or a period of the panel's length, and whether it
    begins with it; None for what is none, or is longer than a period of the panel.
    """
    for length, pattern in _ONE_PERIOD:
        if found := pattern.fullmatch(text):
            if MONTHS_IN[length] > MONTHS_IN[target]:
                return None
            month = int(found[1]) * 12 + (int(found[2] or 1) - 1) * MONTHS_IN[length]
            return month // MONTHS_IN[target], month % MONTHS_IN[target] == 0
    one = pd.Series([text])
    week, month_place = parse_periods(one, "week")[0], parse_periods(one, "month")[0]
    day = parse_day(text)
    if day is None and pd.isna(month_place) and pd.notna(week):
        day = _MONDAY + timedelta(days=7 * int(week) + 3)
    month = day.year * 12 + day.month - 1 if day is not None else month_place
    if pd.isna(month):
        return None
    number, after = divmod(int(month), MONTHS_IN[target])
    return number, after == 0 and (day is None or day.day == 1)


def spell_places(days: pd.Series, unit: RecordPeriod, *, end: bool) -> pd.Series:
    """First place a spell counts for, by its first day, or the last one, by its last day (`end`).

    A week counts by its Thursday, a month by its 15th; NaN stays NaN.
    """
    stated = days.astype(float)
    if unit == "day":
        return stated
    if unit == "week":
        return (stated - 3) // 7 if end else (stated + 3) // 7
    dates = pd.Timestamp(_MONDAY) + pd.to_timedelta(stated, unit="D")
    months = dates.dt.year * 12 + dates.dt.month - 1
    late = dates.dt.day < 15 if end else dates.dt.day > 15
    return months - late if end else months + late


def _months(places: npt.NDArray[np.int64], unit: RecordPeriod) -> npt.NDArray[np.int64]:
    """Running numbers of the months (year * 12 + month - 1) that the places belong to."""
    if unit == "month":
        return places
    days = places if unit == "day" else 7 * places + 3
    months = (np.datetime64("1900-01-01") + days).astype("datetime64[M]").astype(np.int64)
    return np.asarray(months + 1970 * 12, dtype=np.int64)
