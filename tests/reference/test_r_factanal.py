"""R's `factanal(factors = 2, covmat = ability.cov)`: six ability tests, Bartholomew & Knott."""

from __future__ import annotations

import numpy as np
import pytest

from quant.extraction import extract
from quant.rotation import rotate

# general, picture, blocks, maze, reading, vocab: covariances of 112 persons, as R's datasets package has them
COVARIANCES = np.array(
    [
        [24.641, 5.991, 33.520, 6.023, 20.755, 29.701],
        [5.991, 6.700, 18.137, 1.782, 4.936, 7.204],
        [33.520, 18.137, 149.831, 19.424, 31.430, 50.753],
        [6.023, 1.782, 19.424, 12.711, 4.757, 9.075],
        [20.755, 4.936, 31.430, 4.757, 52.604, 66.762],
        [29.701, 7.204, 50.753, 9.075, 66.762, 135.292],
    ]
)
SCALE = np.sqrt(np.diag(COVARIANCES))
CORRELATIONS = COVARIANCES / np.outer(SCALE, SCALE)


@pytest.mark.parametrize(
    ("n_factors", "uniqueness"),
    [
        (1, [0.535, 0.853, 0.748, 0.910, 0.232, 0.280]),
        (2, [0.455, 0.589, 0.218, 0.769, 0.052, 0.334]),
    ],
)
def test_maximum_likelihood_uniqueness_is_as_r_prints_it(n_factors: int, uniqueness: list[float]) -> None:
    found = extract(CORRELATIONS, "ml", n_factors=n_factors)
    assert np.allclose(1 - found.communalities, uniqueness, atol=6e-4)


def test_maximum_likelihood_equals_statsmodels_to_four_decimals() -> None:
    from statsmodels.multivariate.factor import Factor

    second = Factor(None, 2, corr=CORRELATIONS, method="ml", nobs=112).fit()
    assert np.allclose(
        1 - extract(CORRELATIONS, "ml", n_factors=2).communalities, second.uniqueness, atol=5e-5
    )


def test_kaiser_varimax_is_near_rs_whose_iteration_stops_early() -> None:
    found = extract(CORRELATIONS, "ml", n_factors=2)
    loadings = rotate(found.loadings, "varimax", kaiser=True).loadings
    printed = [[0.499, 0.543], [0.156, 0.622], [0.206, 0.860], [0.109, 0.468], [0.956, 0.182], [0.785, 0.225]]
    assert np.allclose(loadings, printed, atol=4e-3)


def test_minres_equals_iterated_principal_factors() -> None:
    """Both minimise the squared residual correlations (Harman & Jones 1966), by different roads."""
    minres = extract(CORRELATIONS, "minres", n_factors=2).communalities
    assert np.allclose(minres, extract(CORRELATIONS, "iterated", n_factors=2).communalities, atol=1e-4)
