"""Panels: what is read out of them, and a refusal of its own for each thing that can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.did import did
from quant.errors import EffectError
from quant.event_study import event_study
from quant.panel import Panel, check_panel

STANDARD: dict[str, Any] = {"outcome": "y", "unit": "person", "time": "year", "treated": "group"}


def made() -> pd.DataFrame:
    """8 persons in 4 towns over 6 years; those of the first 2 towns are treated from 2013 on."""
    rows = [(person, person // 2, year) for person in range(8) for year in range(2010, 2016)]
    frame = pd.DataFrame(rows, columns=["person", "town", "year"])
    frame["group"] = (frame["town"] < 2).astype(int)
    frame["now"] = frame["group"] * (frame["year"] >= 2013)
    frame["first"] = np.where(frame["group"] == 1, 2013.0, 0.0)
    frame["y"] = np.sin(frame.index.to_numpy() * 1.7) + frame["now"]
    return frame


def checked(frame: pd.DataFrame, **given: Any) -> Panel:
    return check_panel(frame, **{**STANDARD, **given})


@pytest.mark.parametrize(
    "given", [{"start": 2013}, {"treated": "now"}, {"treated": "now", "start": 2013}, {"start": "first"}]
)
def test_the_start_is_read_from_a_value_a_column_or_the_treatment_itself(given: dict[str, Any]) -> None:
    panel = checked(made(), **given)

    assert panel.start == 2013
    assert list(panel.treated_units) == [0, 1, 2, 3]
    assert list(panel.control_units) == [4, 5, 6, 7]
    assert panel.cohort.loc[0] == 2013
    assert panel.periods == [2010, 2011, 2012, 2013, 2014, 2015]
    assert panel.notes == ()


def test_several_starts_are_kept_for_each_unit_and_none_is_common() -> None:
    frame = made()
    frame["now"] = (frame["year"] >= 2013 + frame["town"]) & (frame["group"] == 1)
    panel = checked(frame, treated="now")

    assert panel.cohort.dropna().to_dict() == {0: 2013, 1: 2013, 2: 2014, 3: 2014}
    assert panel.start is None


def test_units_that_were_not_seen_when_treatment_started_share_the_start_of_the_others() -> None:
    frame = made()
    frame = frame[~((frame["person"] == 0) & (frame["year"] == 2013))]
    frame = frame[~((frame["person"] == 1) & (frame["year"] < 2014))]
    panel = checked(frame, treated="now")

    assert panel.start == 2013
    assert panel.cohort.loc[[0, 1]].tolist() == [2013, 2013]


def test_a_start_after_the_panel_makes_a_unit_a_control() -> None:
    frame = made()
    frame.loc[frame["town"] == 1, "first"] = 2030
    frame.loc[frame["town"] == 1, "group"] = 0
    assert list(checked(frame, start="first").treated_units) == [0, 1]


def test_infinite_and_missing_starts_mean_never() -> None:
    frame = made()
    frame.loc[frame["town"] == 2, "first"] = np.inf
    frame.loc[frame["town"] == 3, "first"] = np.nan
    assert list(checked(frame, start="first").control_units) == [4, 5, 6, 7]


def test_gaps_are_counted_in_a_note() -> None:
    frame = made()
    frame = frame[~((frame["person"] == 0) & (frame["year"] == 2012))]
    frame = frame[~((frame["person"] == 5) & (frame["year"] == 2015))]
    (note,) = checked(frame, start=2013).notes

    assert note.reason == "effect_gaps"
    assert note.values == {"units": 8, "periods": 6, "holes": 1, "short": 1}


def test_rows_without_a_value_are_left_out_and_counted_by_column() -> None:
    frame = made()
    frame["age"] = 30.0
    frame.loc[[3, 4], "y"] = np.nan
    frame.loc[4, "age"] = np.nan
    panel = checked(frame, start=2013, covariates=["age"])

    assert len(panel.frame) == 46
    assert panel.notes[0].values == {"rows": 2, "columns": "y: 2, age: 1"}


def test_the_frame_that_was_given_stays_as_it_was() -> None:
    frame = made()
    before = frame.copy()
    checked(frame, start=2013)
    pd.testing.assert_frame_equal(frame, before)


def test_periods_are_found_by_their_text_and_by_date() -> None:
    frame = made()
    frame["year"] = pd.to_datetime(frame["year"].astype(str) + "-01-01")
    assert checked(frame, start="2013-01-01").start == pd.Timestamp("2013-01-01")
    assert checked(made(), start="2013").start == 2013


def test_an_ordered_category_keeps_its_order() -> None:
    frame = made()
    names = {2010: "z", 2011: "y", 2012: "x", 2013: "c", 2014: "b", 2015: "a"}
    frame["year"] = pd.Categorical(frame["year"].map(names), categories=list(names.values()), ordered=True)
    panel = checked(frame, start="c")
    assert (panel.periods[0], panel.periods[-1]) == ("z", "a")


def test_repeated_cross_sections_need_no_unit_but_the_group_in_all_periods() -> None:
    frame = made()
    panel = checked(frame, unit=None, start=2013, repeated=True)
    assert int(panel.ever.sum()) == 24
    with pytest.raises(EffectError) as refused:
        checked(frame, unit=None, treated="now", start=2013, repeated=True)
    assert refused.value.reason == "effect_no_rows_before"


Change = Callable[[pd.DataFrame], pd.DataFrame]


def _set(rows: Callable[[pd.DataFrame], Any], column: str, value: Any) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.copy()
        if isinstance(value, str):
            frame[column] = frame[column].astype(object)
        frame.loc[rows(frame), column] = value
        return frame

    return change


def _all(frame: pd.DataFrame) -> pd.Series:
    return frame["y"].notna()


BAD: dict[str, tuple[Change, dict[str, Any], str]] = {
    "no rows": (lambda f: f.iloc[:0], {"start": 2013}, "effect_no_rows"),
    "missing column": (lambda f: f, {"outcome": "wage", "start": 2013}, "effect_unknown_column"),
    "one column twice": (lambda f: f, {"covariates": ["y"], "start": 2013}, "effect_column_twice"),
    "strings for numbers": (
        _set(lambda f: f.index == 5, "y", "0,5"), {"start": 2013}, "effect_text_for_numbers"),
    "all text": (lambda f: f.assign(y=f["y"].astype(str)), {"start": 2013}, "effect_text_for_numbers"),
    "infinite": (_set(lambda f: f.index == 5, "y", np.inf), {"start": 2013}, "effect_infinite"),
    "nothing complete": (_set(_all, "y", np.nan), {"start": 2013}, "effect_no_complete_rows"),
    "constant": (_set(_all, "y", 0.5), {"start": 2013}, "effect_constant_outcome"),
    "duplicates": (lambda f: pd.concat([f, f.iloc[[7]]]), {"start": 2013}, "effect_duplicate_rows"),
    "no control group": (_set(_all, "group", 1), {"start": 2013}, "effect_no_control"),
    "nobody treated": (_set(_all, "group", 0), {"start": 2013}, "effect_no_treated"),
    "one period": (lambda f: f[f["year"] == 2013], {"start": 2013}, "effect_one_period"),
    "treated in every period": (lambda f: f[f["year"] >= 2013], {"start": 2013}, "effect_no_period_before"),
    "nobody seen before": (
        lambda f: f[(f["year"] >= 2013) | (f["group"] == 0)], {"start": 2013}, "effect_no_rows_before"),
    "nobody seen after": (
        lambda f: f[(f["year"] < 2013) | (f["group"] == 0)], {"start": 2013}, "effect_no_rows_after"),
    "treated before start": (
        lambda f: f, {"treated": "now", "start": 2014}, "effect_treated_before_start"),
    "untreated after start": (
        lambda f: f, {"treated": "now", "start": 2012}, "effect_untreated_after_start"),
    "treatment ends": (
        _set(lambda f: f["year"] == 2015, "now", 0), {"treated": "now"}, "effect_treatment_ends"),
    "enters treated": (
        lambda f: f[(f["year"] >= 2013) | (f["person"] != 0)].assign(
            now=lambda g: g["now"] * ((g["person"] != 1) | (g["year"] > 2013))),
        {"treated": "now"}, "effect_enters_treated"),
    "no start": (lambda f: f, {}, "effect_no_start"),
    "start not in the panel": (lambda f: f, {"start": 2030}, "effect_unknown_period"),
    "starts between periods": (
        _set(lambda f: f["town"] == 0, "first", 2012.5), {"start": "first"}, "effect_start_not_in_panel"),
    "start changes": (
        _set(lambda f: f.index == 5, "first", 2014.0), {"start": "first"}, "effect_start_changes"),
    "start contradicts": (
        _set(lambda f: f["town"] == 1, "first", 0.0), {"start": "first"}, "effect_start_contradicts"),
    "treated is no 0 or 1": (
        _set(lambda f: f.index == 5, "group", 2), {"start": 2013}, "effect_treated_not_binary"),
    "treated is text": (
        lambda f: f.assign(group=f["group"].astype(str)), {"start": 2013}, "effect_treated_not_binary"),
    "treated is missing": (
        lambda f: f.assign(group=f["group"].where(f.index != 5)), {"start": 2013}, "effect_treated_missing"),
    "periods of two kinds": (
        lambda f: f.assign(year=[2010, "x"] * 24), {"start": 2010}, "effect_mixed_periods"),
    "numbers as text": (
        lambda f: f.assign(year=(f["year"] - 2005).astype(str)), {"start": "8"}, "effect_periods_as_text"),
    "two clusters": (
        _set(lambda f: f.index == 5, "town", 3), {"start": 2013, "cluster": "town"},
        "effect_unit_in_two_clusters"),
    "no unit": (lambda f: f, {"unit": None, "start": 2013}, "effect_no_unit"),
}  # fmt: skip
# What only a frame can hold: columns of mixed kinds, and an order of rows.
FRAME_ONLY = {"periods of two kinds", "strings for numbers"}


@pytest.mark.parametrize("name", BAD)
def test_each_bad_panel_is_refused_with_its_own_reason(name: str) -> None:
    change, given, reason = BAD[name]
    with pytest.raises(EffectError) as refused:
        checked(change(made()), **given)
    assert refused.value.reason == reason


@pytest.mark.parametrize("name", sorted(set(BAD) - FRAME_ONLY))
def test_a_file_is_refused_with_the_words_for_a_frame(name: str, tmp_path: Path) -> None:
    change, given, _ = BAD[name]
    frame = change(made()).reset_index(drop=True)
    frame.to_parquet(tmp_path / "panel.parquet")
    texts = []
    for panel in (frame, tmp_path / "panel.parquet"):
        with pytest.raises(EffectError) as refused:
            did(panel, **{**STANDARD, **given})
        texts.append(str(refused.value))
    assert texts[0] == texts[1]


def test_the_refusal_of_duplicates_names_the_design_for_persons_within_municipalities() -> None:
    frame = made()
    given = {**STANDARD, "unit": "town", "start": 2013}
    with pytest.raises(EffectError, match=r"24 row\(s\) repeat.*fixed_effects='group'"):
        did(frame, **given)
    assert did(frame, fixed_effects="group", **given).n == 48


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"base": 2013}, "effect_base_after_start"),
        ({"base": 2030}, "effect_unknown_period"),
        ({"base": 2015, "start": None}, "effect_no_rows_after"),
    ],
)
def test_a_base_that_is_not_before_the_start_is_refused(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(EffectError) as refused:
        event_study(made(), **{**STANDARD, "start": 2013, **given})
    assert refused.value.reason == reason


def test_a_period_in_which_only_one_group_was_seen_is_refused_by_name() -> None:
    frame = made()
    for group, reason in ((1, "effect_period_without_treated"), (0, "effect_period_without_control")):
        seen = frame[(frame["year"] != 2014) | (frame["group"] != group)]
        with pytest.raises(EffectError, match="in 2014") as refused:
            event_study(seen, **STANDARD, base=2012, gaps="keep")
        assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("windows", "reason"),
    [
        ({"early": [2012, 2013]}, "effect_window_before_start"),
        ({"none": []}, "effect_window_before_start"),
        ({"a": [2013, 2014], "b": [2014]}, "effect_windows_overlap"),
        ({"a": [2031]}, "effect_unknown_period"),
        ({}, "effect_no_window"),
    ],
)
def test_windows_that_cannot_be_compared_are_refused(windows: dict[str, list[int]], reason: str) -> None:
    with pytest.raises(EffectError) as refused:
        did(made(), **STANDARD, start=2013, windows=windows)
    assert refused.value.reason == reason


def test_a_two_way_model_of_units_with_different_starts_is_refused() -> None:
    frame = made()
    frame["now"] = ((frame["year"] >= 2013 + frame["town"]) & (frame["group"] == 1)).astype(int)
    columns = {**STANDARD, "treated": "now"}
    for options in ({"fixed_effects": "group"}, {"windows": {"2014": [2014]}}, {"weights": "town"}):
        given = frame.assign(town=frame["town"] + 1) if "weights" in options else frame
        with pytest.raises(EffectError, match=r"quant\.staggered") as refused:
            did(given, **columns, **options)  # type: ignore[arg-type]
        assert refused.value.reason == "effect_staggered"
    with pytest.raises(EffectError) as refused:
        event_study(frame, **columns, base=2012)
    assert refused.value.reason == "effect_staggered"


def test_what_is_no_panel_is_refused(tmp_path: Path) -> None:
    given = {**STANDARD, "start": 2013}
    for panel, reason in (
        (tmp_path / "none.parquet", "effect_no_file"),
        (tmp_path / "panel.dta", "effect_file_ending"),
        ([1, 2], "effect_unknown_panel"),
    ):
        with pytest.raises(EffectError) as refused:
            did(panel, **given)
        assert refused.value.reason == reason


def test_choices_that_do_not_go_together_are_refused() -> None:
    for given, reason in (
        ({"vcov": "cluster"}, "effect_errors_and_cluster"),
        ({"vcov": "iid", "cluster": "town"}, "effect_errors_and_cluster"),
        ({"vcov": "hc3"}, "effect_unknown_choice"),
        ({"dof": "stata"}, "effect_unknown_choice"),
        ({"fixed_effects": "person"}, "effect_unknown_choice"),
    ):
        with pytest.raises(EffectError) as refused:
            did(made(), **STANDARD, start=2013, **given)  # type: ignore[arg-type]
        assert refused.value.reason == reason


def test_the_example_of_text_is_a_word_rather_than_a_number_written_as_text(tmp_path: Path) -> None:
    frame = made()
    frame["y"] = frame["y"].astype(str).where(frame.index != 5, "unknown")
    frame.to_parquet(tmp_path / "panel.parquet")
    with pytest.raises(EffectError, match="'y' holds text, such as 'unknown'"):
        checked(frame, start=2013)
    with pytest.raises(EffectError, match="'y' holds text, such as 'unknown'"):
        did(tmp_path / "panel.parquet", start=2013, **STANDARD)
