"""Numbers as they are printed: their value, what rounding hides of it, and the signs that stand beside it.

`0.030` is any number from 0.0295 to 0.0305. Whoever checks one printed number against another asks here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

MINUS_SIGNS = "−–‒﹣－"
STARS = r"[*+#†°^⁺∗＊]+"
_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f]+")
_UNIT = re.compile(r"(?:%|pct\.?|procent(?:point)?|percent(?:age points?)?|per cent)$", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)*|[.,]\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
_STARRED = re.compile(rf"^(?P<number>.*?)\s*(?P<stars>{STARS})?$", re.DOTALL)
MAX_DECIMALS = 12
FLOAT_SLACK = 1e-9  # what binary numbers lose


@dataclass(frozen=True)
class Printed:
    """A number in print; `decimals` may be negative where the last digits are an exponent's zeros."""

    value: float
    decimals: int

    @property
    def half(self) -> float:
        """Half a unit of the last digit: the true number lies within `value` plus or minus this."""
        return half_unit(self.value, self.decimals)


def half_unit(value: float, decimals: int) -> float:
    """What rounding to `decimals` can hide, with what binary numbers lose on top."""
    return 0.5 * 10.0**-decimals + FLOAT_SLACK * max(1.0, abs(value)) * 1e-3


def read_number(text: str, *, whole: bool = False) -> Printed | None:
    """The number that a cell prints, None if it prints none.

    text : decimal point or comma; any minus sign; a unit of percent and parentheses are passed over.
    whole : a count, in which `1.234` and `1,234` are one thousand two hundred and thirty-four.
    """
    bare = _BLANKS.sub("", text.strip().strip("()[]$"))
    bare = _UNIT.sub("", bare).lstrip("<>=≤≥").translate(dict.fromkeys(map(ord, MINUS_SIGNS), "-"))
    if not _NUMBER.fullmatch(bare):
        return None
    if whole and _GROUPED.fullmatch(bare):
        return Printed(float(re.sub(r"[.,]", "", bare)), 0)
    mantissa, _, power = bare.lower().partition("e")
    digits = _with_point(mantissa)
    if digits is None:
        return None
    decimals = len(digits.partition(".")[2]) - int(power or 0)
    value = float(f"{digits}e{power}" if power else digits)
    return Printed(value, decimals) if math.isfinite(value) else None


def split_stars(text: str) -> tuple[str, str]:
    """A cell without the signs of significance behind it, and these signs: `0.031**` -> `0.031`, `**`."""
    found = _STARRED.match(text.strip())
    if found is None or found["stars"] is None:
        return text.strip(), ""
    return found["number"].strip(), plain_stars(found["stars"])


def plain_stars(signs: str) -> str:
    """Signs of significance in their plain form, without blanks."""
    return _BLANKS.sub("", signs).translate({ord("∗"): "*", ord("＊"): "*", ord("⁺"): "+"})


def rounded(cells: pd.Series[Any], *, by: pd.Series[Any] | None = None, whole: bool = False) -> pd.DataFrame:
    """Each cell as the interval of numbers that it can stand for.

    cells : numbers, or text as printed.   by : the table each cell is in; decimals are the table's own.
    whole : the cells are counts.

    Returns the frame `value`, `low`, `high` (NaN where a cell prints no number), index as `cells`. A file
    often drops the last zeros of a column: a number with fewer decimals than its column is taken to have the
    column's, as long as that gives it no more digits than its neighbours have.
    Source: docs/methods/auditing_estimates.md
    """
    printed = [_printed(cell, whole) for cell in cells]
    groups = pd.Series(0, index=cells.index) if by is None else by
    decimals = np.full(len(printed), np.nan)
    places = pd.Series(range(len(printed)), index=cells.index)
    for _, members in places.groupby(groups.to_numpy(), sort=False, dropna=False):
        chosen = members.to_numpy()
        decimals[chosen] = _column_decimals([printed[n] for n in chosen], [cells.iloc[n] for n in chosen])
    value = np.array([number.value if number else np.nan for number in printed], dtype=float)
    half = np.array(
        [half_unit(v, int(d)) if d == d else np.nan for v, d in zip(value, decimals, strict=True)],
        dtype=float,
    )
    return pd.DataFrame({"value": value, "low": value - half, "high": value + half}, index=cells.index)


def _with_point(digits: str) -> str | None:
    """Digits with a decimal point; of two kinds of separators the last one is the decimal sign."""
    kinds = {sign for sign in digits if sign in ".,"}
    if len(kinds) == 2:
        decimal = max(kinds, key=digits.rindex)
        grouping = (kinds - {decimal}).pop()
        digits = digits.replace(grouping, "")
        if digits.count(decimal) > 1:
            return None
        return digits.replace(decimal, ".")
    if len(kinds) == 1 and digits.count(next(iter(kinds))) > 1:
        return re.sub(r"[.,]", "", digits) if _GROUPED.fullmatch(digits) else None
    return digits.replace(",", ".")


def _printed(cell: Any, whole: bool) -> Printed | None:
    if isinstance(cell, str):
        return read_number(split_stars(cell)[0], whole=whole)
    if cell is None or isinstance(cell, bool) or pd.isna(cell):
        return None
    value = float(cell)
    return read_number(repr(value)) if math.isfinite(value) and not value.is_integer() else _integer(value)


def _integer(value: float) -> Printed | None:
    return Printed(value, 0) if math.isfinite(value) else None


def _column_decimals(printed: list[Printed | None], cells: list[Any]) -> list[float]:
    """Decimals of each number; see `rounded` for those with fewer than their column."""
    found = [number for number in printed if number is not None]
    most = min(max((number.decimals for number in found), default=0), MAX_DECIMALS)
    full = [n for n in found if n.decimals >= most]
    faithful = any(
        isinstance(cell, str) and number is not None and number.decimals == most and _ends_in_zero(cell)
        for cell, number in zip(cells, printed, strict=True)
    )
    digits = max((_digits(number.value, most) for number in full), default=0)
    return [
        math.nan
        if number is None
        else float(
            most
            if number.decimals < most and not faithful and _digits(number.value, most) <= digits
            else min(number.decimals, MAX_DECIMALS)
        )
        for number in printed
    ]


def _ends_in_zero(cell: str) -> bool:
    return bool(re.search(r"[.,]\d*0\D*$", cell))


def _digits(value: float, decimals: int) -> int:
    """Significant digits of a number printed with so many decimals."""
    return len(str(round(abs(value) * 10.0**decimals)))
