"""Effects by cohort and period: by hand, against known effects in simulated panels, and refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, t

from quant.errors import EffectError
from quant.pretrends import pretrend_power
from quant.sensitivity import relative_magnitudes
from quant.staggered import StaggeredResult, staggered
from quant.staggered_aggregation import (
    Inference,
    average_all,
    average_by_event,
    effect_table,
    uniform_critical,
)
from quant.staggered_checks import pretrend_test
from quant.staggered_comparisons import (
    NEVER_TREATED,
    GroupTimeEffects,
    Sample,
    from_moments,
    from_units,
    list_comparisons,
)


def _estimate(panel: pd.DataFrame, **options: Any) -> StaggeredResult:
    return staggered(panel, **{"outcome": "y", "unit": "unit", "time": "period", "start": "start"} | options)


def _panel(starts: list[int], outcome: np.ndarray, first: int = 1) -> pd.DataFrame:
    """A row a unit and period from (units, periods) outcomes; start 0 is never."""
    units, periods = outcome.shape
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(first, first + periods), units),
            "start": np.repeat(starts, periods),
            "y": outcome.ravel(),
        }
    )


def _random_panel(
    seed: int, cohorts: dict[int, int], periods: int, effect: Any = None, clusters: int = 0
) -> pd.DataFrame:
    """Units by cohort, a common trend, errors that persist; `effect(start, event_time)` from the start on."""
    rng = np.random.default_rng(seed)
    starts = np.repeat(list(cohorts), list(cohorts.values()))
    time = np.arange(1, periods + 1)
    noise = rng.normal(size=(len(starts), periods)).cumsum(axis=1) * 0.5
    y = rng.normal(size=(len(starts), 1)) + 0.3 * time + noise
    if effect is not None:
        event = time[None, :] - starts[:, None]
        treated = (starts[:, None] > 0) & (event >= 0)
        rows, columns = np.nonzero(treated)
        y[rows, columns] += [
            effect(starts[row], event[row, column]) for row, column in zip(rows, columns, strict=True)
        ]
    panel = _panel(list(starts), y)
    if clusters:
        panel["cluster"] = panel["unit"] % clusters
    return panel


FOUR = _panel([3, 3, 0, 0], np.array([[1, 2, 7, 9], [3, 2, 5, 4], [0, 1, 2, 2], [4, 3, 4, 6.0]]))
THREE_COHORTS = _random_panel(5, {3: 12, 4: 9, 6: 7, 0: 20}, 6, lambda start, event: start + event, 8)


def test_one_cohort_gives_two_by_two_differences_by_hand() -> None:
    result = _estimate(FOUR)
    table = result.dynamic.table.set_index("term")

    # Changes of the treated from period 2: (5, 7) and (3, 2); of the controls (1, 1) and (1, 3).
    assert table["estimate"].to_dict() == pytest.approx({"-1": 0.0, "0": 3.0, "1": 2.5})
    # Squared deviations over the squared number of units, treated and controls: (1 + 1) / 4 + 0, and
    # (2.5^2 + 2.5^2) / 4 + (1 + 1) / 4.
    assert table.loc[["0", "1"], "std_error"].tolist() == pytest.approx([0.5**0.5, 3.625**0.5])
    assert result.simple.estimate == pytest.approx(2.75)
    assert table["treated_mean"].tolist() == pytest.approx([2.0, 6.0, 6.5])
    assert table["percent_of_mean"].tolist() == pytest.approx([0.0, 50.0, 100 * 2.5 / 6.5])
    assert result.group_time["base"].tolist() == [1, 2, 2]


@given(st.integers(0, 10_000), st.integers(2, 5), st.sampled_from(["varying", "universal"]))
@settings(max_examples=25, deadline=None)
def test_with_one_cohort_every_effect_is_a_difference_of_mean_changes(
    seed: int, start: int, base_period: str
) -> None:
    panel = _random_panel(seed, {start: 5, 0: 8}, 5)
    result = _estimate(panel, base_period=base_period)
    means = panel.assign(treated=panel["start"] > 0).pivot_table("y", "treated", "period")
    gap = means.loc[True] - means.loc[False]

    for event, estimate in result.dynamic.table.set_index("period")["estimate"].items():
        period = start + int(str(event))
        base = start - 1 if base_period == "universal" or period >= start else period - 1
        assert estimate == pytest.approx(gap[period] - gap[base])
    assert len(result.dynamic.table) == 4


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_effects_of_units_and_periods_and_the_order_of_rows_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    moved = THREE_COHORTS.copy()
    moved["y"] += rng.normal(size=200)[moved["unit"]] + rng.normal(size=20)[moved["period"]]
    shuffled = moved.sample(frac=1, random_state=seed)

    expected, found = _estimate(THREE_COHORTS), _estimate(shuffled)

    columns = ["term", "estimate", "std_error", "n_treated", "n_controls"]
    pd.testing.assert_frame_equal(found.group_time[columns], expected.group_time[columns])
    assert found.simple.std_error == pytest.approx(expected.simple.std_error)


@pytest.mark.parametrize("control", ["never", "not_yet"])
@pytest.mark.parametrize("clustered", [False, True])
def test_moments_of_cohorts_and_influences_of_units_give_the_same(control: Any, clustered: bool) -> None:
    wide = THREE_COHORTS.pivot(index="unit", columns="period", values="y").to_numpy()
    start = THREE_COHORTS.groupby("unit")["start"].first().to_numpy()
    sample = Sample(
        outcome=wide,
        cohort=np.where(start == 0, NEVER_TREATED, start - 1),
        cluster=np.arange(len(wide)) % 8 if clustered else None,
        covariates=np.empty((*wide.shape, 0)),
    )
    cohorts = [int(each) for each in np.unique(sample.cohort)]
    comparisons = list_comparisons(cohorts, 6, control=control, base_period="varying", anticipation=0)
    short, long = from_moments(sample, comparisons), from_units(sample, comparisons, "regression")

    assert short.comparisons == long.comparisons
    for name in ("estimates", "covariance", "shares", "n_treated", "n_controls", "treated_mean"):
        assert getattr(short, name) == pytest.approx(getattr(long, name), abs=1e-12), name


def test_covariates_of_units_can_be_computed_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = THREE_COHORTS.assign(size=np.sin(THREE_COHORTS["unit"]))
    options: dict[str, Any] = {"covariates": ["size"], "cluster": "cluster", "method": "doubly_robust"}
    at_once = _estimate(panel, **options)
    monkeypatch.setattr("quant.staggered_comparisons._BLOCK_NUMBERS", 100)
    in_blocks = _estimate(panel, **options)

    pd.testing.assert_frame_equal(in_blocks.covariance, at_once.covariance)


def test_copies_of_units_within_a_cluster_leave_the_errors_as_they_are() -> None:
    copies = pd.concat(
        [
            THREE_COHORTS.assign(unit=THREE_COHORTS["unit"] * 2 + copy, family=THREE_COHORTS["unit"])
            for copy in (0, 1)
        ]
    )
    single, double = _estimate(THREE_COHORTS), _estimate(copies, cluster="family")

    pd.testing.assert_frame_equal(double.covariance, single.covariance)
    assert (double.simple.estimate, double.simple.std_error) == pytest.approx(
        (single.simple.estimate, single.simple.std_error)
    )
    assert (double.simple.n_units, double.simple.clusters, double.simple.df) == (96, 48, 47)


def test_averages_are_those_of_the_effects_by_cohort_and_period() -> None:
    result = _estimate(THREE_COHORTS)
    after = result.group_time[result.group_time["kind"] == "post"]
    size = after["cohort"].map({3: 12, 4: 9, 6: 7})

    def weighted(rows: pd.DataFrame) -> float:
        return float(np.average(rows["estimate"], weights=size[rows.index]))

    assert result.simple.estimate == pytest.approx(weighted(after))
    for column, averages in (("event_time", result.dynamic), ("period", result.by_period)):
        expected = {key: weighted(rows) for key, rows in after.groupby(column)}
        shown = averages.of_kind("post")
        assert dict(zip(shown["period"], shown["estimate"], strict=True)) == pytest.approx(expected)
    by_group = after.groupby("cohort")["estimate"].mean()
    shown = result.by_group.table
    assert dict(zip(shown["period"], shown["estimate"], strict=True)) == pytest.approx(by_group.to_dict())
    overall = result.overall.table.set_index("term")["estimate"]
    assert overall["simple"] == result.simple.estimate
    assert overall["dynamic"] == pytest.approx(np.mean(result.dynamic.of_kind("post")["estimate"]))
    assert overall["period"] == pytest.approx(result.by_period.table["estimate"].mean())
    assert overall["group"] == pytest.approx(np.average(by_group, weights=[12, 9, 7]))


def test_the_same_cohorts_stand_behind_balanced_event_times() -> None:
    result = _estimate(THREE_COHORTS, balance=2)

    # The cohort of period 6 is not seen 2 periods after its start; event times 0 to 2 are those of 3 and 4.
    terms = result.dynamic.table["term"].tolist()
    assert terms == ["-2", "-1", "0", "1", "2"]
    effects = result.group_time.set_index(["cohort", "event_time"])["estimate"]
    shown = result.dynamic.table.set_index("period")["estimate"]
    for event in (-1, 0, 1, 2):
        assert shown[event] == pytest.approx((12 * effects[3, event] + 9 * effects[4, event]) / 21)
    assert shown[-2] == pytest.approx(effects[4, -2])


def test_pretrends_are_tested_the_same_whichever_base_period_is_shown() -> None:
    varying, universal = _estimate(THREE_COHORTS), _estimate(THREE_COHORTS, base_period="universal")

    assert varying.pretrend is not None
    assert universal.pretrend is not None
    assert universal.pretrend.statistic == pytest.approx(varying.pretrend.statistic)
    assert varying.pretrend.df == 1 + 2 + 4
    assert universal.dynamic.base == -1
    assert "-1" not in universal.dynamic.table["term"].tolist()
    pd.testing.assert_frame_equal(universal.by_group.table, varying.by_group.table)


def test_degrees_of_freedom_of_one_pretrend_are_those_of_welch() -> None:
    panel = _random_panel(6, {3: 5, 0: 9}, 4)
    result = _estimate(panel)
    wide = panel.pivot(index="unit", columns="period", values="y")
    change = (wide[2] - wide[1]).to_numpy()
    a, b = change[:5].var() / 5, change[5:].var() / 9

    assert result.pretrend is not None
    assert result.pretrend.df == 1
    assert result.pretrend.statistic == pytest.approx((change[:5].mean() - change[5:].mean()) ** 2 / (a + b))
    df = (a + b) ** 2 / (a**2 / 4 + b**2 / 8)
    assert result.pretrend.df_clusters == pytest.approx(df)
    assert result.pretrend.p_value == pytest.approx(2 * t.sf(result.pretrend.statistic**0.5, df))
    assert result.pretrend.p_value_large_sample == pytest.approx(2 * norm.sf(result.pretrend.statistic**0.5))


def test_averages_before_the_start_are_tested_where_effects_are_too_many() -> None:
    result = _estimate(_random_panel(7, {8: 4, 9: 4, 10: 4, 0: 20}, 11))

    assert result.pretrend is not None
    assert (result.pretrend.tested, result.pretrend.df) == ("averages", 8)
    (note,) = [note for note in result.notes if note.reason == "effect_staggered_pretrend_averages"]
    assert note.values == {"found": 21, "clusters": 32}
    few = _estimate(_random_panel(7, {6: 2, 0: 3}, 8))
    assert few.pretrend is None
    assert "effect_staggered_pretrend_singular" in [note.reason for note in few.notes]


def test_effects_by_event_time_can_be_probed_for_departures_from_parallel_trends() -> None:
    panel = _random_panel(3, {5: 60, 6: 60, 0: 100}, 8, lambda start, event: 3.0)
    result = _estimate(panel, base_period="universal").dynamic

    power = pretrend_power(result, powers=(0.8,))
    assert power.test.df == 4
    sensitivity = relative_magnitudes(result, target="first", bounds=(0.5,))
    assert sensitivity.table["excludes_zero"].tolist() == [True]
    with pytest.raises(EffectError) as refused:
        pretrend_power(_estimate(panel).dynamic)
    assert refused.value.reason == "effect_no_base"


def test_anticipated_periods_are_neither_a_base_nor_part_of_the_pretrend_test() -> None:
    result = _estimate(THREE_COHORTS, anticipation=1)

    after = result.group_time[result.group_time["kind"] == "post"]
    assert (after["base"] == after["cohort"] - 2).all()
    assert result.pretrend is not None
    # Event times before -1: cohort 4 has one (period 2), cohort 6 three; cohort 3 has none.
    assert result.pretrend.df == 1 + 3


def test_a_column_that_is_1_from_the_start_on_stands_for_the_starts() -> None:
    panel = THREE_COHORTS
    now = ((panel["start"] > 0) & (panel["period"] >= panel["start"])).astype(int)
    result = _estimate(panel.assign(now=now).drop(columns="start"), start=None, treated="now")

    pd.testing.assert_frame_equal(result.group_time, _estimate(panel).group_time)


def test_starts_that_are_missing_or_infinite_or_after_the_panel_are_never() -> None:
    expected = _estimate(THREE_COHORTS).group_time
    for never in (np.nan, np.inf, 99.0):
        start = THREE_COHORTS["start"].astype(float).replace(0.0, never)
        pd.testing.assert_frame_equal(
            _estimate(THREE_COHORTS.assign(start=start)).group_time, expected, check_dtype=False
        )


def test_periods_may_be_words_or_dates() -> None:
    names = {place: f"2019Q{place}" if place < 5 else f"2020Q{place - 4}" for place in range(1, 7)}
    panel = THREE_COHORTS.assign(
        period=THREE_COHORTS["period"].map(names), start=THREE_COHORTS["start"].map(names)
    )
    dates = {place: pd.Period(name, freq="Q").start_time for place, name in names.items()}
    dated = THREE_COHORTS.assign(
        period=THREE_COHORTS["period"].map(dates), start=THREE_COHORTS["start"].map(dates)
    )
    words, days, numbers = _estimate(panel), _estimate(dated), _estimate(THREE_COHORTS)

    assert words.by_group.table["term"].tolist() == ["2019Q3", "2019Q4", "2020Q2"]
    assert days.by_group.table["term"].tolist() == ["2019-07-01", "2019-10-01", "2020-04-01"]
    assert days.group_time["term"].iloc[0] == "2019-07-01:2019-04-01"
    estimates = numbers.group_time["estimate"].tolist()
    assert words.group_time["estimate"].tolist() == pytest.approx(estimates)
    assert days.group_time["estimate"].tolist() == pytest.approx(estimates)


@pytest.mark.parametrize("cluster", [None, "cluster"])
@pytest.mark.parametrize("gaps", ["pairs", "drop"])
def test_a_file_gives_the_same_as_a_frame(tmp_path: Path, cluster: str | None, gaps: str) -> None:
    early = _random_panel(1, {1: 4}, 6).assign(unit=lambda frame: frame["unit"] + 500, cluster=1)
    panel = pd.concat([THREE_COHORTS, early], ignore_index=True)
    panel = panel[(panel["unit"] * 3 + panel["period"]) % 17 > 0].sample(frac=1, random_state=1)
    panel["start"] = panel["start"].replace(0, np.nan)
    panel["now"] = (panel["period"] >= panel["start"]).astype(int)
    panel["size"] = np.sin(panel["unit"])
    file = tmp_path / "panel.parquet"
    panel.to_parquet(file)
    for options in ({}, {"start": None, "treated": "now"}, {"covariates": ["size"]}):
        frame = _estimate(panel, cluster=cluster, gaps=gaps, **options)
        table = staggered(
            str(file),
            **{
                "outcome": "y",
                "unit": "unit",
                "time": "period",
                "start": "start",
                "cluster": cluster,
                "gaps": gaps,
            }
            | options,
        )

        pd.testing.assert_frame_equal(table.group_time, frame.group_time, check_dtype=False)
        pd.testing.assert_frame_equal(table.overall.table, frame.overall.table)
        assert table.notes == frame.notes
        assert (table.simple.n, table.simple.n_units) == (frame.simple.n, frame.simple.n_units)
        assert table.simple.treated_clusters == frame.simple.treated_clusters


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"now": "yes"}, "effect_treated_not_binary"),
        ({"start": 3}, "effect_no_control"),
        ({"start": 0}, "effect_no_treated"),
        ({"start": THREE_COHORTS["start"].clip(upper=1)}, "effect_no_period_before"),
        ({"start": THREE_COHORTS["period"]}, "effect_start_changes"),
        ({"y": 1.0}, "effect_constant_outcome"),
        ({"y": "1,5"}, "effect_text_for_numbers"),
        ({"unit": 1, "start": 3}, "effect_duplicate_rows"),
        ({"period": 1}, "effect_one_period"),
    ],
)
def test_a_file_is_refused_as_a_frame_is(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    panel = THREE_COHORTS.assign(**change)
    file = tmp_path / "panel.parquet"
    panel.to_parquet(file)
    options: dict[str, Any] = {"treated": "now"} if "now" in change else {"start": "start"}
    for source in (panel, file):
        with pytest.raises(EffectError) as refused:
            staggered(source, outcome="y", unit="unit", time="period", **options)
        assert refused.value.reason == reason


def test_the_panel_is_left_as_it_was_and_the_result_is_json() -> None:
    before = THREE_COHORTS.copy()
    result = _estimate(THREE_COHORTS, draws=50)

    pd.testing.assert_frame_equal(THREE_COHORTS, before)
    for name in ("simple", "dynamic", "by_group", "by_period", "overall"):
        assert json.loads(json.dumps(getattr(result, name).as_dict()))["design"] == "staggered"


def _two_way_estimate(panel: pd.DataFrame) -> float:
    """Coefficient of "treated now" with effects of units and periods, in a balanced panel."""
    now = ((panel["start"] > 0) & (panel["period"] >= panel["start"])).astype(float)
    wide = panel.assign(now=now).pivot(index="unit", columns="period", values=["y", "now"])
    moved = {
        name: wide[name].sub(wide[name].mean(axis=1), axis=0).sub(wide[name].mean(axis=0), axis=1)
        + wide[name].to_numpy().mean()
        for name in ("y", "now")
    }
    return float((moved["y"] * moved["now"]).to_numpy().sum() / (moved["now"] ** 2).to_numpy().sum())


def test_growing_effects_are_recovered_where_two_way_fixed_effects_turn_their_sign() -> None:
    # Effects grow from 1 on, by 2 a period in the first cohort and by 1 in the second.
    panel = _random_panel(
        8, {2: 300, 6: 300, 0: 20}, 10, lambda start, event: 1 + event * (2 if start == 2 else 1)
    )
    result = _estimate(panel)
    true_by_event = {event: 1 + event * (1.5 if event <= 4 else 2.0) for event in range(9)}

    shown = result.dynamic.of_kind("post").set_index("period")
    distance = (shown["estimate"] - pd.Series(true_by_event)) / shown["std_error"]
    assert distance.abs().max() < 2.5
    # 9 periods of cohort 2 with 1, 3, ... 17, 5 periods of cohort 6 with 1 to 5, cohorts of the same size.
    truth = (81 + 15) / 14
    assert abs(result.simple.estimate - truth) < 2.5 * result.simple.std_error
    assert _two_way_estimate(panel) < 0


def test_controls_that_are_not_treated_yet_recover_the_effects_too() -> None:
    panel = _random_panel(9, {4: 150, 7: 150, 9: 150}, 9, lambda start, event: 2.0 + 0.5 * event)
    result = _estimate(panel, control="not_yet")

    (last,) = [note for note in result.notes if note.reason == "effect_staggered_last_cohort"]
    assert last.values == {"found": 150, "start": "9", "period": "9"}
    assert set(result.group_time["cohort"]) == {4, 7}
    assert result.group_time["period"].max() == 8
    # Cohort 4 has event times 0 to 4, cohort 7 has 0 and 1.
    truth = 2 + 0.5 * (0 + 1 + 2 + 3 + 4 + 0 + 1) / 7
    assert abs(result.simple.estimate - truth) < 2.5 * result.simple.std_error


def test_trends_that_depend_on_a_covariate_are_allowed_for() -> None:
    rng = np.random.default_rng(4)
    size = rng.normal(size=900)
    starts = np.where(rng.random(900) < 1 / (1 + np.exp(-size)), rng.choice([3, 5], size=900), 0)
    time = np.arange(1, 7)
    y = size[:, None] * time + rng.normal(size=(900, 6))
    y += 1.0 * ((starts[:, None] > 0) & (time >= starts[:, None]))
    panel = _panel(list(starts), y).assign(size=np.repeat(size, 6))

    naive = _estimate(panel).simple
    assert naive.estimate > 2
    for method in ("regression", "ipw", "doubly_robust"):
        adjusted = _estimate(panel, covariates=["size"], method=method).simple
        assert abs(adjusted.estimate - 1) < 2.5 * adjusted.std_error, method
        assert adjusted.std_error < 0.2, method


def test_words_as_covariate_count_as_their_0_1_columns() -> None:
    panel = THREE_COHORTS.assign(kind=THREE_COHORTS["unit"].mod(3).map({0: "a", 1: "b", 2: "c"}))
    numbers = panel.assign(b=(panel["kind"] == "b") * 1.0, c=(panel["kind"] == "c") * 100.0)

    words = _estimate(panel, covariates=["kind"], method="doubly_robust")
    columns = _estimate(numbers, covariates=["b", "c"], method="doubly_robust")

    assert words.group_time["estimate"].tolist() == pytest.approx(columns.group_time["estimate"].tolist())
    assert words.group_time["std_error"].tolist() == pytest.approx(columns.group_time["std_error"].tolist())


def _effects(
    panel: pd.DataFrame, control: Any = "never", cluster: np.ndarray | None = None
) -> GroupTimeEffects:
    """Effects of a complete panel without the checks of its frame, for many replications."""
    units = int(panel["unit"].max()) + 1
    start = panel["start"].to_numpy().reshape(units, -1)[:, 0]
    outcome = panel["y"].to_numpy().reshape(units, -1)
    cohort = np.where(start == 0, NEVER_TREATED, start - 1)
    sample = Sample(outcome, cohort, cluster, np.empty((*outcome.shape, 0)))
    comparisons = list_comparisons(
        np.unique(cohort).tolist(), outcome.shape[1], control=control, base_period="varying", anticipation=0
    )
    return from_moments(sample, comparisons)


@pytest.mark.parametrize("control", ["never", "not_yet"])
def test_intervals_and_bands_cover_the_effects_as_often_as_they_say(control: str) -> None:
    hits, band_hits, replications = [], [], 300
    for seed in range(replications):
        panel = _random_panel(seed, {3: 20, 4: 20, 0: 30}, 5, lambda start, event: 1.0 + event)
        effects = _effects(panel, control)
        simple, _ = effect_table(effects, [average_all(effects)], Inference(69, 0.95, 0, 1))
        hits.append(simple["ci_low"][0] <= (1 + 2 + 3 + 1 + 2) / 5 <= simple["ci_high"][0])
        shown, _ = effect_table(effects, average_by_event(effects, n_periods=5), Inference(69, 0.95, 300, 1))
        effect = np.maximum(1.0 + shown["period"].to_numpy(float), 0.0)
        effect[shown["period"].to_numpy(float) < 0] = 0.0
        band_hits.append(((shown["band_low"] <= effect) & (effect <= shown["band_high"])).all())

    # Four standard errors of a share of 0.95 among 300 are 0.05.
    assert abs(np.mean(hits) - 0.95) < 0.05
    assert abs(np.mean(band_hits) - 0.95) < 0.05


def test_intervals_and_pretrend_test_hold_their_size_with_58_clusters() -> None:
    hits, rejections, replications = [], [], 300
    starts = np.repeat([3, 4, 5, 0], [8, 8, 8, 34])
    for seed in range(replications):
        rng = np.random.default_rng(seed)
        shocks = rng.normal(size=(58, 1, 6)).cumsum(axis=2) * 0.3
        y = (shocks + rng.normal(size=(58, 6, 6))).reshape(348, 6)
        effects = _effects(_panel(np.repeat(starts, 6).tolist(), y), cluster=np.arange(348) // 6)
        simple, _ = effect_table(effects, [average_all(effects)], Inference(57, 0.95, 0, 1))
        hits.append(simple["ci_low"][0] <= 0 <= simple["ci_high"][0])
        test, _ = pretrend_test(effects, 58, 0)
        assert test is not None
        assert test.df == 6
        rejections.append(test.p_value < 0.05)

    assert abs(np.mean(hits) - 0.95) < 0.05  # four standard errors
    # With 8 treated clusters each, a chi-square test of the six effects rejects in every fourth sample.
    assert np.mean(rejections) < 0.11


def test_uniform_bands_use_the_largest_of_all_coefficients() -> None:
    inference = Inference(df=10**9, level=0.95, draws=200_000, seed=3)
    # The largest of k independent |z| stays below c with probability (2 Phi(c) - 1)^k.
    expected = norm.ppf((1 + 0.95 ** (1 / 5)) / 2)

    assert uniform_critical(np.diag([1.0, 4.0, 9.0, 0.1, 2.0]), inference) == pytest.approx(
        expected, abs=0.02
    )
    assert uniform_critical(np.ones((5, 5)), inference) == pytest.approx(norm.ppf(0.975), abs=0.02)
    few = Inference(df=5, level=0.95, draws=200_000, seed=3)
    # t(5) of one coefficient: 2.5706.
    assert uniform_critical(np.eye(1), few) == pytest.approx(2.5706, abs=0.03)


def test_uniform_bands_are_wider_than_intervals_and_the_same_for_a_seed() -> None:
    table = _estimate(THREE_COHORTS, draws=999).dynamic.table
    again = _estimate(THREE_COHORTS, draws=999).dynamic.table
    plain = _estimate(THREE_COHORTS).dynamic.table

    pd.testing.assert_frame_equal(table, again)
    assert (table["band_low"] < table["ci_low"]).all()
    assert (table["band_high"] > table["ci_high"]).all()
    pd.testing.assert_frame_equal(table[plain.columns], plain)


def test_units_treated_in_the_first_period_are_left_out_and_counted() -> None:
    early = _random_panel(1, {1: 4}, 6).assign(unit=lambda frame: frame["unit"] + 500)
    panel = pd.concat([THREE_COHORTS, early], ignore_index=True)
    now = ((panel["start"] > 0) & (panel["period"] >= panel["start"])).astype(int)

    for result in (
        _estimate(panel),
        _estimate(panel.assign(now=now).drop(columns="start"), start=None, treated="now"),
    ):
        assert [(note.reason, note.values["found"]) for note in result.notes] == [
            ("effect_staggered_early", 4)
        ]
        pd.testing.assert_frame_equal(result.group_time, _estimate(THREE_COHORTS).group_time)


def test_cohorts_without_a_period_before_anticipation_are_left_out() -> None:
    panel = _random_panel(2, {2: 5, 4: 6, 0: 9}, 6)
    result = _estimate(panel, anticipation=1)

    assert [(note.reason, note.values["found"]) for note in result.notes] == [("effect_staggered_early", 5)]
    assert set(result.group_time["cohort"]) == {4}
    assert result.simple.n_units == 15


def test_a_cohort_of_one_unit_is_pointed_out() -> None:
    panel = _random_panel(3, {3: 1, 4: 3, 5: 6, 0: 9}, 6)
    notes = {note.reason: note.values["cohorts"] for note in _estimate(panel).notes}

    assert notes == {"effect_staggered_single": "3", "effect_staggered_few": "4"}


def test_few_controls_are_pointed_out() -> None:
    panel = _random_panel(3, {3: 8, 5: 8, 0: 3}, 6)
    for control in ("never", "not_yet"):  # in period 5 and 6 nobody else is untreated
        notes = _estimate(panel, control=control).notes
        assert [(note.reason, note.values) for note in notes] == [
            ("effect_staggered_few_controls", {"found": 3})
        ]


def test_one_treated_unit_against_one_control_has_no_error() -> None:
    result = _estimate(_panel([2, 0], np.array([[1, 5.0, 6], [1, 2, 9]])))

    assert result.dynamic.table["estimate"].tolist() == [3.0, -3.0]
    assert result.dynamic.table[["std_error", "p_value", "ci_low"]].isna().all().all()


def test_effects_whose_units_lack_a_period_are_left_out_and_counted() -> None:
    panel = THREE_COHORTS[~((THREE_COHORTS["start"] == 4) & (THREE_COHORTS["period"] == 5))]
    result = _estimate(panel)

    left_out = {note.reason: note.values["found"] for note in result.notes if "staggered" in note.reason}
    assert left_out == {"effect_staggered_no_units": 1}
    assert "4:5" not in result.group_time["term"].tolist()
    assert "4:6" in result.group_time["term"].tolist()


def test_covariates_that_controls_cannot_tell_apart_are_said() -> None:
    panel = THREE_COHORTS.assign(big=(THREE_COHORTS["start"] == 4).astype(float))
    result = _estimate(panel, covariates=["big"], control="not_yet")

    # Never and not yet treated controls of cohorts 3 and 6 hold cohort 4 only before period 4.
    assert "effect_staggered_collinear" in [note.reason for note in result.notes]
    with pytest.raises(EffectError, match="no cohort can be compared") as refused:
        _estimate(panel, covariates=["big"], control="never")
    assert refused.value.reason == "effect_staggered_no_comparison"


def test_covariates_that_tell_treatment_with_certainty_are_said() -> None:
    size = np.where(THREE_COHORTS["start"] == 3, 5.0, 0.0) + np.sin(THREE_COHORTS["unit"])
    result = _estimate(THREE_COHORTS.assign(size=size), covariates=["size"], method="ipw")

    assert [note.values for note in result.notes if note.reason == "effect_staggered_no_overlap"] == [
        {"found": 5}
    ]
    assert set(result.group_time["cohort"]) == {4, 6}


@pytest.mark.parametrize(
    ("change", "options", "reason"),
    [
        ({}, {"start": None}, "effect_staggered_no_start"),
        ({}, {"control": "later"}, "effect_unknown_choice"),
        ({}, {"method": "ols"}, "effect_unknown_choice"),
        ({}, {"anticipation": -1}, "effect_staggered_number"),
        ({}, {"level": 95}, "effect_staggered_number"),
        ({}, {"balance": 5}, "effect_staggered_balance"),
        ({}, {"outcome": "z"}, "effect_unknown_column"),
        ({}, {"start": "z"}, "effect_unknown_column"),
        ({"now": 0}, {"start": 3, "treated": "now"}, "effect_unknown_column"),
        ({}, {"covariates": ["z"]}, "effect_unknown_column"),
        ({"start": 3}, {}, "effect_no_control"),
        ({"start": THREE_COHORTS["start"].clip(upper=1)}, {}, "effect_no_period_before"),
        ({"start": 0}, {}, "effect_no_treated"),
        ({"y": 1.0}, {}, "effect_constant_outcome"),
        ({"y": "1,5"}, {}, "effect_text_for_numbers"),
        ({"unit": 1}, {}, "effect_duplicate_rows"),
        ({"cluster": 1}, {"cluster": "cluster"}, "effect_one_cluster"),
    ],
)
def test_what_cannot_be_estimated_is_refused(
    change: dict[str, Any], options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(EffectError) as refused:
        _estimate(THREE_COHORTS.assign(**change), **options)

    assert refused.value.reason == reason


def test_without_never_treated_units_the_refusal_names_the_other_controls() -> None:
    panel = THREE_COHORTS[THREE_COHORTS["start"] > 0]

    with pytest.raises(EffectError, match="control='not_yet'") as refused:
        _estimate(panel)

    assert refused.value.reason == "effect_staggered_no_never_treated"
    assert refused.value.values == {"units": 28}
    with pytest.raises(EffectError) as refused:
        _estimate(_random_panel(1, {2: 4, 3: 4}, 4), control="not_yet", anticipation=1)
    assert refused.value.reason == "effect_staggered_no_later"


def test_a_panel_without_rows_is_refused() -> None:
    with pytest.raises(EffectError) as refused:
        _estimate(THREE_COHORTS.iloc[:0])

    assert refused.value.reason == "effect_no_rows"


def test_a_panel_without_a_complete_unit_is_refused_where_gaps_are_dropped() -> None:
    panel = THREE_COHORTS[(THREE_COHORTS["unit"] + THREE_COHORTS["period"]) % 3 != 0]

    with pytest.raises(EffectError) as refused:
        _estimate(panel, gaps="drop")

    assert refused.value.reason == "effect_staggered_all_incomplete"
    assert _estimate(panel).simple.n_units == 48
