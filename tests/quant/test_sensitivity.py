"""Departures from parallel trends: closed forms against linear programs, hand values, coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.stats import norm

from quant.errors import EffectError
from quant.sensitivity import relative_magnitudes, smoothness
from quant.sensitivity_magnitudes import (
    _tests,
    cumulative_weights,
    magnitude_interval,
    magnitude_problem,
    magnitude_set,
    pre_differences,
)
from quant.sensitivity_smoothness import (
    folded_normal_quantile,
    smoothness_interval,
    smoothness_problem,
    smoothness_set,
)
from quant.staggered import staggered
from tests.quant.event_results import PUBLISHED, event_result


def random_study(seed: int, n_pre: int, after: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(n_pre + after, n_pre + after))
    covariance = root @ root.T / 4 + 0.5
    return rng.multivariate_normal(np.zeros(n_pre + after), covariance), covariance


def eta_by_linear_program(
    estimate: np.ndarray,
    covariance: np.ndarray,
    n_pre: int,
    weights: np.ndarray,
    allowed: np.ndarray,
    theta: float,
) -> float:
    """min eta over effects t with l't = theta, for the moments |d(b - t)| <= allowed'b + eta sd."""
    k, after = len(estimate), len(weights)
    differences = np.zeros((after, k))
    for period in range(after):
        differences[period, n_pre + period] = 1
        if period:
            differences[period, n_pre + period - 1] = -1
    rows = np.vstack([differences - allowed, -differences - allowed])
    deviation = np.sqrt(np.diag(rows @ covariance @ rows.T))
    effect = np.vstack([differences[:, n_pre:], -differences[:, n_pre:]])
    solved = linprog(
        np.r_[1.0, np.zeros(after)],
        A_ub=np.hstack([-deviation[:, None], -effect]),
        b_ub=-(rows @ estimate),
        A_eq=np.r_[0.0, weights][None, :],
        b_eq=[theta],
        bounds=[(None, None)] * (after + 1),
        method="highs",
    )
    return float(solved.fun)


@pytest.mark.parametrize("bound", [0.0, 0.7, 2.0])
@pytest.mark.parametrize("weights", [[1.0, 0, 0], [0.2, 0.3, 0.5], [-1.0, 0, 1.0]])
def test_the_statistic_is_the_solution_of_its_linear_program(bound: float, weights: list[float]) -> None:
    estimate, covariance = random_study(3, 4, 3)
    problem = magnitude_problem(estimate, covariance, 4, np.array(weights), draws=200)
    choices = [sign * row for row in pre_differences(7, 4) for sign in (1, -1)]
    for test, choice in zip(_tests(problem, bound, 0.05), choices, strict=True):
        for theta in (-3.0, 0.4, 5.0):
            by_program = eta_by_linear_program(
                estimate, covariance, 4, np.array(weights), bound * choice, theta
            )
            assert (test.level - test.slope * theta).max() == pytest.approx(by_program, abs=1e-8)


def test_differences_are_weighted_by_what_is_summed_after_them() -> None:
    assert list(cumulative_weights(np.array([0.5, 0.25, 0.25]))) == [1.0, 0.5, 0.25]
    assert pre_differences(4, 2).tolist() == [[-1, 1, 0, 0], [0, -1, 0, 0]]


def test_without_departures_the_interval_is_nearly_the_ordinary_one() -> None:
    result = event_result([0.3, -0.2, 1.0, 1.2], np.diag([0.04, 0.04, 0.09, 0.16]), n_pre=2)
    found = relative_magnitudes(result, bounds=[0.0])

    ordinary = [1.0 - 1.959964 * 0.3, 1.0 + 1.959964 * 0.3]
    assert found.table.loc[0, ["ci_low", "ci_high"]].tolist() == pytest.approx(ordinary, abs=0.005)
    assert (found.ci_low, found.ci_high) == pytest.approx(ordinary, abs=1e-6)


def test_identified_sets_by_hand() -> None:
    # Before: 0.3, -0.2, base 0. Differences -0.5 and 0.2; changes of slope 0.7. After: 1.0, 1.2.
    result = event_result([0.3, -0.2, 1.0, 1.2], np.eye(4), n_pre=2)
    magnitudes = relative_magnitudes(result, bounds=[2.0], target="average")
    slopes = smoothness(result, bounds=[0.5, 0.7, 1.0], target="average")

    # The average lies 0.5 x 2 x (1 + 0.5) to either side of 1.1.
    assert magnitudes.table.loc[0, ["set_low", "set_high"]].tolist() == pytest.approx([-0.4, 2.6])
    assert magnitudes.scale == pytest.approx(0.5)
    # The line rises by 0.2 a period: 0.2 and 0.4 off the effects; a change M adds M, M + 2M: on average 2 M.
    assert slopes.table["set_low"].tolist() == pytest.approx([np.nan, 0.8 - 1.4, 0.8 - 2.0], nan_ok=True)
    assert slopes.table["set_high"].tolist() == pytest.approx([np.nan, 0.8 + 1.4, 0.8 + 2.0], nan_ok=True)
    assert slopes.scale == pytest.approx(0.7)


def test_one_period_on_each_side_gives_a_fixed_length_interval_by_hand() -> None:
    # v'b = b_1 + b_-1, its standard deviation 0.5, its worst bias M.
    result = event_result([0.2, 1.0], np.diag([0.09, 0.16]), n_pre=1, treated_mean=4.0)
    found = smoothness(result, bounds=[0.0, 0.5])

    assert found.table["ci_high"].tolist()[0] == pytest.approx(1.2 + 1.959964 * 0.5, abs=1e-6)
    # |N(1, 1)| stays below 2.6460 with probability .95.
    assert norm.cdf(2.6460 - 1) - norm.cdf(-2.6460 - 1) == pytest.approx(0.95, abs=1e-4)
    assert found.table["ci_low"].tolist()[1] == pytest.approx(1.2 - 2.6460 * 0.5, abs=1e-3)
    assert found.table["ci_low_percent"].tolist()[1] == pytest.approx(100 * (1.2 - 1.3230) / 4, abs=0.05)
    assert np.isnan(found.scale)


def test_quantiles_of_the_folded_normal() -> None:
    assert folded_normal_quantile(0.0, 0.05) == pytest.approx(1.959964, abs=1e-6)
    assert folded_normal_quantile(-3.0, 0.05) == pytest.approx(3 + 1.644854, abs=1e-4)
    assert folded_normal_quantile(50.0, 0.05) == pytest.approx(51.644854, abs=1e-6)


def test_no_other_linear_estimator_gives_a_shorter_interval() -> None:
    estimate, covariance = random_study(5, 6, 4)
    problem = smoothness_problem(estimate, covariance, 6, np.full(4, 0.25))
    found = smoothness_interval(problem, 0.3)
    rng = np.random.default_rng(6)
    best, *_ = np.linalg.lstsq(problem.change, found.weights - problem.offset, rcond=None)
    for step in rng.normal(size=(300, 5)) * rng.choice([1e-3, 1e-2, 0.1], size=(300, 1)):
        q = best + step
        v = problem.offset + problem.change @ q
        deviation = np.sqrt(v @ covariance @ v)
        bias = 0.3 * (problem.constant + np.abs(q).sum())
        assert deviation * folded_normal_quantile(bias / deviation, 0.05) >= found.half_length - 1e-7


def test_a_straight_line_does_not_move_the_smoothness_interval() -> None:
    estimate, covariance = random_study(7, 3, 2)
    line = 0.8 * np.array([-3, -2, -1, 1, 2])
    plain = smoothness_interval(smoothness_problem(estimate, covariance, 3, np.array([0, 1.0])), 0.2)
    moved = smoothness_interval(smoothness_problem(estimate + line, covariance, 3, np.array([0, 1.0])), 0.2)

    assert (moved.low, moved.high) == pytest.approx((plain.low, plain.high), abs=1e-9)


def test_intervals_hold_the_effect_as_often_as_they_say() -> None:
    # The worst case that Mbar = 1 allows: differences of 1 before the start and of 1 after it.
    covariance = np.full((4, 4), 0.02) + 0.03 * np.eye(4)
    truth = np.array([0.0, 1.0, 1.0, 2.0])  # the effect is 0, the violation 1 in the first period
    draws = np.random.default_rng(8).multivariate_normal(truth - np.array([1, 1, 0, 0]), covariance, size=300)
    held = 0
    for estimate in draws:
        problem = magnitude_problem(estimate, covariance, 2, np.array([1.0, 0]), draws=2000)
        held += any(test.accepts(np.array([0.0]))[0] for test in _tests(problem, 1.0, 0.05))

    assert held / len(draws) == pytest.approx(0.95, abs=0.025)


def test_the_breakdown_value_is_where_the_interval_reaches_zero() -> None:
    result = event_result([0.1, -0.1, 1.0, 1.2], np.full((4, 4), 0.01) + 0.02 * np.eye(4), n_pre=2)
    magnitudes, slopes = relative_magnitudes(result), smoothness(result)

    for found, again in ((magnitudes, relative_magnitudes), (slopes, smoothness)):
        assert found.breakdown is not None
        below, above = again(result, bounds=[found.breakdown * 0.995, found.breakdown * 1.005]).table[
            "excludes_zero"
        ]
        assert (bool(below), bool(above)) == (True, False)
    assert magnitudes.notes[0].reason == "sensitivity_breakdown_magnitudes"
    assert slopes.notes[0].reason == "sensitivity_breakdown_smoothness"


def test_an_effect_that_is_not_there_has_no_breakdown_value() -> None:
    found = relative_magnitudes(event_result([0.1, 0.2, 0.1], np.eye(3), n_pre=2))

    assert found.breakdown is None
    assert found.notes[0].reason == "sensitivity_no_conclusion"


def test_the_target_may_be_a_period_or_weights() -> None:
    result = event_result([0.1, 1.0, 2.0], np.eye(3) * 0.01, n_pre=1)

    assert relative_magnitudes(result, bounds=[1], target="last").estimate == 2.0
    assert relative_magnitudes(result, bounds=[1], target=1).estimate == 2.0
    weighted = smoothness(result, bounds=[0], target=[0.25, 0.75])
    assert weighted.estimate == pytest.approx(1.75)
    assert weighted.weights.to_dict() == {0: 0.25, 1: 0.75}


def test_another_base_is_replaced_by_the_last_period_before_the_start() -> None:
    result = event_result(
        [0.2, 0.5, 0.9], np.diag([1.0, 2.0, 3.0]), n_pre=2, periods=[1, 3, 4], base=2, clusters=8
    )
    found = relative_magnitudes(result, bounds=[1])

    assert (found.base, found.estimate) == (3, pytest.approx(0.4))
    assert [note.reason for note in found.notes][1:] == ["sensitivity_base", "sensitivity_few_clusters"]


def test_a_long_study_reports_its_steps() -> None:
    estimate, covariance = random_study(9, 12, 11)
    steps: list[tuple[int, int]] = []
    result = event_result(estimate + np.r_[np.zeros(12), np.full(11, 40.0)], covariance, n_pre=12)
    found = relative_magnitudes(result, bounds=[0.5, 1.0], draws=500, on_step=lambda *at: steps.append(at))

    assert len(found.table) == 2
    assert steps[0] == (1, 26)
    assert steps[-1] == (26, 26)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_more_coefficients_than_clusters_carry_magnitudes_but_no_slopes() -> None:
    root = np.random.default_rng(10).normal(size=(5, 3))
    result = event_result([0.1, 0.0, 0.1, 5.0, 5.0], root @ root.T, n_pre=3, clusters=4)

    assert np.isfinite(relative_magnitudes(result, bounds=[1]).table["ci_low"]).all()
    with pytest.raises(EffectError) as error:
        smoothness(result)
    assert error.value.reason == "effect_covariance_singular"


@pytest.mark.parametrize("bounds", [[], [-1.0], [float("nan")]])
def test_bounds_are_numbers_of_0_or_more(bounds: list[float]) -> None:
    with pytest.raises(EffectError) as error:
        relative_magnitudes(event_result(np.zeros(3), np.eye(3), n_pre=1), bounds=bounds)
    assert error.value.reason == "effect_bounds"


@pytest.mark.parametrize("target", ["second", 7, [1.0], [0.0, 0.0]])
def test_an_unknown_target_is_refused(target: object) -> None:
    with pytest.raises(EffectError) as error:
        smoothness(event_result(np.zeros(3), np.eye(3), n_pre=1), target=target)
    assert error.value.reason == "effect_unknown_target"


def test_sets_shrink_to_the_estimate() -> None:
    estimate, covariance = random_study(11, 2, 2)
    problem = magnitude_problem(estimate, covariance, 2, np.array([1.0, 0]), draws=100)
    assert magnitude_set(problem, 0.0) == (estimate[2], estimate[2])
    straight = smoothness_problem(np.array([-2.0, -1.0, 1.5, 2.0]), covariance, 2, np.array([1.0, 0]))
    assert smoothness_set(straight, 0.0) == pytest.approx((0.5, 0.5))
    low, high = magnitude_interval(problem, 1.0)
    assert low < estimate[2] < high


def test_changes_of_slope_are_tried_up_to_a_bias_of_twice_the_estimate() -> None:
    # The effect of the first period is 1.0, and a change of slope M moves it by M.
    clear = smoothness(event_result([0.1, 1.0, 2.0], np.diag([0.01] * 3), n_pre=1))
    vague = smoothness(event_result([0.1, 0.1, 2.0], np.diag([0.25] * 3), n_pre=1))

    assert clear.table["bound"].tolist() == pytest.approx([0, 0.4, 0.8, 1.2, 1.6, 2.0])
    assert vague.table["bound"].max() == pytest.approx(4 * 0.5)


def test_wider_bounds_give_wider_intervals() -> None:
    estimate, covariance = random_study(12, 5, 4)
    result = event_result(estimate, covariance, n_pre=5)
    for found in (
        relative_magnitudes(result, bounds=[0, 0.25, 0.5, 1, 2, 4], target="average"),
        smoothness(result, bounds=[0, 0.1, 0.5, 1, 2], target="average"),
    ):
        assert np.diff(found.table["ci_high"] - found.table["ci_low"]).min() > 0


def test_staggered_effects_with_one_base_have_bounds_and_others_are_told_why_not() -> None:
    panel = pd.read_csv(PUBLISHED.with_name("mpdta.csv"))
    options = {"outcome": "lemp", "unit": "countyreal", "time": "year", "start": "first_treat"}
    dynamic = staggered(panel, base_period="universal", **options).dynamic
    found = relative_magnitudes(dynamic, bounds=[0.5], target="average")

    assert found.base == -1
    assert list(found.weights.index) == [0, 1, 2, 3]
    assert found.estimate == pytest.approx(dynamic.of_kind("post")["estimate"].mean())
    with pytest.raises(EffectError) as error:
        relative_magnitudes(staggered(panel, **options).dynamic)
    assert error.value.reason == "effect_no_base"


def test_coefficients_without_error_are_refused() -> None:
    with pytest.raises(EffectError) as error:
        relative_magnitudes(event_result([0.0, 1.0], np.diag([0.0, 0.1]), n_pre=1))
    assert error.value.reason == "effect_no_errors"
