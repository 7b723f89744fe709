"""What a pre-trend test can see: values by hand, and simulated samples."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import f, t

from quant.errors import EffectError
from quant.event_time import based_on_last_pre, event_coefficients
from quant.normal_boxes import box_moments
from quant.pretrend_tests import pretrend_test
from quant.pretrends import individual_power, pretest_power, pretrend_power
from tests.quant.event_results import event_result

ERRORS = np.array([0.4, 0.3, 0.2, 0.25, 0.3])
CORRELATION = np.full((5, 5), 0.5) + 0.5 * np.eye(5)
COVARIANCE = CORRELATION * np.outer(ERRORS, ERRORS)


def test_one_coefficient_finds_a_slope_of_1_96_standard_errors_half_of_the_time() -> None:
    found = pretrend_power(event_result([0.1, 0.9], np.diag([0.04, 0.09]), n_pre=1, treated_mean=2.0))
    table = found.table.set_index(["test", "power"])

    assert table.loc[("individual", 0.5), "slope"] == pytest.approx(1.959964 * 0.2, abs=2e-4)
    assert table.loc[("joint", 0.5), "slope"] == pytest.approx(1.959964 * 0.2, abs=2e-4)
    assert table.loc[("joint", 0.8), "slope"] == pytest.approx((1.959964 + 0.841621) * 0.2, abs=2e-4)
    assert table.loc[("joint", 0.8), "slope_percent"] == pytest.approx(100 * 2.801585 * 0.2 / 2.0, abs=0.01)
    assert found.false_alarm == pytest.approx(0.05, abs=1e-3)


def test_independent_coefficients_raise_a_false_alarm_as_often_as_any_of_them_does() -> None:
    found = pretrend_power(event_result(np.zeros(4), np.eye(4), n_pre=3))

    assert found.false_alarm == pytest.approx(1 - 0.95**3, abs=2e-4)


def test_more_coefficients_than_clusters_leave_the_power_of_the_test_itself() -> None:
    loadings = np.random.default_rng(1).normal(size=(5, 3))
    found = pretrend_power(event_result(np.zeros(5), loadings @ loadings.T, n_pre=4), powers=(0.5, 0.8))

    assert set(found.table["test"]) == {found.test.kind}
    assert len(found.table) == 2
    assert np.isnan(found.false_alarm)


def test_the_bias_grows_with_the_periods_after_the_base() -> None:
    result = event_result([0.0, 0.0, 0.3, 0.4, 0.5], COVARIANCE, n_pre=2)
    violations = pretrend_power(result, powers=(0.5,)).violations
    joint = violations[violations["test"] == "joint"]

    assert list(joint["relative"]) == [-2, -1, 1, 2, 3]
    assert joint["violation"].to_numpy() / joint["violation"].iloc[2] == pytest.approx([-2, -1, 1, 2, 3])


def test_the_power_of_the_joint_test_is_the_share_of_simulated_samples_it_rejects() -> None:
    result = event_result(np.zeros(5), COVARIANCE, n_pre=3)
    events, test = event_coefficients(result), pretrend_test(result)
    violation = np.array([-0.6, -0.4, -0.2])
    drawn = np.random.default_rng(1).multivariate_normal(violation, COVARIANCE[:3, :3], size=40_000)
    statistic = np.einsum("ij,jk,ik->i", drawn, np.linalg.inv(COVARIANCE[:3, :3]), drawn) / 3

    rejected = (statistic > f.isf(0.05, 3, 1e9)).mean()
    assert pretest_power(events, test, violation) == pytest.approx(rejected, abs=0.01)


def test_the_mean_after_passing_the_joint_test_is_that_of_simulated_samples() -> None:
    result = event_result([0.0, 0.0, 0.0, 0.5, 0.6], COVARIANCE, n_pre=3)
    violations = pretrend_power(result, powers=(0.8,)).violations
    line = violations[violations["test"] == "joint"]
    drawn = np.random.default_rng(2).multivariate_normal(line["violation"], COVARIANCE, size=100_000)
    before = drawn[:, :3]
    statistic = np.einsum("ij,jk,ik->i", before, np.linalg.inv(COVARIANCE[:3, :3]), before) / 3
    passed = drawn[statistic <= f.isf(0.05, 3, 1e9)]

    assert line["expected_if_passed"].to_numpy() == pytest.approx(passed.mean(axis=0), abs=0.01)


def test_few_degrees_of_freedom_are_taken_into_account() -> None:
    events = event_coefficients(event_result(np.zeros(5), COVARIANCE, n_pre=3, df=8))
    rng = np.random.default_rng(3)
    violation = np.array([-0.9, -0.6, -0.3])
    drawn = rng.multivariate_normal(violation, COVARIANCE[:3, :3], size=40_000)
    scale = np.sqrt(rng.chisquare(8, size=(40_000, 1)) / 8)
    significant = np.abs(drawn) > t.isf(0.025, 8) * ERRORS[:3] * scale

    assert individual_power(events, violation) == pytest.approx(significant.any(axis=1).mean(), abs=0.01)


def test_the_mean_within_a_box_is_that_of_simulated_points() -> None:
    mean, width = np.array([0.5, -0.2, 0.1]), np.array([0.6, 0.5, 0.3])
    drawn = np.random.default_rng(4).multivariate_normal(mean, COVARIANCE[:3, :3], size=200_000)
    inside = drawn[(np.abs(drawn) <= width).all(axis=1)]
    probability, centre = box_moments(mean, COVARIANCE[:3, :3], width)

    assert probability == pytest.approx(len(inside) / len(drawn), abs=0.005)
    assert centre == pytest.approx(inside.mean(axis=0), abs=0.005)


def test_a_test_that_misses_a_drift_as_large_as_the_estimate_says_so() -> None:
    weak = pretrend_power(event_result([0.0, 0.1], np.diag([1.0, 0.01]), n_pre=1))
    strong = pretrend_power(event_result([0.0, 0.9], np.diag([0.01, 0.01]), n_pre=1))

    assert [note.reason for note in weak.notes] == ["pretrend_passed", "pretrend_weak"]
    assert [note.reason for note in strong.notes] == ["pretrend_passed"]
    assert strong.passed


def test_groups_that_moved_apart_do_not_pass() -> None:
    found = pretrend_power(event_result([0.9, 0.9], np.diag([0.01, 0.01]), n_pre=1))

    assert not found.passed
    assert [note.reason for note in found.notes] == ["pretrend_failed"]


def test_a_base_between_the_pre_periods_counts_both_ways() -> None:
    result = event_result(np.zeros(4), np.eye(4), n_pre=2, periods=[1, 3, 4, 5], base=2)

    assert list(event_coefficients(result).relative) == [-1, 1, 2, 3]


def test_coefficients_move_to_the_last_period_before_the_start() -> None:
    result = event_result([0.2, 0.5, 0.9], np.diag([1.0, 2.0, 3.0]), n_pre=2, periods=[1, 3, 4], base=2)
    moved = based_on_last_pre(event_coefficients(result))

    assert (moved.base, moved.periods, list(moved.relative)) == (3, (1, 2, 4), [-2, -1, 1])
    assert moved.estimate == pytest.approx([0.2 - 0.5, -0.5, 0.9 - 0.5])
    assert moved.covariance == pytest.approx(np.array([[3.0, 2.0, 2.0], [2.0, 2.0, 2.0], [2.0, 2.0, 5.0]]))


def test_periods_that_cannot_be_compared_keep_their_order() -> None:
    result = event_result(np.zeros(3), np.eye(3), n_pre=2, periods=["Q3", "Q4", "Q2"], base="Q1")

    assert list(event_coefficients(result).relative) == [-2, -1, 1]


@pytest.mark.parametrize("powers", [(), (0.0,), (1.0,), (0.5, 1.2)])
def test_powers_lie_between_0_and_1(powers: tuple[float, ...]) -> None:
    with pytest.raises(EffectError) as error:
        pretrend_power(event_result(np.zeros(3), np.eye(3), n_pre=1), powers=powers)
    assert error.value.reason == "effect_powers"


def test_results_without_periods_on_both_sides_are_refused() -> None:
    with pytest.raises(EffectError) as no_pre:
        pretrend_power(event_result(np.zeros(2), np.eye(2), n_pre=0))
    with pytest.raises(EffectError) as no_post:
        pretrend_power(event_result(np.zeros(2), np.eye(2), n_pre=2))
    with pytest.raises(EffectError) as no_base:
        pretrend_power(event_result(np.zeros(2), np.eye(2), n_pre=1, base=None))

    reasons = [error.value.reason for error in (no_pre, no_post, no_base)]
    assert reasons == ["effect_no_pre_coefficients", "effect_no_post_coefficients", "effect_no_base"]
