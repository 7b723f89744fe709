"""Event study: against regressions with dummies, joint test of earlier periods, coverage and size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from quant.did import did
from quant.effect_fit import Effect, fit_effects
from quant.effect_results import EffectResult
from quant.effect_solver import Cells
from quant.errors import EffectError
from quant.event_study import event_study
from quant.pretrend_tests import pretrend_test
from quant.regression import regression

COLUMNS: dict[str, Any] = {
    "gaps": "keep",
    "outcome": "y",
    "unit": "person",
    "time": "quarter",
    "treated": "group",
}
TOWNS, PERIODS, START, TREATED = 58, 8, 4, 17


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """120 persons in 30 towns over 7 quarters, one in eight rows missing; treatment starts in 2016Q1."""
    rng = np.random.default_rng(4)
    quarters = ["2015Q1", "2015Q2", "2015Q3", "2015Q4", "2016Q1", "2016Q2", "2016Q3"]
    rows = [(p, p // 4, q) for p in range(120) for q in quarters if rng.random() < 0.875]
    frame = pd.DataFrame(rows, columns=["person", "town", "quarter"])
    frame["group"] = (frame["town"] < 12).astype(int)
    frame["age"] = rng.normal(size=len(frame))
    frame["y"] = rng.normal(size=len(frame)) + frame["group"] * (frame["quarter"] >= "2016Q1") + frame["age"]
    for quarter in quarters:
        frame[f"at_{quarter}"] = frame["group"] * (frame["quarter"] == quarter)
    return frame


def by_term(result: EffectResult, column: str) -> dict[str, float]:
    return dict(zip(result.table["term"], result.table[column], strict=True))


@pytest.mark.parametrize("fixed_effects", ["unit", "group"])
@pytest.mark.parametrize("cluster", [None, "town"])
def test_each_period_is_the_coefficient_of_its_interaction(
    panel: pd.DataFrame, fixed_effects: str, cluster: str | None
) -> None:
    result = event_study(
        panel,
        **COLUMNS,
        base="2015Q4",
        cluster=cluster,
        covariates=["age"],
        fixed_effects=fixed_effects,  # type: ignore[arg-type]
    )
    terms = [f"at_{quarter}" for quarter in sorted(panel["quarter"].unique()) if quarter != "2015Q4"]
    further = "C(quarter) + age" if fixed_effects == "unit" else "C(quarter) + age + group"
    second = regression(
        f"y ~ {' + '.join(terms)} + {further}",
        panel,
        absorb="person" if fixed_effects == "unit" else None,
        vcov={"cluster": cluster} if cluster else "iid",
        dof="xtreg",
    )
    assert result.table["term"].tolist() == [term.removeprefix("at_") for term in terms]
    assert result.table["kind"].tolist() == ["pre"] * 3 + ["post"] * 3
    for term in terms:
        name = term.removeprefix("at_")
        assert by_term(result, "estimate")[name] == pytest.approx(second.estimate(term), rel=1e-9)
        assert by_term(result, "std_error")[name] == pytest.approx(second.std_error(term), rel=1e-9)
    seen = second.covariance.loc[terms, terms].to_numpy()
    np.testing.assert_allclose(result.covariance.to_numpy(), seen, rtol=1e-8, atol=1e-12)
    assert (result.base, result.start) == ("2015Q4", "2016Q1")


def test_the_joint_test_is_the_f_of_the_earlier_interactions(panel: pd.DataFrame) -> None:
    from statsmodels.formula.api import ols

    earlier = ["at_2015Q1", "at_2015Q2", "at_2015Q3"]
    later = ["at_2016Q1", "at_2016Q2", "at_2016Q3"]
    second = ols(f"y ~ {' + '.join(earlier + later)} + group + C(quarter)", panel).fit(
        cov_type="cluster", cov_kwds={"groups": panel["town"]}, use_t=True
    )
    theirs = second.f_test(" = ".join(earlier) + " = 0")
    result = event_study(panel, **COLUMNS, base="2015Q4", cluster="town", fixed_effects="group")
    ours = pretrend_test(result)
    assert ours.statistic == pytest.approx(float(theirs.fvalue), rel=1e-8)
    assert ours.p_value_unadjusted == pytest.approx(float(theirs.pvalue), rel=1e-8)
    assert ours.p_value > ours.p_value_unadjusted
    assert (ours.kind, ours.df, ours.df_residual) == ("joint", 3, 29)
    assert ours.terms == ("2015Q1", "2015Q2", "2015Q3")


def test_a_base_in_the_middle_leaves_periods_before_the_start_on_both_sides(panel: pd.DataFrame) -> None:
    result = event_study(panel, **COLUMNS, base="2015Q2", start="2016Q1")
    assert result.of_kind("pre")["term"].tolist() == ["2015Q1", "2015Q3", "2015Q4"]
    last = event_study(panel, **COLUMNS, base="2015Q4")
    shift = by_term(result, "estimate")["2015Q4"]
    for term in ("2015Q1", "2016Q1", "2016Q3"):
        moved = by_term(result, "estimate")[term] - shift
        assert by_term(last, "estimate")[term] == pytest.approx(moved, rel=1e-9)


def test_relative_periods_around_zero_are_an_event_study(panel: pd.DataFrame) -> None:
    frame = panel.assign(
        quarter=panel["quarter"].map({q: n - 4 for n, q in enumerate(sorted(set(panel["quarter"])))})
    )
    result = event_study(frame, **COLUMNS, base=-1, cluster="town")
    assert result.table["period"].tolist() == [-4, -3, -2, 0, 1, 2]
    same = event_study(panel, **COLUMNS, base="2015Q4", cluster="town")
    np.testing.assert_allclose(result.table["estimate"], same.table["estimate"], rtol=1e-10)


def test_treated_means_and_percents_are_those_of_the_period(panel: pd.DataFrame) -> None:
    row = event_study(panel, **COLUMNS, base="2015Q4").table.set_index("term").loc["2016Q2"]
    mean = panel.loc[panel["at_2016Q2"] == 1, "y"].mean()
    assert row["treated_mean"] == pytest.approx(mean)
    assert row["percent_of_mean"] == pytest.approx(100 * row["estimate"] / mean)


def test_no_test_of_earlier_trends_without_earlier_periods(panel: pd.DataFrame) -> None:
    with pytest.raises(EffectError) as refused:
        pretrend_test(did(panel, **COLUMNS, start="2016Q1"))
    assert refused.value.reason == "effect_no_pre_coefficients"


def test_with_too_few_clusters_for_all_coefficients_their_slope_is_tested(panel: pd.DataFrame) -> None:
    frame = panel.assign(region=panel["town"] // 8)
    result = event_study(frame, **COLUMNS, base="2015Q4", cluster="region")
    found = pretrend_test(result)
    before = result.of_kind("pre")["estimate"].to_numpy()
    slope = np.polyfit([-3, -2, -1, 0], np.append(before, 0.0), 1)[0]
    covariance = result.covariance.iloc[:3, :3].to_numpy()
    weights = found.weights[:, 0]
    assert found.kind == "slope"
    assert found.statistic == pytest.approx(slope**2 / (weights @ covariance @ weights), rel=1e-9)
    assert 1 < found.df_denominator < 4


def town_cells(rng: np.random.Generator, effect: float) -> Cells:
    """58 towns of unequal size with own levels and correlated shocks; an effect for 17 in the later half."""
    sizes = rng.integers(20, 80, TOWNS).astype(float)
    shocks = rng.normal(size=(TOWNS, PERIODS))
    for period in range(1, PERIODS):
        shocks[:, period] = 0.6 * shocks[:, period - 1] + 0.8 * shocks[:, period]
    mean = rng.normal(size=(TOWNS, 1)) + 0.2 * shocks
    mean += rng.normal(size=(TOWNS, PERIODS)) / np.sqrt(sizes)[:, None]
    mean[:TREATED, START:] += effect
    town = np.repeat(np.arange(TOWNS), PERIODS)
    n = sizes[town]
    moved = n * (mean - mean.mean(axis=1, keepdims=True)).ravel()
    return Cells(
        groups=town,
        clusters=town,
        places=np.tile(np.arange(PERIODS), TOWNS),
        ever=town < TREATED,
        covariates={},
        absorb={},
        n=n,
        total=n * mean.ravel(),
        moved=moved,
        squares=moved**2 / n,
        rows=int(n.sum()),
        units=int(sizes.sum()),
        treated_units=int(sizes[:TREATED].sum()),
    )


def test_intervals_cover_the_effect_and_tests_keep_their_size_with_58_clusters() -> None:
    """400 panels: coverage and size lie where 99.9 % of such counts lie if they are 95 % and 5 %.

    Clustered errors with 17 of 58 treated are known to be a little small; two points are allowed for that.
    """
    rng = np.random.default_rng(2017)
    effects = [Effect("effect", (4, 5, 6, 7), "post", "pooled")]
    before = [
        Effect(str(place), (place,), place, "pre" if place < START else "post")
        for place in range(PERIODS)
        if place != START - 1
    ]
    covered = rejected = 0
    estimates = []
    for _ in range(400):
        cells = town_cells(rng, effect=0.3)
        row = fit_effects(cells, effects, n_periods=PERIODS, vcov="cluster", dof="xtreg").table.iloc[0]
        covered += row["ci_low"] <= 0.3 <= row["ci_high"]
        estimates.append(row["estimate"])
        fitted = fit_effects(cells, before, n_periods=PERIODS, vcov="cluster", dof="xtreg")
        rejected += fitted.table["p_value"].iloc[0] < 0.05
    low, high = binom.ppf(0.0005, 400, 0.93), binom.ppf(0.9995, 400, 0.95)
    assert low <= covered <= high
    assert binom.ppf(0.0005, 400, 0.05) <= rejected <= binom.ppf(0.9995, 400, 0.07)
    assert np.mean(estimates) == pytest.approx(0.3, abs=4 * np.std(estimates) / 20)
