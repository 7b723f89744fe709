"""Velicer's MAP, omega, alpha and multi-group models against other programs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from quant.group_models import GroupMoments, Level, fit_groups, independence_fit
from quant.reliability import alpha_of, feldt_interval, omega_hierarchical, omega_total
from quant.retention import minimum_average_partial

HERE = Path(__file__).parent
# Eight physical variables of 305 girls, Harman (1967, p. 80)
HARMAN = np.array(
    [
        [1, 0.846, 0.805, 0.859, 0.473, 0.398, 0.301, 0.382],
        [0.846, 1, 0.881, 0.826, 0.376, 0.326, 0.277, 0.415],
        [0.805, 0.881, 1, 0.801, 0.380, 0.319, 0.237, 0.345],
        [0.859, 0.826, 0.801, 1, 0.436, 0.329, 0.327, 0.365],
        [0.473, 0.376, 0.380, 0.436, 1, 0.762, 0.730, 0.629],
        [0.398, 0.326, 0.319, 0.329, 0.762, 1, 0.583, 0.577],
        [0.301, 0.277, 0.237, 0.327, 0.730, 0.583, 1, 0.539],
        [0.382, 0.415, 0.345, 0.365, 0.629, 0.577, 0.539, 1],
    ]
)


def test_average_partials_of_harmans_data_are_those_of_oconnors_program() -> None:
    """0.312475, 0.245121, smallest 0.066445 at two: digits in the tests of statsample (O'Connor 2000)."""
    found = minimum_average_partial(HARMAN)
    assert found.squared[:3] == pytest.approx([0.312475, 0.245121, 0.066445], abs=1e-6)
    assert (found.n_squared, found.n_fourth) == (2, 2)


@pytest.fixture(scope="module")
def attitude() -> np.ndarray:
    """R's `attitude`: 30 departments, 7 ratings (Chatterjee & Price 1977)."""
    return np.array(json.loads((HERE / "attitude.json").read_text()), dtype=float)


def test_omega_of_attitude_is_that_of_rs_mbess(attitude: np.ndarray) -> None:
    """`ci.reliability(attitude, type = "omega")`: 0.8563268, as used in a published script."""
    assert omega_total(np.cov(attitude, rowvar=False)) == pytest.approx(0.8563268, abs=1e-6)


def test_alpha_is_hoyts_from_the_analysis_of_variance(attitude: np.ndarray) -> None:
    """1 - residual mean square / mean square of rows: the same number by another road (Hoyt 1941)."""
    n, k = attitude.shape
    rows, columns, grand = attitude.mean(axis=1), attitude.mean(axis=0), attitude.mean()
    between = k * ((rows - grand) ** 2).sum() / (n - 1)
    residual = attitude - rows[:, None] - columns + grand
    within = (residual**2).sum() / ((n - 1) * (k - 1))
    value = alpha_of(np.cov(attitude, rowvar=False))
    assert value == pytest.approx(1 - within / between)
    low, high = feldt_interval(value, n, k)
    assert low < value < high


def test_a_general_factor_above_three_groups_is_found_again() -> None:
    """Built from general loadings .7 and group loadings .4: omega hierarchical by arithmetic."""
    general, group = np.full(9, 0.7), np.kron(np.eye(3), np.full((3, 1), 0.4))
    correlations = np.outer(general, general) + group @ group.T
    np.fill_diagonal(correlations, 1.0)
    expected = general.sum() ** 2 / correlations.sum()
    assert omega_hierarchical(correlations) == pytest.approx(expected, abs=1e-4)


@pytest.fixture(scope="module")
def schools() -> list[GroupMoments]:
    """Nine tests of Holzinger & Swineford (1939) in two schools: counts, means, covariances (divisor n)."""
    stored = json.loads((HERE / "holzinger_swineford.json").read_text())
    return [
        GroupMoments(group["n"], np.array(group["mean"]), np.array(group["covariance"])) for group in stored
    ]


PATTERN = np.kron(np.eye(3, dtype=bool), np.ones((3, 1), dtype=bool))


def test_the_configural_model_is_lavaans(schools: list[GroupMoments]) -> None:
    """lavaan's tutorial on groups: 115.851 on 48, of which 64.309 in Pasteur and 51.542 in Grant-White."""
    fit = fit_groups(schools, PATTERN, "configural")
    assert fit.chi2 == pytest.approx(115.851, abs=5e-4)
    assert fit.df == 48
    assert fit.chi2_by_group == pytest.approx([64.309, 51.542], abs=5e-4)


@pytest.mark.parametrize(("level", "chi2", "df"), [("metric", 124.044, 54), ("scalar", 164.103, 60)])
def test_equal_loadings_and_intercepts_are_lavaans(
    schools: list[GroupMoments], level: Level, chi2: float, df: int
) -> None:
    fit = fit_groups(schools, PATTERN, level)
    assert fit.chi2 == pytest.approx(chi2, abs=5e-4)
    assert fit.df == df


def test_independence_and_cfi_of_the_configural_model(schools: list[GroupMoments]) -> None:
    chi2, df = independence_fit(schools)
    fit = fit_groups(schools, PATTERN, "configural")
    assert df == 72
    assert 1 - (fit.chi2 - fit.df) / (chi2 - df) == pytest.approx(0.923, abs=5e-4)
