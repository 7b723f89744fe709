"""Periods of effect estimates: which of several overlapping ones counts."""

from __future__ import annotations

import re
from collections.abc import Collection

_PERIOD = re.compile(r"(\d{4})(?:\s*[Qq]([1-4]))?(?:\s*[-–]\s*(\d{4})(?:\s*[Qq]([1-4]))?)?")


def period_span(period: str) -> tuple[int, int] | None:
    """First and last quarter of `2018`, `2017-2018`, `2018Q3` or `2016Q2-2018Q1`, counted from year 0.

    None if the text names no such period ("year 1", "").
    """
    match = _PERIOD.fullmatch(period.strip())
    if match is None:
        return None
    first_year, first_quarter, last_year, last_quarter = match.groups()
    first = int(first_year) * 4 + (int(first_quarter) - 1 if first_quarter else 0)
    if last_year is None:
        return first, first if first_quarter else first + 3
    return first, int(last_year) * 4 + (int(last_quarter) - 1 if last_quarter else 3)


def parts_of_longer(periods: Collection[str]) -> frozenset[str]:
    """Those of `periods` that lie within a longer one of them and so share its data.

    Source: docs/methods/triangulation.md
    """
    spans = {period: span for period in periods if (span := period_span(period)) is not None}

    def within(part: tuple[int, int], whole: tuple[int, int]) -> bool:
        return part != whole and whole[0] <= part[0] and part[1] <= whole[1]

    return frozenset(
        period for period, span in spans.items() if any(within(span, other) for other in spans.values())
    )
