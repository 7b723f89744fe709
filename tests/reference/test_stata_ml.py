"""What Stata printed for `factormat, ml` and `rotate`: correlations of 9 statements on pain, 123 patients.

Matrix and output stand in a do-file of a Polish course on factor analysis in a public repository. Stata stops
its search a little early: its fourth decimal is not always that of the maximum.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import FactorResult, factor_matrix

BELOW_DIAGONAL = [
    [-0.0385],
    [0.6066, -0.0693],
    [0.4507, -0.1167, 0.5916],
    [0.0320, 0.4881, 0.0317, -0.0802],
    [-0.2877, 0.4271, -0.1336, -0.2073, 0.4731],
    [-0.2974, 0.3045, -0.2404, -0.1850, 0.4138, 0.6346],
    [0.4526, -0.3090, 0.5886, 0.6286, -0.1397, -0.1329, -0.2599],
    [0.2952, -0.1704, 0.3165, 0.3680, -0.2367, -0.1541, -0.2893, 0.4047],
]
TWO_FACTORS = [
    [0.6430, 0.2105],
    [-0.3609, 0.4132],
    [0.7180, 0.4007],
    [0.6872, 0.2874],
    [-0.3106, 0.5690],
    [-0.5206, 0.6136],
    [-0.5625, 0.4770],
    [0.7089, 0.2536],
    [0.4822, 0.0258],
]
THREE_FACTORS = [
    [0.6049, 0.2948, 0.3724],
    [-0.4548, 0.2910, 0.4310],
    [0.6134, 0.4979, 0.1918],
    [0.6212, 0.3993, -0.0035],
    [-0.4067, 0.4498, 0.3717],
    [-0.6715, 0.5934, -0.1488],
    [-0.6255, 0.3422, -0.0628],
    [0.6805, 0.4750, -0.2726],
    [0.4492, 0.1622, -0.1385],
]
THREE_ROTATED = [
    [0.6578, -0.2822, 0.2813],
    [-0.1153, 0.3901, 0.5584],
    [0.7953, -0.0957, 0.1390],
    [0.7256, -0.1196, -0.0672],
    [0.0258, 0.4874, 0.5174],
    [-0.0907, 0.8989, 0.0946],
    [-0.2252, 0.6675, 0.1265],
    [0.8095, -0.0337, -0.3265],
    [0.4327, -0.1408, -0.2005],
]


def fitted(n_factors: int) -> FactorResult:
    matrix = np.eye(9)
    for row, values in enumerate(BELOW_DIAGONAL, start=1):
        matrix[row, : len(values)] = matrix[: len(values), row] = values
    return factor_matrix(pd.DataFrame(matrix), 123, n_factors, "ml", "varimax")


@pytest.mark.parametrize(
    ("loadings", "uniqueness"),
    [
        (TWO_FACTORS, [0.5423, 0.6990, 0.3239, 0.4451, 0.5798, 0.3524, 0.4560, 0.4332, 0.7668]),
        (THREE_FACTORS, [0.4085, 0.5227, 0.3391, 0.4546, 0.4941, 0.1747, 0.4877, 0.2370, 0.7527]),
    ],
)
def test_loadings_and_uniqueness_are_statas_with_its_signs(
    loadings: list[list[float]], uniqueness: list[float]
) -> None:
    ours = fitted(len(loadings[0]))
    assert np.abs(ours.unrotated_loadings.to_numpy() - np.array(loadings)).max() < 1.6e-4
    assert np.abs(ours.uniqueness.to_numpy() - np.array(uniqueness)).max() < 1.6e-4


def test_raw_varimax_of_three_factors_has_statas_order_and_signs() -> None:
    assert np.abs(fitted(3).loadings.to_numpy() - np.array(THREE_ROTATED)).max() < 1.6e-4


@pytest.mark.parametrize(
    ("n_factors", "eigenvalues", "proportion"),
    [(2, [2.95049, 1.45101], [0.6703, 0.3297]), (3, [3.00744, 1.50231, 0.61900], [0.5864, 0.2929, 0.1207])],
)
def test_the_eigenvalue_table_holds_the_kept_factors_only(
    n_factors: int, eigenvalues: list[float], proportion: list[float]
) -> None:
    table = fitted(n_factors).eigenvalue_table()
    assert np.allclose(table["eigenvalue"], eigenvalues, atol=6e-5)
    assert np.allclose(table["proportion"], proportion, atol=6e-5)
    assert table["cumulative"].iloc[-1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("n_factors", "log_likelihood", "aic", "bic", "parameters", "chi2", "df", "p_value"),
    [
        (2, -31.03021, 96.0604, 143.868, 17, 59.45, 19, 0.0000),
        (3, -9.631368, 67.2627, 134.755, 24, 18.35, 12, 0.1055),
    ],
)
def test_likelihood_criteria_and_the_test_against_the_saturated_model(
    n_factors: int,
    log_likelihood: float,
    aic: float,
    bic: float,
    parameters: int,
    chi2: float,
    df: int,
    p_value: float,
) -> None:
    ours = fitted(n_factors)
    assert ours.log_likelihood == pytest.approx(log_likelihood, rel=1e-6)
    assert (ours.aic, ours.bic) == (pytest.approx(aic, rel=2e-6), pytest.approx(bic, rel=5e-6))
    assert ours.n_parameters == parameters
    assert ours.saturated is not None
    assert (ours.saturated.chi2, ours.saturated.df) == (pytest.approx(chi2, abs=5e-3), df)
    assert ours.saturated.p_value == pytest.approx(p_value, abs=6e-5)
    assert (ours.independence.chi2, ours.independence.df) == (pytest.approx(404.20, abs=5e-3), 36)
