"""R's `factanal` and GPArotation on the ability.cov data: digits in the tests of the R package GPArotation.

Those tests (MASS 4th ed., p. 322-324) hold the loadings of `factanal(factors = 2, covmat = ability.cov)`,
that is varimax with Kaiser's normalisation, which R stops early, and of `oblimin` of those, to 1e-6.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import factor_matrix
from quant.extraction import extract
from quant.rotation import oblimin, rotate

ITEMS = ["general", "picture", "blocks", "maze", "reading", "vocab"]
# covariances of 112 persons, as R's datasets package has them
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
VARIMAX_IN_R = np.array(
    [
        [0.499437829039896530, 0.54344904693111962],
        [0.156070079431279873, 0.62153798991197484],
        [0.205786989958578748, 0.85992588538426895],
        [0.108530754440558652, 0.46776101732283504],
        [0.956242470279811574, 0.18209631992182243],
        [0.784768183877880943, 0.22482213687364205],
    ]
)
OBLIMIN_IN_R = np.array(
    [
        [0.3863637969729337152, 0.4745113977203344047],
        [-0.0110032278171669998, 0.6458708261423832253],
        [-0.0262888675561207576, 0.8961123879025085781],
        [-0.0180180060207963122, 0.4882918937716873575],
        [0.9900948712271664398, -0.0370729040114848238],
        [0.7905663749272058283, 0.0526099352008769991],
    ]
)


def test_maximum_likelihood_communalities_equal_rs_to_five_decimals() -> None:
    found = extract(CORRELATIONS, "ml", n_factors=2)
    assert np.allclose(found.communalities, (VARIMAX_IN_R**2).sum(axis=1), atol=1e-5)


def test_maximum_likelihood_reaches_at_least_rs_likelihood() -> None:
    """The discrepancy at R's loadings is the value of Lawley and Maxwell's function, by hand."""
    implied = VARIMAX_IN_R @ VARIMAX_IN_R.T
    np.fill_diagonal(implied, 1.0)
    at_r = (
        np.linalg.slogdet(implied)[1]
        - np.linalg.slogdet(CORRELATIONS)[1]
        + np.trace(CORRELATIONS @ np.linalg.inv(implied))
        - 6
    )
    ours = extract(CORRELATIONS, "ml", n_factors=2).discrepancy
    assert ours is not None
    assert ours == pytest.approx(at_r, abs=1e-9)
    assert ours <= at_r + 1e-12


def test_maximum_likelihood_equals_statsmodels_to_four_decimals() -> None:
    from statsmodels.multivariate.factor import Factor

    second = Factor(None, 2, corr=CORRELATIONS, method="ml", nobs=112).fit()
    assert np.allclose(
        1 - extract(CORRELATIONS, "ml", n_factors=2).communalities, second.uniqueness, atol=5e-5
    )


def test_kaiser_varimax_goes_further_than_rs_which_stops_early() -> None:
    """From R's own loadings the rotation moves by under .003, to more varied squared loadings."""
    further = rotate(VARIMAX_IN_R, "varimax", kaiser=True).loadings
    lengths = np.sqrt((VARIMAX_IN_R**2).sum(axis=1, keepdims=True))

    def spread(loadings: np.ndarray) -> float:
        return float((loadings / lengths).__pow__(2).var(axis=0).sum())

    assert np.abs(further - VARIMAX_IN_R).max() < 3e-3
    assert spread(further) > spread(VARIMAX_IN_R)


def test_oblimin_equals_gparotations_to_five_decimals() -> None:
    assert np.allclose(oblimin(VARIMAX_IN_R).loadings, OBLIMIN_IN_R, atol=5e-6)


def test_oblimin_equals_statsmodels() -> None:
    from statsmodels.multivariate.factor_rotation import rotate_factors

    second, turn = rotate_factors(VARIMAX_IN_R, "oblimin", 0, "oblique", max_tries=2000, tol=1e-9)
    ours = oblimin(VARIMAX_IN_R)
    assert np.allclose(ours.loadings, second, atol=1e-7)
    assert np.allclose(ours.correlations, turn.T @ turn, atol=1e-7)


def test_minres_equals_iterated_principal_factors() -> None:
    """Both minimise the squared residual correlations (Harman & Jones 1966), by different roads."""
    minres = extract(CORRELATIONS, "minres", n_factors=2).communalities
    iterated = extract(CORRELATIONS, "iterated", n_factors=2, tolerance=1e-9).communalities
    assert np.allclose(minres, iterated, atol=1e-4)


def test_a_published_matrix_is_factored_as_its_correlations_and_has_no_scores() -> None:
    frame = pd.DataFrame(COVARIANCES, index=ITEMS, columns=ITEMS)
    result = factor_matrix(frame, 112, 2, "ml", "oblimin")
    assert result.fit is not None
    assert result.fit.df == 4
    assert np.allclose(result.correlations, CORRELATIONS)
    with pytest.raises(Exception, match="made from correlations"):
        result.scores(pd.DataFrame(np.ones((3, 6)), columns=ITEMS))
