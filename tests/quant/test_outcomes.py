"""Outcomes of register records, worked by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from quant import OutcomesError
from quant.outcome_rules import OutcomeRule, OutcomeRules, load_rules, outcome_rules
from quant.outcomes import build

MONTHS = [f"2019-{month:02d}" for month in range(1, 13)]


def monthly(person: str, shares: list[float | str | None], start: int = 0) -> pd.DataFrame:
    return pd.DataFrame({"person": person, "month": MONTHS[start : start + len(shares)], "work": shares})


def values(made: object) -> dict[str, float]:
    return made.frame.set_index("key")["value"].to_dict()  # type: ignore[attr-defined]


def test_mean_over_the_six_months_after_the_measurement() -> None:
    records = monthly("a", [1, 1, 1, 0, 0.5, 1, 0, 0, 1, 1])
    made = build(records, OutcomeRule("employment"), measured={"a": date(2019, 3, 20)})
    # April to September: 0, .5, 1, 0, 0, 1
    assert values(made) == {"a": pytest.approx(2.5 / 6)}
    assert made.frame["n"].tolist() == [6]


def test_windows_follow_each_persons_own_date_and_may_reach_back() -> None:
    records = pd.concat([monthly("a", [1] * 3 + [0] * 9), monthly("b", [1] * 3 + [0] * 9)])
    rule = OutcomeRule("before", start=-2, length=2, statistic="sum")
    made = build(records, rule, measured={"a": date(2019, 4, 1), "b": date(2019, 5, 31)})
    assert values(made) == {"a": 2, "b": 1}


@pytest.mark.parametrize(("weeks", "expected"), [(4, 0), (5, 1), (13, 1)])
def test_at_least_five_of_thirteen_weeks(weeks: int, expected: int) -> None:
    records = pd.DataFrame(
        {
            "id": 7,
            "week": [f"2019W{week:02d}" for week in range(11, 24)],
            "work": [1] * weeks + [0] * (13 - weeks),
        }
    )
    rules = OutcomeRules((OutcomeRule("job", statistic="at_least", at_least=5, length=13),), unit="week")
    assert values(build(records, rules, measured={"7": date(2019, 3, 8)})) == {"7": expected}


def test_status_codes_become_outcomes_and_missing_months_are_told_apart() -> None:
    records = monthly("a", ["111", "112", "200", None, "111", "300"]).rename(columns={"work": "status"})
    rules = outcome_rules(
        {
            "outcomes": [
                {"id": "any", "codes": [111, 112], "statistic": "any", "length": 6, "missing": "available"},
                {"id": "ordinary", "codes": ["111"], "length": 6, "missing": "zero"},
                {"id": "education", "codes": ["200"], "length": 6},
                {"id": "enough", "codes": ["111"], "length": 6, "missing": "available", "min_periods": 6},
            ]
        }
    )
    made = build(records, rules, measured={"a": date(2018, 12, 1), "b": date(2018, 12, 1)})
    found = made.frame.set_index(["key", "outcome"])["value"].to_dict()
    assert found == {("a", "any"): 1, ("a", "ordinary"): pytest.approx(2 / 6), ("b", "ordinary"): 0}
    reasons = made.excluded.set_index(["key", "outcome"])["reason"].to_dict()
    assert reasons[("a", "education")] == reasons[("a", "enough")] == "missing_periods"
    assert reasons[("b", "any")] == "no_record"


def test_everybody_is_either_in_the_frame_or_excluded_with_a_reason() -> None:
    records = pd.concat([monthly("a", [1] * 12), monthly("b", [1] * 5), monthly("c", [1] * 12)])
    made = build(
        records,
        OutcomeRule("work"),
        measured={"a": date(2019, 1, 1), "b": date(2019, 1, 1), "d": date(2019, 1, 1)},
    )
    reasons = made.excluded.set_index("key")["reason"].to_dict()
    assert values(made) == {"a": 1}
    assert reasons == {"b": "missing_periods", "c": "no_measurement", "d": "no_record"}
    assert made.summary()["excluded"].tolist() == [
        {"missing_periods": 1, "no_measurement": 1, "no_record": 1}
    ]


def test_quarters_of_months_and_of_weeks() -> None:
    made = build(monthly("a", [1, 1, 0, 1, 1, 1]), OutcomeRule("m", window="quarter", statistic="sum"))
    assert made.frame[["period", "value", "n"]].to_numpy().tolist() == [["2019Q1", 2, 3], ["2019Q2", 3, 3]]
    weeks = pd.DataFrame({"id": "a", "uge": [f"2019W{week:02d}" for week in range(1, 27)], "v": 1})
    rules = OutcomeRules((OutcomeRule("w", window="quarter", statistic="sum"),), unit="week")
    # The Thursdays of 2019W01-W13 lie in the first quarter, those of W14-W26 in the second.
    assert build(weeks, rules).frame[["period", "value"]].to_numpy().tolist() == [
        ["2019Q1", 13],
        ["2019Q2", 13],
    ]


def test_wide_records_equal_long_ones() -> None:
    long = pd.concat([monthly("a", [1, 0, 1]), monthly("b", [0, 0, 1])])
    wide = long.pivot(index="person", columns="month", values="work").reset_index()
    rule = OutcomeRule("work", length=3)
    dates = {"a": date(2018, 12, 5), "b": date(2018, 12, 5)}
    pd.testing.assert_frame_equal(
        build(long, rule, measured=dates).frame, build(wide, rule, measured=dates).frame
    )


def test_records_that_cannot_be_used_are_counted() -> None:
    records = pd.concat([monthly("a", [1, 1]), monthly("a", [0]), monthly("", [1])])
    records.loc[len(records)] = ["a", "spring", 1]
    made = build(records, OutcomeRule("work", length=2), measured={"a": date(2018, 12, 1)})
    assert dict(made.findings) == {"no_key": 1, "unreadable_period": 1, "repeated_record": 1}
    assert values(made) == {"a": 0.5}


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({}, r"there is no \[\[outcomes\]\]"),
        ({"outcomes": [{}]}, "has no id"),
        ({"outcomes": [{"id": "a", "statistic": "median"}]}, "statistic is 'median', expected one of: mean"),
        ({"outcomes": [{"id": "a", "lenght": 6}]}, "'lenght' is not known"),
        ({"outcomes": [{"id": "a", "length": 0}]}, "length of outcome 'a' is 0"),
        ({"outcomes": [{"id": "a"}, {"id": "a"}]}, "two outcomes have the id 'a'"),
        ({"outcomes": [{"id": "a"}], "unit": "day"}, "unit is 'day'"),
    ],
)
def test_rules_that_cannot_be_used_say_why(rules: dict[str, object], words: str) -> None:
    with pytest.raises(OutcomesError, match=words):
        outcome_rules(rules)


def test_rules_are_read_from_toml_and_come_back_the_same() -> None:
    rules = load_rules(
        b'unit = "week"\n[[outcomes]]\nid = "job"\nstatistic = "at_least"\nat_least = 5\nlength = 13\n'
    )
    assert outcome_rules(rules.as_dict()) == rules
    assert (rules.unit, rules.outcomes[0].at_least) == ("week", 5)
    with pytest.raises(OutcomesError, match="cannot be read as rules"):
        load_rules(b"\xff\xfe", "rules.toml")


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (pd.DataFrame({"who": ["a"], "month": ["2019-01"], "v": [1]}), "column for the key"),
        (pd.DataFrame({"person": ["a"], "v": [1]}), "no heading is one"),
        (pd.DataFrame({"person": ["a"], "month": ["x"], "v": [1]}), "no record has"),
        (
            pd.DataFrame({"person": ["a"], "month": ["2019-01"], "v": ["ordinary"]}),
            "is no number; name the status",
        ),
        (pd.DataFrame({"person": ["a"], "month": ["2019-01"], "v": [1], "w": [1]}), "needs the column"),
    ],
)
def test_records_that_cannot_be_read_say_why(records: pd.DataFrame, words: str) -> None:
    with pytest.raises(OutcomesError, match=words):
        build(records, OutcomeRule("a"), measured={"a": date(2019, 1, 1)})


def test_a_window_after_the_measurement_needs_dates() -> None:
    with pytest.raises(OutcomesError, match="dates of measurement"):
        build(monthly("a", [1]), OutcomeRule("a"))
