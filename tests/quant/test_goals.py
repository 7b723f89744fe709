"""Goals: the rule on weeks and months, who stands in the denominator, shares, small cells, files of goals."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from quant.errors import OutcomesError
from quant.goal_files import goal_as_dict, goal_from_dict, parse_goals
from quant.goals import Goal, fulfilment, goal_shares, read_quarter, register_periods

WORK = Goal("work", {"da": "Job", "en": "Work"}, ("ordinary",), at_least=5, target=0.4)


def weeks(person: str, employed: int, *, recorded: int = 13, year: int = 2019) -> list[dict[str, str]]:
    """The first weeks of a year: so many employed, the rest on benefits."""
    return [
        {"person": person, "week": f"{year}-W{n:02d}", "status": "ordinary" if n <= employed else "benefit"}
        for n in range(1, recorded + 1)
    ]


def read(rows: list[dict[str, str]]) -> pd.DataFrame:
    return register_periods(pd.DataFrame(rows), person="person", period="week", status="status")[0]


def shares_of(persons: dict[str, list[bool]], *, limit: int = 5) -> pd.DataFrame:
    """Goal shares of units given by who in them fulfils the goal."""
    met, units = [], {}
    for unit, fulfilled in persons.items():
        for number, done in enumerate(fulfilled):
            units[f"{unit}{number}"] = unit
            met.append((f"{unit}{number}", "work", "2019Q1", 13, True, done))
    frame = pd.DataFrame(met, columns=["person", "goal", "quarter", "recorded", "counted", "fulfilled"])
    return goal_shares(frame, pd.Series(units), [WORK], limit=limit).set_index("unit")


def yes(n: int, k: int) -> list[bool]:
    return [True] * k + [False] * (n - k)


@pytest.mark.parametrize(("employed", "fulfilled"), [(4, False), (5, True), (13, True)])
def test_five_of_thirteen_weeks_is_five_or_more(employed: int, fulfilled: bool) -> None:
    [row] = fulfilment(read(weeks("a", employed)), [WORK], "week").to_dict("records")
    assert (row["quarter"], row["recorded"], row["counted"], row["fulfilled"]) == (
        "2019Q1",
        13,
        True,
        fulfilled,
    )


def test_a_person_with_too_few_records_does_not_count_whatever_they_hold() -> None:
    records = read(weeks("a", 12, recorded=12))
    [row] = fulfilment(records, [WORK], "week").to_dict("records")
    assert (row["recorded"], row["counted"], row["fulfilled"]) == (12, False, False)
    looser = Goal("work", {}, ("ordinary",), at_least=5, recorded=10)
    [row] = fulfilment(records, [looser], "week").to_dict("records")
    assert (row["counted"], row["fulfilled"]) == (True, True)


def test_two_statuses_in_one_week_are_one_week() -> None:
    twice = [*weeks("a", 4), {"person": "a", "week": "2019-W01", "status": "education"}]
    [row] = fulfilment(read(twice), [Goal("any", {}, ("ordinary", "education"), at_least=5)], "week").to_dict(
        "records"
    )
    assert (row["recorded"], row["fulfilled"]) == (13, False)


@pytest.mark.parametrize(
    ("written", "period", "quarter"),
    [
        ("2019-W13", "2019-W13", "2019Q1"),
        ("2019-W14", "2019-W14", "2019Q2"),  # its Thursday is 4 April
        ("2020W53", "2020-W53", "2020Q4"),  # its Thursday is 31 December
        ("2019u9", "2019-W09", "2019Q1"),
        ("2018-12-31", "2019-W01", "2019Q1"),  # a Monday; its Thursday is 3 January
        ("2019-04", "2019-04", "2019Q2"),
        ("2019/12", "2019-12", "2019Q4"),
    ],
)
def test_a_week_belongs_to_the_quarter_of_its_thursday(written: str, period: str, quarter: str) -> None:
    [row] = read([{"person": "a", "week": written, "status": "x"}]).to_dict("records")
    assert (row["period"], row["quarter"]) == (period, quarter)


def test_months_have_a_rule_of_their_own() -> None:
    rows = [
        {"person": "a", "week": f"2019-0{n}", "status": s} for n, s in ((1, "job"), (2, "no"), (3, "job"))
    ]
    records, kind = register_periods(pd.DataFrame(rows), person="person", period="week", status="status")
    goal = Goal("job", {}, ("job",), at_least=2, period="month", of=3)
    assert kind == "month"
    assert fulfilment(records, [goal], kind)["fulfilled"].to_list() == [True]
    with pytest.raises(OutcomesError) as wrong:
        fulfilment(records, [WORK], kind)
    assert wrong.value.reason == "goal_wrong_value"


@pytest.mark.parametrize("period", ["2019-W54", "2019-13", "week 4", "", "2019-02-30"])
def test_a_period_that_is_not_read_is_named_with_its_row(period: str) -> None:
    rows = [
        {"person": "a", "week": "2019-W01", "status": "x"},
        {"person": "b", "week": period, "status": "x"},
    ]
    with pytest.raises(OutcomesError) as wrong:
        read(rows)
    assert (wrong.value.reason, wrong.value.values["row"]) == ("register_period", 3)


def test_weeks_and_months_in_one_register_are_refused() -> None:
    with pytest.raises(OutcomesError, match="all as months"):
        read(
            [
                {"person": "a", "week": "2019-W01", "status": "x"},
                {"person": "a", "week": "2019-02", "status": "x"},
            ]
        )


def test_a_code_that_the_register_never_holds_is_refused() -> None:
    with pytest.raises(OutcomesError, match="benefit"):
        fulfilment(read(weeks("a", 0)), [Goal("x", {}, ("SU",), at_least=1)], "week")


def test_shares_have_wilson_intervals_and_the_others_beside_them() -> None:
    found = shares_of({"A": yes(263, 81), "B": yes(250, 50), "C": yes(50, 10)})
    row = found.loc["A"]
    # Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3: 81 of 263 gives .2553 to .3662.
    assert (round(row["ci_low"], 4), round(row["ci_high"], 4)) == (0.2553, 0.3662)
    assert (row["n"], row["k"], row["others_n"], row["others_k"]) == (263, 81, 300, 60)
    assert row["others_share"] == pytest.approx(0.2)
    assert row["difference_low"] > 0
    assert row["target"] == 0.4


@pytest.mark.parametrize(("n", "k"), [(4, 0), (30, 1), (30, 4), (30, 26), (30, 29)])
def test_few_persons_are_hidden_on_either_side_of_the_goal(n: int, k: int) -> None:
    found = shares_of({"A": yes(n, k), "B": yes(40, 20), "C": yes(60, 30)})
    assert found["hidden"].to_dict() == {"A": True, "B": True, "C": False}
    assert found.loc["A", ["k", "share", "ci_low", "others_k", "others_share"]].isna().all()


def test_no_hidden_count_is_found_by_subtraction_over_all_units() -> None:
    draw = np.random.default_rng(5)
    for _ in range(200):
        sizes = draw.integers(0, 30, 6)
        persons = {f"U{i}": yes(int(n), int(draw.integers(0, n + 1))) for i, n in enumerate(sizes) if n}
        found = shares_of(persons)
        gone = found.index[found["hidden"]]
        k, n = (sum(map(sum, (persons[u] for u in gone))), sum(len(persons[u]) for u in gone))
        if len(gone) not in (0, len(found)):
            assert len(gone) > 1
            assert not any(0 < count < 5 for count in (n, k, n - k))
        for unit in found.index.difference(gone):
            assert not any(0 < c < 5 for c in (sum(persons[unit]), len(persons[unit]) - sum(persons[unit])))


def test_none_and_all_say_nothing_about_a_few() -> None:
    found = shares_of({"A": yes(20, 0), "B": yes(20, 20), "C": yes(40, 20)})
    assert not found["hidden"].any()


TOML = """
[[goals]]
id = "work"
label = { da = "Job", en = "Work" }
statuses = ["ordinary", 521]
at_least = 5
target = 0.25
targets = { A = 0.3, 101 = 0.2 }
"""


def test_goals_are_read_from_toml_and_kept_as_plain_values() -> None:
    [goal] = parse_goals(TOML.encode(), "goals.toml")
    assert goal.statuses == ("ordinary", "521")
    assert (goal.of, goal.least_recorded, goal.period) == (13, 13, "week")
    assert [goal.target_of(unit) for unit in ("A", "101", "B")] == [0.3, 0.2, 0.25]
    assert goal_from_dict(goal_as_dict(goal)) == goal


def test_goals_are_read_from_a_workbook() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "goals"
    sheet.append(["id", "label_da", "label_en", "statuses", "at_least", "period", "target"])
    sheet.append(["work", "Job", "Work", "ordinary; 521", 2, "month", 0.25])
    targets = book.create_sheet("targets")
    targets.append(["goal", "unit", "target"])
    targets.append(["work", 101, 0.5])
    content = io.BytesIO()
    book.save(content)
    [goal] = parse_goals(content.getvalue(), "goals.xlsx")
    assert (goal.label, goal.statuses, goal.of) == ({"da": "Job", "en": "Work"}, ("ordinary", "521"), 3)
    assert goal.target_of("101") == 0.5


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"at_least": 14}, "goal_wrong_value"),
        ({"at_least": "many"}, "goal_wrong_value"),
        ({"at_least": None}, "goal_lacks_key"),
        ({"statuses": []}, "goal_lacks_key"),
        ({"statuses": {"a": 1}}, "goal_wrong_value"),
        ({"target": 25}, "goal_wrong_value"),
        ({"target": "half"}, "goal_wrong_value"),
        ({"targets": {"A": True}}, "goal_wrong_value"),
        ({"period": "year"}, "goal_wrong_value"),
        ({"recorded": 0}, "goal_wrong_value"),
        ({"weeks": 5}, "goal_unknown_key"),
    ],
)
def test_a_goal_that_is_not_whole_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(OutcomesError) as wrong:
        goal_from_dict({"id": "work", "statuses": ["ordinary"], "at_least": 5, **change})
    assert wrong.value.reason == reason


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"goals = ", "g.toml", "goals_not_toml"),
        (b"\xff\xfe", "g.toml", "goals_not_toml"),
        (b"", "g.toml", "goals_none"),
        (b"goals = 3", "g.toml", "goals_none"),
        (b"PK", "g.xlsx", "problem"),
        (b"x", "g.docx", "goals_ending"),
        ((TOML + TOML).encode(), "g.toml", "goal_repeated"),
        (TOML.replace("0.25", "25").encode(), "g.toml", "in_file"),
    ],
)
def test_a_broken_file_of_goals_is_refused(content: bytes, name: str, reason: str) -> None:
    with pytest.raises(OutcomesError) as wrong:
        parse_goals(content, name)
    assert wrong.value.reason == reason


def test_quarters_are_read_in_danish_and_english() -> None:
    assert [read_quarter(text) for text in ("2019Q2", "2019k2", " 2019-Q2 ", "2019 K2")] == ["2019Q2"] * 4
    with pytest.raises(OutcomesError, match="2019Q2"):
        read_quarter("spring")
