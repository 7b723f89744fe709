"""Robust intervals as the R package HonestDiD gives them.

medicaid: printed in the README of github.com/asheshrambachan/HonestDiD (C-LF on a grid of 0.00036, FLCI by
simulation). benzarti_carloni: values from R recorded in github.com/eohne/HonestDiD.jl, test/reference.jl.
Half lengths that are not simulated: moderndid 0.2.0 (Python), `compute_flci`. Coefficients and covariances:
data/event_studies.json.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from quant import sensitivity_magnitudes
from quant.event_time import event_coefficients
from quant.sensitivity import relative_magnitudes, smoothness
from quant.sensitivity_magnitudes import magnitude_problem
from tests.quant.event_results import published

MEDICAID_MAGNITUDES = {
    0.5: (0.0240, 0.0672),
    1.0: (0.0170, 0.0720),
    1.5: (0.00824, 0.0797),
    2.0: (-0.000916, 0.0881),
}
MEDICAID_SMOOTHNESS = {
    0.0: (0.0259, 0.0607),
    0.01: (0.0132, 0.0787),
    0.02: (0.00286, 0.0907),
    0.03: (-0.00714, 0.101),
    0.04: (-0.0171, 0.111),
    0.05: (-0.0271, 0.121),
}
BENZARTI_CARLONI_SMOOTHNESS = {
    0.0: (0.131411316, 0.2161696482),
    0.1: (0.1194440001, 0.4185082143),
    0.2: (0.01944400015, 0.5185082143),
}


def test_bounds_on_relative_magnitudes_are_those_of_r() -> None:
    found = relative_magnitudes(published("medicaid"), bounds=list(MEDICAID_MAGNITUDES))

    for row in found.table.itertuples():
        low, high = MEDICAID_MAGNITUDES[row.bound]
        assert row.ci_low == pytest.approx(low, abs=0.0004)
        assert row.ci_high == pytest.approx(high, abs=0.0004)
    assert found.breakdown == pytest.approx(1.95, abs=0.05)  # "the breakdown value is about 2"


def test_bounds_on_changes_of_slope_are_those_of_r() -> None:
    found = smoothness(published("medicaid"), bounds=list(MEDICAID_SMOOTHNESS))

    for row in found.table.itertuples():
        low, high = MEDICAID_SMOOTHNESS[row.bound]
        assert row.ci_low == pytest.approx(low, abs=0.00012 if low > -0.01 else 0.0005)
        assert row.ci_high == pytest.approx(high, abs=0.00012 if high < 0.1 else 0.0005)
    assert found.breakdown == pytest.approx(0.023, abs=0.001)


def test_fixed_length_intervals_of_a_second_study_are_those_of_r() -> None:
    found = smoothness(published("benzarti_carloni"), bounds=list(BENZARTI_CARLONI_SMOOTHNESS))

    for row in found.table.itertuples():
        low, high = BENZARTI_CARLONI_SMOOTHNESS[row.bound]
        assert row.ci_low == pytest.approx(low, abs=1e-4)
        assert row.ci_high == pytest.approx(high, abs=1e-4)


@pytest.mark.parametrize(
    ("target", "half_lengths"),
    [
        ("first", [0.04233005806, 0.05775188829, 0.09957828665, 0.14957821674]),
        ("average", [0.04852834082, 0.12200062995, 0.33736503817, 0.58736508497]),
    ],
)
def test_half_lengths_are_those_of_moderndid(target: str, half_lengths: list[float]) -> None:
    table = smoothness(published("benzarti_carloni"), bounds=[0, 0.01, 0.05, 0.1], target=target).table

    assert (table["ci_high"] - table["ci_low"]).to_numpy() / 2 == pytest.approx(half_lengths, abs=1e-7)


def test_the_upper_limit_of_changes_of_slope_before_the_start_is_that_of_r() -> None:
    found = smoothness(published("benzarti_carloni"), bounds=[0])

    assert found.scale_high == pytest.approx(0.202169869297069, abs=1e-9)


def test_the_interval_with_parallel_trends_is_that_of_r() -> None:
    found = relative_magnitudes(published("benzarti_carloni"), bounds=[1.0])

    assert (found.ci_low, found.ci_high) == pytest.approx((0.15877494280765, 0.233147292681241), abs=1e-9)


def test_the_conditional_test_accepts_the_same_values_of_a_grid_as_r() -> None:
    # R's "ARP" intervals at Mbar = 1 on 200 values between -20 and 20 standard errors.
    events = event_coefficients(published("benzarti_carloni"))
    problem = magnitude_problem(events.estimate, events.covariance, events.n_pre, np.eye(4)[0])
    grid = np.linspace(-20, 20, 200) * np.sqrt(events.covariance[4, 4])
    tests = sensitivity_magnitudes._tests(problem, 1.0, 0.05)
    alone = [dataclasses.replace(test, critical=np.inf, size=0.05) for test in tests]
    accepted = grid[np.any([test.accepts(grid) for test in alone], axis=0)]

    assert (accepted.min(), accepted.max()) == pytest.approx((0.07055244362, 0.3184394077), abs=1e-9)
