"""Periods of effect estimates: their span in quarters, and which lie within a longer one."""

from __future__ import annotations

import pytest

from workbench.triangulation import parts_of_longer, period_span


@pytest.mark.parametrize(
    ("period", "quarters"),
    [
        ("2018", 4),
        ("2017-2018", 8),
        ("2017–2018", 8),
        ("2018Q3", 1),
        ("2016Q3-2017Q1", 3),
        ("2017 q4", 1),
    ],
)
def test_a_period_spans_whole_quarters(period: str, quarters: int) -> None:
    span = period_span(period)
    assert span is not None
    assert span[1] - span[0] + 1 == quarters


@pytest.mark.parametrize("period", ["", "year 1", "2017 to 2018", "17-18"])
def test_other_words_are_no_period(period: str) -> None:
    assert period_span(period) is None


def test_years_within_a_longer_period_share_its_data() -> None:
    assert parts_of_longer(["2017", "2018", "2017-2018"]) == {"2017", "2018"}
    assert parts_of_longer(["2016Q4", "2017Q1", "2017"]) == {"2017Q1"}


def test_periods_side_by_side_or_overlapping_at_an_end_all_stand() -> None:
    assert parts_of_longer(["2017", "2018"]) == frozenset()
    assert parts_of_longer(["2016-2017", "2017-2018"]) == frozenset()
    assert parts_of_longer(["year 1", "all years"]) == frozenset()
