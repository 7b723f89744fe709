"""Conformal intervals: against a refit by hand, their coverage, and where they have no end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from quant.errors import EffectError
from quant.synthetic_control import synthetic_control
from quant.synthetic_intervals import conformal_intervals
from quant.synthetic_results import SyntheticControlResult
from tests.quant.synthetic_panels import ASKED, factors, mixture


def result_of(seed: int, **made: Any) -> SyntheticControlResult:
    made = {"n_periods": 21, "start": 19, **made}
    return synthetic_control(
        factors(seed, **made), **{**ASKED, "start": 2000 + made["start"], "placebo": False}
    )


def p_value_by_hand(result: SyntheticControlResult, period: int, effect: float) -> float:
    """Take the effect off, find weights on the periods before the start and this one, rank its residual."""
    panel = result.panel.source.pivot(index="year", columns="town", values="y")
    panel = panel.loc[[*range(2000, result.start), period]]
    panel.loc[period, "T"] -= effect
    donors = panel.drop(columns="T").to_numpy()
    weights = _simplex(donors - panel[["T"]].to_numpy())
    residuals = np.abs(panel["T"].to_numpy() - donors @ weights)
    return float(np.mean(residuals >= residuals[-1] - 1e-9))


def _simplex(differences: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize

    n = differences.shape[1]
    found = minimize(
        lambda weights: np.sum((differences @ weights) ** 2),
        np.full(n, 1 / n),
        jac=lambda weights: 2 * differences.T @ (differences @ weights),
        method="SLSQP",
        bounds=[(0, 1)] * n,
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    return np.asarray(found.x)


def test_the_ends_of_an_interval_are_where_a_refit_begins_to_reject() -> None:
    result = result_of(1, units=8)
    table = conformal_intervals(result, level=0.8).table.set_index("period")
    for period in (2019, 2020):
        low, high = table.loc[period, ["ci_low", "ci_high"]]
        step = 1e-3 * (high - low)
        assert p_value_by_hand(result, period, low + step) > 0.2
        assert p_value_by_hand(result, period, low - step) <= 0.2
        assert p_value_by_hand(result, period, high - step) > 0.2
        assert p_value_by_hand(result, period, high + step) <= 0.2


def test_intervals_hold_the_true_effect_as_often_as_they_say() -> None:
    held = []
    for seed in range(60):
        table = conformal_intervals(result_of(seed, effect=3.0), level=0.9).table
        held += list((table["ci_low"] <= 3.0) & (table["ci_high"] >= 3.0))
    # 120 intervals, two of each panel: 90 % with three standard errors of 60
    assert np.mean(held) == pytest.approx(0.9, abs=0.09)


def test_the_joint_test_rejects_no_effect_where_there_is_one() -> None:
    none, large = (conformal_intervals(result_of(2, effect=effect)) for effect in (0.0, 30.0))
    assert none.p_value > 0.2
    assert large.p_value == pytest.approx(1 / 21)
    assert large.table["p_value"].to_numpy() == pytest.approx([1 / 20, 1 / 20])
    assert large.effect == pytest.approx(30, abs=3)
    assert large.ci_low < 30 < large.ci_high


def test_too_few_periods_leave_an_interval_without_ends() -> None:
    result = result_of(3, n_periods=12, start=10)
    found = conformal_intervals(result, level=0.95)
    assert found.attainable_p == pytest.approx(1 / 11)
    assert found.table["ci_low"].tolist() == [-np.inf] * 2
    assert found.table["ci_high"].tolist() == [np.inf] * 2
    assert [note.reason for note in found.notes] == ["synthetic_interval_unbounded"]
    assert np.isfinite(conformal_intervals(result, level=0.9).table[["ci_low", "ci_high"]].to_numpy()).all()


def test_drawn_orders_repeat_with_their_seed_and_progress_is_told() -> None:
    result = result_of(4, effect=2.0)
    steps: list[tuple[int, int]] = []
    first = conformal_intervals(
        result, permutations="iid", draws=199, seed=7, on_step=lambda *step: steps.append(step)
    )
    again = conformal_intervals(result, permutations="iid", draws=199, seed=7)
    assert (first.p_value, first.ci_low) == (again.p_value, again.ci_low)
    assert first.p_value >= 1 / 200
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_an_exact_match_and_no_effect_cannot_be_rejected() -> None:
    result = synthetic_control(mixture(effect=0.0), **ASKED, placebo=False)
    found = conformal_intervals(result, level=0.9)
    assert found.p_value == 1.0
    assert found.table["p_value"].tolist() == [1.0] * 6


def test_intervals_of_an_analysis_with_predictors_say_that_they_match_outcomes() -> None:
    result = synthetic_control(mixture(), **ASKED, predictors=["y", ("y", 2003)], placebo=False)
    assert "synthetic_interval_outcomes" in [note.reason for note in conformal_intervals(result).notes]


@pytest.mark.parametrize("asked", [{"level": 1.2}, {"permutations": "blocks"}])
def test_unknown_options_are_refused(asked: dict[str, Any]) -> None:
    result = synthetic_control(mixture(), **ASKED, placebo=False)
    with pytest.raises(EffectError) as refused:
        conformal_intervals(result, **asked)
    assert refused.value.reason == "synthetic_interval_options"
