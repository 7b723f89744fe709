"""Polychoric correlations: published tables, and recovery of known correlations.

The 3 x 3 table with .420 is Drasgow's (1988, Encyclopedia of statistical sciences 7: 68-74), its digits those
in the tests of statsample, a Ruby package; the other is in statsample's published notebook, r = 0.1683.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import FactorError, factor_analysis, polychoric, polychoric_correlations
from quant.polychoric import bivariate_normal


def test_the_two_step_estimate_of_the_published_table() -> None:
    found = polychoric(np.array([[58, 52, 1], [26, 58, 3], [8, 12, 9]]))
    assert found.rho == pytest.approx(0.420, abs=5e-4)
    assert found.rows == pytest.approx([-0.027, 1.137], abs=1e-3)
    assert found.columns == pytest.approx([-0.240, 1.578], abs=1e-3)


def test_a_second_published_table_to_four_decimals() -> None:
    found = polychoric(np.array([[52, 58, 8], [18, 15, 7], [5, 11, 3]]))
    assert found.rho == pytest.approx(0.1683, abs=5e-5)
    assert found.rows == pytest.approx([0.4307, 1.2408], abs=5e-5)
    assert found.columns[0] == pytest.approx(-0.1924, abs=5e-5)


@pytest.mark.parametrize("rho", [-0.95, -0.3, 0.0, 0.5, 0.9, 0.99])
def test_the_bivariate_normal_equals_scipys(rho: float) -> None:
    from scipy.stats import multivariate_normal

    h, k = np.array([-1.5, 0.2, 2.0, 0.3]), np.array([0.4, 0.2, -0.7, 3.0])
    normal = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
    expected = [normal.cdf([a, b]) for a, b in zip(h, k, strict=True)]
    assert np.allclose(bivariate_normal(h, k, rho), expected, atol=1e-8)


def test_halves_at_the_median_have_the_sine_of_their_concordance() -> None:
    """With both cuts at 0, P(both above) = 1/4 + arcsin(rho) / 2 pi (Sheppard)."""
    rho = 0.6
    both = 0.25 + np.arcsin(rho) / (2 * np.pi)
    table = np.array([[both, 0.5 - both], [0.5 - both, both]]) * 1000
    assert polychoric(table).rho == pytest.approx(rho, abs=1e-9)


def test_known_correlations_come_back_from_seven_steps_where_pearsons_are_smaller() -> None:
    rng = np.random.default_rng(4)
    common = rng.standard_normal(20_000)
    latent = np.column_stack(
        [np.sqrt(0.6) * common + np.sqrt(0.4) * rng.standard_normal(20_000) for _ in "abc"]
    )
    steps = pd.DataFrame(np.digitize(latent, [0.5, 0.9, 1.2, 1.5, 1.9, 2.2]) + 1, columns=list("abc"))
    found = polychoric_correlations(steps).to_numpy()[np.triu_indices(3, 1)]
    assert np.abs(found - 0.6).max() < 0.03
    assert (steps.corr().to_numpy()[np.triu_indices(3, 1)] < found).all()


def test_empty_cells_may_be_filled_and_a_perfect_table_stays_inside_one() -> None:
    table = np.array([[40, 0], [10, 30]])
    assert polychoric(table).rho == pytest.approx(0.9999)
    assert 0.9 < polychoric(table, zero_cell=0.5).rho < 0.99
    assert np.isnan(polychoric(table).std_error)


def test_missing_answers_are_left_out_pair_by_pair() -> None:
    frame = pd.DataFrame(
        {"a": [1, 2, 1, 2, np.nan, 2], "b": [1, 2, 2, 2, 1, np.nan], "c": [1, 1, 2, 2, 1, 2]}
    )
    whole = frame.dropna(subset=["a", "b"])
    table = pd.crosstab(whole["a"], whole["b"]).to_numpy()
    assert polychoric_correlations(frame).loc["a", "b"] == pytest.approx(polychoric(table).rho)


def test_continuous_columns_and_tables_of_one_row_are_refused() -> None:
    with pytest.raises(FactorError, match="column 'x' has 30 different values"):
        polychoric_correlations(pd.DataFrame({"x": np.arange(30), "y": np.arange(30) % 2}))
    with pytest.raises(FactorError, match="1 x 2"):
        polychoric(np.array([[3, 4]]))


def test_factors_of_polychoric_correlations_use_them() -> None:
    rng = np.random.default_rng(5)
    latent = rng.standard_normal((800, 1)) * 0.8 + 0.6 * rng.standard_normal((800, 5))
    steps = pd.DataFrame(np.digitize(latent, [-0.5, 1.0]) + 1, columns=list("abcde"))
    result = factor_analysis(steps, 1, "ml", correlation="polychoric")
    assert np.allclose(result.correlations, polychoric_correlations(steps))
    assert result.fit is None
    assert result.loadings["factor_1"].mean() > factor_analysis(steps, 1, "ml").loadings["factor_1"].mean()
