"""Power of pre-trend tests as the R and Stata packages pretrends print it for He & Wang (2017).

Source: README files of github.com/jonathandroth/pretrends (R) and github.com/mcaceresb/stata-pretrends
(Stata, version 0.2, same covariance). Coefficients and covariance: data/event_studies.json.
"""

from __future__ import annotations

import numpy as np
import pytest

from quant.event_time import event_coefficients
from quant.pretrends import individual_power, pretrend_power
from tests.quant.event_results import published


def test_the_slope_found_with_half_probability_is_that_of_stata() -> None:
    found = pretrend_power(published("he_wang"), powers=(0.5,))
    row = found.table.set_index("test").loc["individual"]

    assert row["slope"] == pytest.approx(0.0520662478, abs=2e-6)  # R, by simulation: 0.05205871
    assert row["bias_first"] == pytest.approx(0.0520662478, abs=2e-6)
    assert row["bias_average"] == pytest.approx(
        np.mean([0.0520662, 0.1041325, 0.1561987, 0.208265]), abs=1e-5
    )


def test_the_means_of_coefficients_that_passed_are_those_of_stata() -> None:
    violations = pretrend_power(published("he_wang"), powers=(0.5,)).violations
    passed = violations[violations["test"] == "individual"]["expected_if_passed"]

    assert passed.to_numpy() == pytest.approx(
        [-0.0923171, -0.0555576, -0.0279117, 0.0649147, 0.1208691, 0.1694932, 0.2245753], abs=4e-5
    )


def test_the_power_against_a_quadratic_violation_is_that_of_stata() -> None:
    events = event_coefficients(published("he_wang"))
    quadratic = 0.024 * events.relative[events.pre] ** 2
    power = individual_power(events, quadratic)

    assert power == pytest.approx(0.6624492445, abs=1e-5)
    bayes = (1 - power) / (1 - individual_power(events, 0 * quadratic))
    assert bayes == pytest.approx(0.3841447004, abs=1e-5)
