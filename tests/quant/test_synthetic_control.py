"""Synthetic control: weights by hand and against another optimiser, predictors, placebos, the fit rule."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.errors import EffectError
from quant.synthetic_control import prune_donors, synthetic_control
from quant.synthetic_placebos import placebo_rank
from quant.synthetic_predictors import Predictor
from quant.synthetic_weights import closest_weights, regression_weights
from tests.quant.synthetic_panels import ASKED, factors, long, mixture


def with_predictors(panel: pd.DataFrame) -> pd.DataFrame:
    """Size, seen in some years only, and age: T is 60 % of A and 40 % of B in both."""
    size = {"T": 16.0, "A": 20.0, "B": 10.0, "C": 90.0, "D": 1.0}
    age = {"T": 42.0, "A": 40.0, "B": 45.0, "C": 50.0, "D": 30.0}
    seen = panel["year"].isin([2003, 2007])
    return panel.assign(size=panel["town"].map(size).where(seen), age=panel["town"].map(age))


def test_one_period_between_two_donors_is_split_by_distance() -> None:
    assert closest_weights(np.array([[1.0 - 4.0, 5.0 - 4.0]])) == pytest.approx([0.25, 0.75])
    # Outside the donors the nearest one gets all.
    assert closest_weights(np.array([[1.0 - 7.0, 5.0 - 7.0]])) == pytest.approx([0.0, 1.0])
    assert closest_weights(np.array([[0.0, 0.0, 0.0]])).sum() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_weights_are_those_of_a_general_optimiser(seed: int) -> None:
    from scipy.optimize import minimize

    rng = np.random.default_rng(seed)
    differences = rng.normal(size=(12, 6)) + 3 * rng.normal(size=6)
    found = closest_weights(differences)
    other = minimize(
        lambda weights: np.sum((differences @ weights) ** 2),
        np.full(6, 1 / 6),
        method="SLSQP",
        bounds=[(0, 1)] * 6,
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert (found >= 0).all()
    assert np.sum((differences @ found) ** 2) <= other.fun * (1 + 1e-8)
    assert found == pytest.approx(other.x, abs=1e-4)


def test_a_mixture_gets_back_its_weights_and_its_effect() -> None:
    result = synthetic_control(mixture(), **ASKED)
    assert result.weights.to_dict() == pytest.approx({"A": 0.6, "B": 0.4, "C": 0, "D": 0}, abs=1e-8)
    assert list(result.weights.index[:2]) == ["A", "B"]
    assert result.donors == ["A", "B"]
    assert result.gap.to_numpy() == pytest.approx([0.0] * 10 + [2.0] * 6, abs=1e-7)
    assert (result.effect, result.post_rmspe) == pytest.approx((2.0, 2.0))
    assert result.percent == pytest.approx(200 / result.path["synthetic"][10:].mean())
    assert result.path["after"].tolist() == [False] * 10 + [True] * 6
    assert (result.start, result.treated_unit, result.fit) == (2010, "T", "good")


def test_balance_of_outcomes_is_one_row_a_period() -> None:
    balance = synthetic_control(mixture(), **ASKED, placebo=False).balance
    assert list(balance.index) == list(range(2000, 2010))
    panel = mixture().pivot(index="year", columns="town", values="y")
    assert balance["donor_mean"].to_numpy() == pytest.approx(panel.loc[:2009, list("ABCD")].mean(axis=1))
    assert balance["weight"].tolist() == pytest.approx([0.1] * 10)


def test_units_of_measure_and_order_of_rows_change_nothing() -> None:
    panel = factors(1, effect=3.0)
    asked = {**ASKED, "start": 2020}
    first = synthetic_control(panel, **asked)
    mixed = panel.sample(frac=1, random_state=3).assign(y=lambda rows: 1000 * rows["y"] - 7)
    again = synthetic_control(mixed, **asked)
    assert again.weights[first.weights.index].to_numpy() == pytest.approx(first.weights.to_numpy(), abs=1e-9)
    assert again.effect == pytest.approx(1000 * first.effect)
    assert again.p_value == first.p_value


def test_the_panel_is_left_as_it_was() -> None:
    panel = with_predictors(mixture())
    before = panel.copy()
    synthetic_control(panel, **ASKED, predictors=["age", "size"], placebo=False)
    pd.testing.assert_frame_equal(panel, before)


def test_units_may_be_numbers_and_periods_quarters() -> None:
    panel = mixture().assign(
        code=lambda rows: rows["town"].map({name: 101 + i for i, name in enumerate("TABCD")}),
        quarter=lambda rows: (
            (2000 + (rows["year"] - 2000) // 4).astype(str)
            + "Q"
            + ((rows["year"] - 2000) % 4 + 1).astype(str)
        ),
    )
    result = synthetic_control(
        panel, outcome="y", unit="code", time="quarter", treated_unit=101, start="2002Q3"
    )
    assert result.donors == [102, 103]
    assert result.effect == pytest.approx(2.0)


@pytest.mark.parametrize(
    "size",
    [
        "size",
        ("size", [2003, 2007]),
        ("size", 2003),
        ("size", range(2000, 2010), "median"),
        {"column": "size", "periods": [2007]},
        Predictor("size", (2003,)),
    ],
)
def test_a_predictor_may_be_written_in_several_ways_and_lack_periods(size: Any) -> None:
    result = synthetic_control(with_predictors(mixture()), **ASKED, predictors=["age", size], placebo=False)
    row = result.balance.iloc[1]
    assert (row["treated"], row["donor_mean"]) == (16.0, 30.25)
    assert result.predictor_weights.sum() == pytest.approx(1)
    assert result.weights.sum() == pytest.approx(1)
    assert str(result.balance.index[1]).startswith("size")


def test_optimised_predictors_match_outcomes_at_least_as_well_as_other_weights() -> None:
    panel = with_predictors(mixture())
    asked = {**ASKED, "predictors": ["age", "size", ("y", 2004), ("y", 2009)], "placebo": False}
    best = synthetic_control(panel, **asked).pre_rmspe
    for method in ("equal", "regression"):
        assert best <= synthetic_control(panel, **asked, predictor_weights=method).pre_rmspe + 1e-12
    assert best == pytest.approx(0, abs=1e-4)


def test_given_predictor_weights_are_read_by_label_or_by_order() -> None:
    panel = with_predictors(mixture())
    asked = {**ASKED, "predictors": ["age", ("size", 2003)], "placebo": False}
    by_order = synthetic_control(panel, **asked, predictor_weights=[3, 1])
    by_label = synthetic_control(panel, **asked, predictor_weights={"size 2003": 0.25, "age": 0.75})
    assert by_order.predictor_weights.tolist() == [0.75, 0.25]
    assert by_label.weights.tolist() == by_order.weights.tolist()


def test_regression_weights_are_squared_slopes() -> None:
    x = np.array([[0.0, 1.0, 2.0, 3.0], [1.0, -1.0, -1.0, 1.0]])
    outcomes = np.vstack([1 + 3 * x[0] + 1 * x[1], 2 + 0 * x[0] + 2 * x[1]])
    # slopes 3 and 0 of the first, 1 and 2 of the second: 9 and 5
    assert regression_weights(x, outcomes) == pytest.approx([9 / 14, 5 / 14])


def test_only_the_periods_to_optimise_are_matched() -> None:
    panel = mixture()
    late = synthetic_control(panel, **ASKED, optimise_periods=range(2005, 2010), placebo=False)
    assert list(late.balance.index) == list(range(2005, 2010))


def test_every_donor_is_a_placebo_and_p_is_the_rank_among_all() -> None:
    steps: list[tuple[int, int]] = []
    result = synthetic_control(
        factors(2, effect=6.0), **{**ASKED, "start": 2020}, on_step=lambda *step: steps.append(step)
    )
    table = result.placebo
    assert (len(table), table["treated"].sum(), table["unit"][0]) == (20, 1, "T")
    assert result.p_value == 1 / 20
    assert table["rank"].tolist() == list(range(1, 21))
    assert (table["ratio"].diff().dropna() <= 0).all()
    assert steps == [(number, 19) for number in range(1, 20)]
    gaps = result.placebo_gaps
    assert gaps.shape == (30, 20)
    assert gaps["T"].to_numpy() == pytest.approx(result.gap.to_numpy())
    row = table[table["unit"] == "d07"].iloc[0]
    assert row["effect"] == pytest.approx(gaps["d07"][20:].mean())
    assert row["pre_rmspe"] == pytest.approx((gaps["d07"][:20] ** 2).mean() ** 0.5)


def test_the_treated_unit_is_no_donor_of_a_placebo() -> None:
    asked = {**ASKED, "start": 2020}
    small = synthetic_control(factors(4, effect=1.0), **asked).placebo_gaps
    large = synthetic_control(factors(4, effect=50.0), **asked).placebo_gaps
    others = small.columns.drop("T")
    np.testing.assert_allclose(small[others], large[others])


def test_without_an_effect_p_values_are_as_rare_as_they_say() -> None:
    asked = {**ASKED, "start": 2010}
    found = [synthetic_control(factors(seed, n_periods=15, start=10), **asked).p_value for seed in range(100)]
    # 100 panels of 20 units: at most 10 % plus three standard errors
    assert np.mean(np.array(found) <= 0.1) == pytest.approx(0.1, abs=0.09)
    assert np.mean(found) == pytest.approx(0.525, abs=0.09)


def test_badly_matched_placebos_can_be_left_out_of_the_rank() -> None:
    result = synthetic_control(factors(5, effect=3.0), **{**ASKED, "start": 2020})
    everyone, near = placebo_rank(result), placebo_rank(result, within=1.2)
    assert (everyone.units, everyone.p_value) == (20, result.p_value)
    kept = near.table[~near.table["treated"]]
    assert (kept["pre_rmspe"] ** 2 <= 1.2 * result.pre_rmspe**2).all()
    assert near.units == len(kept) + 1 < 20
    assert near.rank == int((near.table["ratio"] >= result.ratio).sum())
    without = synthetic_control(mixture(), **ASKED, placebo=False)
    with pytest.raises(EffectError, match="placebo=True"):
        placebo_rank(without)


def test_a_result_without_placebos_has_no_p_value() -> None:
    result = synthetic_control(mixture(), **ASKED, placebo=False)
    assert np.isnan(result.p_value)
    assert result.placebo.empty
    assert result.match.worse_than is None


def reasons(result: Any) -> list[str]:
    return [note.reason for note in result.notes]


def test_a_unit_far_above_all_donors_is_too_poorly_matched_to_read() -> None:
    panel = factors(6)
    panel.loc[panel["town"] == "T", "y"] += 100
    result = synthetic_control(panel, **{**ASKED, "start": 2020})
    assert (result.fit, result.interpretable, result.match.outside_share) == ("poor", False, 1.0)
    assert {"synthetic_poor_fit", "synthetic_outside_range"} <= set(reasons(result))
    assert "may not be read as an effect" in result.notes[0]
    assert result.effect == pytest.approx(100, abs=10)  # still there, but flagged


def test_a_unit_that_moves_against_all_donors_is_poorly_matched() -> None:
    t = np.arange(16.0)
    donors = {f"d{number}": 10 + number + t + np.sin(number * t) for number in range(1, 6)}
    result = synthetic_control(long({"T": 20 - t, **donors}), **ASKED)
    assert result.fit == "poor"
    assert result.match.explained < 0.5
    assert "synthetic_little_explained" in reasons(result)


def test_a_unit_beside_the_donors_that_moves_as_they_do_is_doubtful_not_poor() -> None:
    t = np.arange(16.0)
    donors = {f"d{number}": number + 2 * t + np.sin(number * t) for number in range(1, 6)}
    result = synthetic_control(long({"T": 6.5 + 2 * t, **donors}), **ASKED)
    assert (result.fit, result.interpretable) == ("doubtful", True)
    assert result.match.outside_share > 0.25


def test_noise_that_donors_share_the_size_of_is_not_called_poor() -> None:
    poor = [
        synthetic_control(factors(seed, n_periods=24, start=16), **{**ASKED, "start": 2016}).fit == "poor"
        for seed in range(20)
    ]
    assert sum(poor) <= 2


def test_few_periods_few_units_and_an_exact_match_are_said() -> None:
    result = synthetic_control(mixture(start=2), **{**ASKED, "start": 2002})
    assert "synthetic_exact_match" not in reasons(synthetic_control(mixture(), **ASKED))
    assert {"synthetic_short_before", "synthetic_attainable_p", "synthetic_exact_match"} <= set(
        reasons(result)
    )


def test_predictors_of_later_periods_are_said() -> None:
    result = synthetic_control(
        mixture(), **ASKED, predictors=[("y", [2008, 2010]), ("y", 2005)], placebo=False
    )
    assert reasons(result).count("synthetic_predictor_after_start") == 1


def test_treated_units_are_no_donors_unless_named_which_is_refused() -> None:
    panel = mixture().assign(reform=lambda rows: rows["town"].isin(["T", "A"]).astype(int))
    result = synthetic_control(panel, **ASKED, treated="reform", placebo=False)
    assert sorted(result.weights.index) == ["B", "C", "D"]
    assert "synthetic_treated_left_out" in reasons(result)
    with pytest.raises(EffectError) as refused:
        synthetic_control(panel, **ASKED, treated="reform", donors=["A", "B", "C"])
    assert refused.value.reason == "synthetic_treated_donor"


def test_pruned_donors_are_the_heaviest_that_make_up_the_share() -> None:
    weights = pd.Series({"a": 0.5, "b": 0.3, "c": 0.15, "d": 0.05, "e": 0.0})
    assert prune_donors(weights) == ["a", "b", "c", "d"]
    assert prune_donors(weights, share=0.8) == ["a", "b"]
    assert prune_donors(weights, share=0.81) == ["a", "b", "c"]
    assert prune_donors(weights, smallest=0.1) == ["a", "b", "c"]
    assert prune_donors(synthetic_control(mixture(), **ASKED, placebo=False)) == ["A", "B"]
    with pytest.raises(EffectError) as refused:
        prune_donors(weights, share=0)
    assert refused.value.reason == "synthetic_share"
    with pytest.raises(EffectError) as refused:
        prune_donors(weights, smallest=0.6)
    assert refused.value.reason == "synthetic_none_kept"


def test_the_result_is_json() -> None:
    result = synthetic_control(with_predictors(mixture()), **ASKED, predictors=["age", "size"])
    values = json.loads(json.dumps(result.as_dict(), allow_nan=False))
    assert [row["donor"] for row in values["weights"]] == result.donors
    assert values["path"][0]["period"] == 2000
    assert values["fit"] == result.fit
    assert values["placebo"][0]["rank"] == 1
    assert values["settings"]["periods_before"] == 10
