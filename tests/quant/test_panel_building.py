"""Panels of register records: against slow computations by hand, and records or rules that cannot be used."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quant.did import did
from quant.errors import EffectError
from quant.event_study import event_study
from quant.outcome_rules import OutcomeRule, OutcomeRules
from quant.outcomes import build as build_outcomes
from quant.panel_building import BuiltPanel, build_panel
from quant.panel_rules import PanelRules, load_panel_rules, panel_rules

pytestmark = [
    # Ibis 12 asks duckdb and pandas in a way that their newest versions call old.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*infer_string:DeprecationWarning"),
]

TREATMENT: dict[str, Any] = {"column": "town", "units": ["A"], "start": "2019Q1"}


def weeks(first: date, number: int) -> list[str]:
    days = [first + timedelta(days=7 * each) for each in range(number)]
    return ["{}W{:02d}".format(*day.isocalendar()) for day in days]


def rules(**changed: Any) -> dict[str, Any]:
    return {
        "unit": "person",
        "period": "week",
        "outcomes": [{"id": "work"}],
        "treatment": TREATMENT,
        **changed,
    }


def records(people: dict[str, str], names: list[str], **columns: Any) -> pd.DataFrame:
    """A row a person and week; a column may be a function of person and place of the week."""
    made = [
        {
            "person": person,
            "week": week,
            "town": town,
            "work": 1,
            **{
                name: each(person, place) if callable(each) else each
                for name, each in columns.items()
            },
        }
        for person, town in people.items()
        for place, week in enumerate(names)
    ]  # fmt: skip
    return pd.DataFrame(made)


YEAR = weeks(date(2018, 10, 1), 26)  # 2018Q4 and 2019Q1, 13 weeks each
TWO = {"a": "A", "b": "B"}


def values(panel: BuiltPanel, column: str) -> dict[tuple[Any, str], Any]:
    frame = panel.frame
    return dict(zip(zip(frame["person"], frame["period"], strict=True), frame[column], strict=True))


def flow(panel: BuiltPanel) -> dict[str, tuple[int, int]]:
    return {row.stage: (row.n_units, row.n_rows) for row in panel.flow.itertuples()}


def quarter(week: str) -> str:
    thursday = date.fromisocalendar(int(week[:4]), int(week[5:]), 4)
    return f"{thursday.year}Q{(thursday.month + 2) // 3}"


def drawn(seed: int, missing: float, repeated: float) -> pd.DataFrame:
    """Random person-weeks over parts of five quarters: gaps, repeats, moves, blanks, decimal commas."""
    draw = np.random.default_rng(seed)
    rows: list[tuple[Any, ...]] = []
    for number in range(6):
        towns = ["A", "B", "C"][number % 3] + ["A", "B", "C"][draw.integers(3)]
        for place, week in enumerate(weeks(date(2018, 8, 13), 48)):
            town = towns[0] if number < 3 or place < draw.integers(10, 60) else towns[1]
            for _ in range(1 + int(draw.random() < repeated)):
                if number >= 3 and draw.random() < missing:
                    continue
                status = ["111", "112", "200", None, " "][draw.integers(5)]
                hours = ["0", "0,5", "1", "37", None][draw.integers(5)]
                rows.append((f"p{number}", week, town, status, hours, 1960 + 9 * number))
    shuffled = draw.permutation(len(rows))
    columns = ["person", "week", "town", "status", "hours", "born"]
    return pd.DataFrame([rows[place] for place in shuffled], columns=columns)


def by_hand(data: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """The panel of `RANDOM_RULES`, a record at a time."""
    last: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for record in data.to_dict("records"):
        last[record["person"]][record["week"]] = {str(name): cell for name, cell in record.items()}
    all_weeks = weeks(date(2018, 10, 1), 39)  # the whole quarters 2018Q4 to 2019Q2
    by_quarter: dict[str, list[str]] = defaultdict(list)
    for week in all_weeks:
        by_quarter[quarter(week)].append(week)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for person, own in last.items():
        before = [week for week in sorted(own) if quarter(week) < "2019Q1"]
        town = own[before[-1] if before else min(own)]["town"]
        year = int(min(own)[:4])
        for name, inside in by_quarter.items():
            there = [own[week] for week in inside if week in own]
            codes = [
                one["status"] for one in there if isinstance(one["status"], str) and one["status"].strip()
            ]
            hours = [float(one["hours"].replace(",", ".")) for one in there if isinstance(one["hours"], str)]
            self_supporting = [code in ("111", "112") for code in codes]
            earlier = [own[week] for week in sorted(own) if quarter(week) < name]
            known = [one["hours"] for one in earlier if isinstance(one["hours"], str)]
            found[person, name] = {
                "share": sum(self_supporting) / len(codes) if len(codes) >= 3 else None,
                "five": float(sum(self_supporting) >= 5),
                "hours": sum(hours) if len(hours) == 13 else None,
                "treated": int(town == "A"),
                "start": "2019Q1" if town == "A" else None,
                "young": int(18 <= year - own[min(own)]["born"] <= 40),
                "hours_before": float(known[-1].replace(",", ".")) if known else None,
                "town": town,
            }
    return found


RANDOM_RULES = rules(
    outcomes=[
        {"id": "share", "column": "status", "codes": ["111", 112], "missing": "available", "min_periods": 3},
        {
            "id": "five",
            "column": "status",
            "codes": ["111", "112"],
            "statistic": "at_least",
            "at_least": 5,
            "missing": "zero",
        },
        {"id": "hours", "statistic": "sum"},
    ],
    subgroups=[{"id": "young", "where": [{"column": "born", "age": True, "lowest": 18, "highest": 40}]}],
    covariates=[{"id": "hours_before", "column": "hours", "how": "before"}],
    cluster="town",
)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.2, 0.7]), st.sampled_from([0.0, 0.3]))
def test_a_panel_is_what_a_slow_computation_by_hand_gives(seed: int, missing: float, repeated: float) -> None:
    data = drawn(seed, missing, repeated)
    panel = build_panel(RANDOM_RULES, data)
    expected = by_hand(data)
    frame = panel.frame.set_index(["person", "period"])
    made = {
        key: {str(name): None if pd.isna(cell) else cell for name, cell in row.items()}
        for key, row in frame.to_dict("index").items()
    }
    assert made == expected
    again = int(data.duplicated(["person", "week"]).sum())
    assert dict(panel.findings).get("repeated_record", 0) == again
    assert flow(panel)["distinct"][1] == len(data) - again


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["exclude", "zero", "available"]))
def test_quarters_equal_those_of_the_rules_of_outcomes(seed: int, missing: Any) -> None:
    whole = records({"x": "A", "y": "B"}, weeks(date(2018, 8, 13), 48), hours="0,25")
    data = pd.concat([drawn(seed, 0.3, 0.1), whole.drop(columns="work")])
    asked = [
        {
            "id": each,
            "column": "hours",
            "statistic": each,
            "at_least": 4,
            "missing": missing,
            "min_periods": 2,
        }
        for each in ("mean", "any", "at_least", "sum")
    ]
    panel = build_panel(rules(outcomes=asked, partial="keep"), data)
    slow = build_outcomes(
        data[["person", "week", "hours"]],
        OutcomeRules(tuple(OutcomeRule(window="quarter", **each) for each in asked), unit="week"),
    )
    long = panel.frame.melt(["person", "period"], ["mean", "any", "at_least", "sum"], "outcome").dropna()
    keys = ["key", "period", "outcome"]
    expected = slow.frame.set_index(keys)["value"].to_dict()
    made = long.rename(columns={"person": "key"}).set_index(keys)["value"].to_dict()
    assert made == expected


def test_at_least_five_of_thirteen_weeks_and_the_share_of_weeks() -> None:
    data = records(TWO, YEAR, work=lambda person, place: int(place < 5 if person == "a" else place % 13 < 4))
    asked = [{"id": "five", "column": "work", "statistic": "at_least", "at_least": 5}, {"id": "work"}]
    panel = build_panel(rules(outcomes=asked), data)
    assert values(panel, "five") == {
        ("a", "2018Q4"): 1, ("a", "2019Q1"): 0, ("b", "2018Q4"): 0, ("b", "2019Q1"): 0
    }  # fmt: skip
    assert values(panel, "work") == {
        ("a", "2018Q4"): pytest.approx(5 / 13), ("a", "2019Q1"): 0,
        ("b", "2018Q4"): pytest.approx(4 / 13), ("b", "2019Q1"): pytest.approx(4 / 13),
    }  # fmt: skip
    assert panel.frame["treated"].tolist() == [1, 1, 0, 0]
    assert panel.frame["start"].fillna("").tolist() == ["2019Q1", "2019Q1", "", ""]


@pytest.mark.parametrize(
    ("target", "start", "expected"),
    [
        ("month", "2019-04", ["2019-01", "2019-02", "2019-03", "2019-04", "2019-05", "2019-06", "2019-07"]),
        ("quarter", "2019K2", ["2019Q1", "2019Q2"]),
        ("half_year", "2019H1", ["2018H2", "2019H1"]),
        ("year", "2019", ["2018", "2019"]),
    ],
)
def test_months_employed_add_up_over_periods_of_any_length(
    target: str, start: str, expected: list[str]
) -> None:
    first, number = {"month": (0, 7), "quarter": (0, 6), "half_year": (-6, 12), "year": (-12, 24)}[target]
    places = range(2019 * 12 + first, 2019 * 12 + first + number)
    data = records(TWO, [f"{place // 12}{place % 12 + 1:02d}" for place in places])
    asked = [{"id": "work", "statistic": "sum"}]
    given_rules = rules(
        outcomes=asked, period_unit="month", target=target, treatment={**TREATMENT, "start": start}
    )
    panel = build_panel(given_rules, data)
    each = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[target]
    assert panel.frame["period"].tolist() == expected * 2
    assert set(panel.frame["work"]) == {each}


def test_spells_count_for_the_days_they_cover() -> None:
    data = pd.DataFrame(
        [
            ("a", "2018-10-01", "2018-10-31", "A", "111"),
            ("a", "2018-11-01", "2019-02-14", "A", "200"),
            ("a", "2019-02-15", None, "A", "111"),
            ("b", "2018-10-01", "9999-12-31", "B", "111"),
            ("b", "2018-12-10", "2018-12-01", "B", "200"),
            ("b", "2019-03-31", "soon", "B", "200"),
            ("b", "2019-03-31", "2019-03-31", "B", "111"),
        ],
        columns=["person", "begins", "ends", "town", "status"],
    )
    spells = rules(
        period=None,
        begins="begins",
        ends="ends",
        period_unit="day",
        outcomes=[{"id": "work", "column": "status", "codes": ["111"], "statistic": "sum"}],
    )
    panel = build_panel(spells, data)
    assert values(panel, "work") == {
        ("a", "2018Q4"): 31, ("a", "2019Q1"): 14 + 31, ("b", "2018Q4"): 92, ("b", "2019Q1"): 90
    }  # fmt: skip
    assert dict(panel.findings) == {
        "open_spell": 2, "empty_spell": 1, "unreadable_period": 1, "overlapping_spell": 1
    }  # fmt: skip
    assert flow(panel)["readable"] == (2, 5)


def test_a_spell_counts_for_the_weeks_whose_thursday_it_covers() -> None:
    # Thursdays are 3, 10, 17 January: from Friday 4 to Thursday 17 there are two, to Wednesday 16 one.
    data = pd.DataFrame(
        [
            ("a", date(2018, 10, 1), date(2019, 1, 3), "A", 0),
            ("a", date(2019, 1, 4), date(2019, 1, 16), "A", 1),
            ("a", date(2019, 1, 17), date(2019, 3, 31), "A", 0),
            ("b", date(2018, 10, 1), date(2019, 1, 3), "B", 0),
            ("b", date(2019, 1, 4), date(2019, 1, 17), "B", 1),
            ("b", date(2019, 1, 18), date(2019, 3, 31), "B", 0),
        ],
        columns=["person", "begins", "ends", "town", "work"],
    )
    spells = rules(period=None, begins="begins", ends="ends", outcomes=[{"id": "work", "statistic": "sum"}])
    panel = build_panel(spells, data)
    assert values(panel, "work") == {
        ("a", "2018Q4"): 0, ("a", "2019Q1"): 1, ("b", "2018Q4"): 0, ("b", "2019Q1"): 2
    }  # fmt: skip


@pytest.mark.parametrize(
    ("assigned", "treated", "words"),
    [
        ("start", [1, 1, 0, 0, 1, 1], "before treatment started"),
        ("first", [1, 1, 0, 0, 0, 0], "first record"),
        ("current", [1, 0, 0, 0, 1, 1], "follows them from period to period"),
    ],
)
def test_units_that_move_count_where_the_rules_say(assigned: str, treated: list[int], words: str) -> None:
    def town(person: str, place: int) -> str:
        if person == "a":  # leaves A in the last week of all
            return "A" if place < 25 else "B"
        return ("B" if place < 3 else "A") if person == "c" else "B"

    data = records({**TWO, "c": "B"}, YEAR, town=town)
    panel = build_panel(rules(assigned=assigned, cluster="town"), data)
    assert panel.frame["treated"].tolist() == treated
    assert panel.frame["town"].tolist() == ["A" if each else "B" for each in treated]
    [note] = panel.notes
    assert words in note
    assert (note.values["n"], note.values["total"]) == (2, 3)


def test_units_that_move_can_be_left_out_and_are_counted() -> None:
    data = records({**TWO, "c": "B"}, YEAR)
    data.loc[(data["person"] == "c") & (data["week"] == YEAR[-1]), "town"] = "A"
    panel = build_panel(rules(movers="exclude"), data)
    assert set(panel.frame["person"]) == {"a", "b"}
    assert panel.notes == ()
    row = panel.flow.set_index("stage").loc["stayed"]
    assert row.tolist() == [2, 4, 1, 2, "moved"]


def test_every_stage_counts_what_it_lost() -> None:
    people = {"a": "A", "b": "B", "c": "B", "d": "B", "e": "A"}
    names = weeks(date(2018, 9, 17), 30)  # two weeks of 2018Q3, 2018Q4, 2019Q1, two weeks of 2019Q2
    data = records(people, names, born=lambda person, place: {"c": 1930, "d": None}.get(person, 1990))
    data = data[~((data["person"] == "e") & (data["week"] > names[5]))]
    data.loc[len(data) + 1000] = {"person": " ", "week": names[0], "town": "A", "work": 1, "born": 1990}
    data.loc[len(data) + 2000] = {"person": "a", "week": "week 7", "town": "A", "work": 1, "born": 1990}
    entry = [
        {"id": "working_age", "where": [{"column": "born", "age": True, "lowest": 18, "highest": 64}]},
        {"id": "enough", "min_records": 10},
    ]
    panel = build_panel(rules(entry=entry), data)
    assert flow(panel) == {
        "records": (5, 4 * 30 + 6 + 2),
        "readable": (5, 4 * 30 + 6),
        "distinct": (5, 4 * 30 + 6),
        "periods": (5, 4 * 4 + 2),
        "whole_periods": (5, 4 * 2 + 1),
        "working_age": (3, 2 * 2 + 1),
        "enough": (2, 4),
        "treatment_known": (2, 4),
        "untreated_at_first": (2, 4),
        "outcomes": (2, 4),
    }
    assert dict(panel.findings) == {"no_key": 1, "unreadable_period": 1}
    dropped = panel.flow.set_index("stage")
    assert dropped.loc["working_age", ["dropped_units", "dropped_rows"]].tolist() == [2, 4]


def test_an_entry_rule_on_periods_leaves_out_rows_and_keeps_the_unit() -> None:
    data = records(TWO, YEAR, sick=lambda person, place: int(person == "b" and place > 20))
    entry = [{"id": "well", "where": [{"column": "sick", "values": ["0"]}], "at": "period"}]
    panel = build_panel(rules(entry=entry), data)
    assert list(values(panel, "work")) == [("a", "2018Q4"), ("a", "2019Q1"), ("b", "2018Q4")]
    assert flow(panel)["well"] == (2, 3)


def test_rows_without_an_outcome_are_counted_by_reason() -> None:
    data = records(TWO, YEAR, sick=lambda person, place: None if person == "b" and place < 13 else 1)
    data = data[~((data["person"] == "a") & (data["week"] == YEAR[0]))]
    panel = build_panel(rules(outcomes=[{"id": "work"}, {"id": "sick"}]), data)
    found = {(row.outcome, row.reason): row.n for row in panel.excluded.itertuples()}
    assert found == {("work", "missing_periods"): 1, ("sick", "missing_periods"): 1, ("sick", "no_record"): 1}
    assert flow(panel)["outcomes"] == (2, 3)  # a in 2018Q4 has neither


def test_starts_may_differ_by_treated_value_and_those_treated_before_are_counted() -> None:
    people = {"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}
    data = records(people, weeks(date(2018, 10, 1), 39))
    starts = {"A": "2018Q4", "B": "2019Q1", "C": "2019-04-15", "D": "2020Q1", "X": "2019Q1"}
    panel = build_panel(rules(treatment={"column": "town", "starts": starts}), data)
    units = panel.frame.drop_duplicates("person").set_index("person")
    assert units["start"].dropna().to_dict() == {"b": "2019Q1", "c": "2019Q2"}
    assert units["treated"].to_dict() == {"b": 1, "c": 1, "d": 0, "e": 0}
    assert panel.flow.set_index("stage").loc["untreated_at_first", "dropped_units"] == 1
    assert [note.reason for note in panel.notes] == [
        "panel_start_within", "panel_treated_value_absent", "panel_start_later"
    ]  # fmt: skip


def test_treated_values_may_stand_in_a_file_beside_the_rules(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("town;first\nA;2019Q1\n", encoding="utf-8")
    data = records(TWO, YEAR)
    data.to_csv(tmp_path / "records.csv", index=False)
    declared = rules(
        files=["records.csv"], treatment={"column": "town", "file": "towns.csv", "start_column": "first"}
    )
    (tmp_path / "rules.json").write_text(json.dumps(declared), encoding="utf-8")
    panel = build_panel(tmp_path / "rules.json")
    assert panel.frame["treated"].tolist() == [1, 1, 0, 0]
    assert load_panel_rules(tmp_path / "rules.json").files == (str(tmp_path / "records.csv"),)


@pytest.mark.parametrize("treatment", [{"indicator": "on"}, {"indicator": "on", "start_column": "since"}])
def test_treatment_may_be_a_column_of_the_records(treatment: dict[str, str]) -> None:
    data = records(TWO, YEAR, on=lambda person, place: int(person == "a" and place >= 15))
    data["since"] = data["person"].map({"a": "2019Q1"})
    panel = build_panel(rules(treatment=treatment), data)
    assert panel.frame["treated"].tolist() == [1, 1, 0, 0]
    assert panel.frame["start"].fillna("").tolist() == ["2019Q1", "2019Q1", "", ""]


def test_subgroups_and_covariates_look_at_the_first_period_or_at_the_start() -> None:
    data = records(
        TWO, YEAR,
        income=lambda person, place: place if person == "a" else None,
        school=lambda person, place: "short" if place < 10 else "long",
    )  # fmt: skip
    groups = [
        {"id": f"long_{at}", "at": at, "where": [{"column": "school", "values": ["long"]}]}
        for at in ("first", "start")
    ]
    asked = [
        {"id": f"income_{how}", "column": "income", "how": how}
        for how in ("first", "start", "before", "mean")
    ]
    asked.append({"id": "schooling", "column": "school", "how": "start", "kind": "category"})
    frame = build_panel(rules(subgroups=groups, covariates=asked), data).frame.set_index(["person", "period"])
    columns = ["long_first", "long_start", "income_first", "income_start", "income_before", "income_mean"]
    assert frame.loc[("a", "2019Q1"), columns].tolist() == [0, 1, 0, 12, 12, pytest.approx(19)]
    assert frame.loc[("a", "2018Q4"), "income_mean"] == 6
    assert pd.isna(frame.loc[("a", "2018Q4"), "income_before"])
    assert frame.loc["b", columns[2:]].isna().all(axis=None)
    assert set(frame["schooling"]) == {"long"}


def test_a_subgroup_is_missing_where_its_column_is() -> None:
    data = records({**TWO, "c": "B"}, YEAR, sex=lambda person, place: {"a": "f", "b": "m"}.get(person))
    groups = [{"id": "women", "where": [{"column": "sex", "values": ["f"]}]}]
    frame = build_panel(rules(subgroups=groups), data).frame
    assert frame.drop_duplicates("person")["women"].fillna(-1).tolist() == [1, 0, -1]


@pytest.mark.parametrize(("which", "expected"), [("last", 0), ("first", 1)])
def test_of_repeated_records_the_last_or_the_first_counts(which: str, expected: int) -> None:
    data = records(TWO, YEAR)
    panel = build_panel(rules(duplicates=which), pd.concat([data, data.assign(work=0)]))
    assert set(panel.frame["work"]) == {expected}
    assert dict(panel.findings) == {"repeated_record": 52}


def test_of_repeated_records_a_column_may_say_which_comes_last() -> None:
    data = records(TWO, YEAR, written=1)
    panel = build_panel(rules(order="written"), pd.concat([data.assign(work=0, written=2), data]))
    assert set(panel.frame["work"]) == {0}


def test_a_panel_is_written_without_being_read(tmp_path: Path) -> None:
    panel = build_panel(rules(), records(TWO, YEAR))
    path = panel.to_parquet(tmp_path / "panel.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(path), panel.frame)
    assert [each.name for each in tmp_path.iterdir()] == ["panel.parquet"]


def test_rules_come_back_the_same_from_their_dict() -> None:
    made = panel_rules(RANDOM_RULES)
    assert panel_rules(json.loads(json.dumps(made.as_dict()))) == made
    assert isinstance(made, PanelRules)
    assert made.columns() == ("person", "week", "town", "status", "hours", "born")


@pytest.mark.parametrize(
    ("changed", "reason", "words"),
    [
        ({"outcomes": []}, "panel_no_outcomes", "no outcomes"),
        (
            {"outcomes": [{"id": "a", "colum": "x"}]},
            "declaration_unknown_near",
            "outcomes 1, colum.*'column'",
        ),
        ({"clusters": "town"}, "declaration_unknown_near", "perhaps 'cluster'"),
        ({"outcomes": [{}]}, "declaration_missing", "outcomes 1, id"),
        ({"target": "decade"}, "declaration_choice", "expected one of: month, quarter"),
        ({"outcomes": "work"}, "declaration_kind", r"of this kind: \[ ... \]"),
        (
            {"outcomes": [{"id": "a", "at_least": "5"}]},
            "declaration_kind",
            "outcomes 1, at_least is .5., expected a value of this kind: 5",
        ),
        ({"outcomes": [{"id": "a", "at_least": 0}]}, "panel_number", "at_least is 0"),
        ({"outcomes": [{"id": "a"}, {"id": "a"}]}, "panel_name_twice", "called 'a'"),
        ({"outcomes": [{"id": "treated"}]}, "panel_name_twice", "called 'treated'"),
        ({"period": None}, "panel_period_or_spell", "`begins` and `ends`"),
        ({"begins": "b", "ends": "e"}, "panel_period_or_spell", "either"),
        ({"treatment": {"column": "town"}}, "panel_treatment_ways", "in 0 ways"),
        ({"treatment": {"units": ["A"]}}, "panel_treatment_start", "one start"),
        ({"treatment": {**TREATMENT, "starts": {"A": "2019"}}}, "panel_treatment_ways", "in 2 ways"),
        ({"subgroups": [{"id": "s", "where": [{"column": "c"}]}]}, "panel_condition", "'c' of 's'"),
        ({"entry": [{"id": "e"}]}, "panel_no_condition", "'e' demands nothing"),
        (
            {"covariates": [{"id": "c", "how": "mean", "kind": "category"}]},
            "panel_mean_of_category",
            "no mean",
        ),
    ],
)
def test_rules_that_cannot_be_used_say_why(changed: dict[str, Any], reason: str, words: str) -> None:
    with pytest.raises(EffectError, match=words) as refused:
        panel_rules(rules(**changed))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("changed", "data", "reason", "words"),
    [
        ({"unit": "persno"}, {}, "panel_no_column", "no column 'persno'.*nearest: 'person'"),
        ({"period_unit": "month"}, {}, "panel_no_periods", "no value in column 'week' is a month.*2018W40"),
        ({}, {"work": "none"}, "panel_text_for_numbers", "52 values in column 'work' are no numbers.*none"),
        (
            {"outcomes": [{"id": "w", "column": "work", "codes": ["7"]}]},
            {},
            "panel_no_code_met",
            "outcome 'w' \\(7\\) in column 'work', which holds 1",
        ),
        ({"treatment": {**TREATMENT, "units": ["Z"]}}, {}, "panel_no_treated_value", "holds A, B"),
        ({"treatment": {**TREATMENT, "units": ["A", "B"]}}, {}, "panel_no_controls", "all 2 units"),
        ({"treatment": {**TREATMENT, "start": "2030Q1"}}, {}, "panel_start_outside", "2018Q4 to 2019Q1"),
        ({"treatment": {**TREATMENT, "start": "2018Q4"}}, {}, "panel_start_outside", "period before it"),
        ({"treatment": {**TREATMENT, "start": "2019"}}, {}, "panel_start_unreadable", "'2019' is no period"),
        ({"target": "year"}, {}, "panel_no_whole_period", "no year in full"),
        (
            {"entry": [{"id": "rich", "where": [{"column": "work", "lowest": 5}]}]},
            {},
            "panel_nothing_left",
            "stage 'rich'",
        ),
        (
            {"entry": [{"id": "far", "where": [{"column": "town", "values": ["B"]}]}]},
            {},
            "panel_no_treated",
            "none of the 1 units",
        ),
    ],
)
def test_records_that_cannot_become_a_panel_say_why(
    changed: dict[str, Any], data: dict[str, Any], reason: str, words: str
) -> None:
    with pytest.raises(EffectError, match=words) as refused:
        build_panel(rules(**changed), records(TWO, YEAR, **data))
    assert refused.value.reason == reason


def test_repeated_records_are_refused_where_the_rules_say_so() -> None:
    data = records(TWO, YEAR)
    with pytest.raises(EffectError, match="2 times a unit has several records in one week, such as a with 3"):
        build_panel(rules(duplicates="refuse"), pd.concat([data, data.iloc[[3, 3, 30]]]))


def test_no_records_and_no_source_are_refused() -> None:
    with pytest.raises(EffectError, match="there are no records"):
        build_panel(rules(), records(TWO, YEAR).iloc[:0])
    with pytest.raises(EffectError, match="not said where the records are"):
        build_panel(rules())


def test_codes_that_no_record_has_are_said() -> None:
    asked = [{"id": "w", "column": "work", "codes": [1, 7]}]
    [note] = build_panel(rules(outcomes=asked), records(TWO, YEAR)).notes
    assert note == "no record has the code(s) 7 of the outcome 'w'"


def test_a_panel_goes_straight_into_the_estimators() -> None:
    people = {f"p{number}": "AB"[number % 2] for number in range(8)}

    def work(person: str, place: int) -> float:
        return float(
            (int(person[1:]) * 7 + place * 3) % 10 < (8 if person in "p0p2p4p6" and place >= 13 else 4)
        )

    panel = build_panel(rules(cluster="town"), records(people, YEAR, work=work))
    asked: dict[str, Any] = {"outcome": "work", "unit": "person", "time": "period", "treated": "treated"}
    by_group = panel.frame.groupby(["treated", "period"])["work"].mean()
    expected = by_group[1].diff().iloc[-1] - by_group[0].diff().iloc[-1]
    assert did(panel.frame, start="2019Q1", **asked).estimate == pytest.approx(expected)
    assert did(panel.frame, start="start", **asked).estimate == pytest.approx(expected)
    assert did(panel.table, start="2019Q1", **asked).estimate == pytest.approx(expected)
    assert event_study(panel.frame, base="2018Q4", **asked).estimate == pytest.approx(expected)


def test_a_municipality_may_be_the_unit_and_name_itself_as_treated() -> None:
    data = pd.DataFrame(
        [(code, f"2019-{month:02d}", month * code) for code in (751, 461) for month in range(1, 7)],
        columns=["kommune", "month", "share"],
    )
    panel = build_panel(
        {
            "unit": "kommune",
            "cluster": "kommune",
            "period": "month",
            "period_unit": "month",
            "outcomes": [{"id": "share"}],
            "treatment": {"units": [751], "start": "2019-04-01"},
        },
        data,
    )
    assert panel.frame.to_dict("list") | {"start": panel.frame["start"].fillna("").tolist()} == {
        "kommune": [461, 461, 751, 751],
        "period": ["2019Q1", "2019Q2"] * 2,
        "share": [461 * 2, 461 * 5, 751 * 2, 751 * 5],
        "treated": [0, 0, 1, 1],
        "start": ["", "", "2019Q2", "2019Q2"],
    }
