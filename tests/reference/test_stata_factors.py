"""Stata's `factor, pf`, `rotate` and `predict` on the data that statsmodels ships with Stata's results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from quant import FactorResult, factor_analysis

statsmodels = pytest.importorskip("statsmodels")
RESULTS = Path(statsmodels.__file__).parent / "multivariate" / "tests" / "results"

pytestmark = pytest.mark.skipif(
    not (RESULTS / "factors_stata.csv").is_file(), reason="this statsmodels lacks its Stata results"
)


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return pd.read_csv(RESULTS / "factor_data.csv")


@pytest.fixture(scope="module")
def stata() -> pd.DataFrame:
    return pd.read_csv(RESULTS / "factors_stata.csv")


def largest_difference(result: FactorResult, data: pd.DataFrame, expected: pd.DataFrame) -> float:
    """Largest absolute difference once each factor has the sign it has in Stata."""
    scores, truth = result.scores(data).to_numpy(), expected.to_numpy()
    signs = np.sign((scores * truth).sum(axis=0))
    return float(np.abs(scores * signs - truth).max())


def test_scores_after_raw_varimax_equal_statas_to_seven_decimals(
    data: pd.DataFrame, stata: pd.DataFrame
) -> None:
    assert largest_difference(factor_analysis(data, 2), data, stata[["f1", "f2"]]) < 1e-7


def test_scores_after_oblimin_equal_statas_to_five_decimals(data: pd.DataFrame, stata: pd.DataFrame) -> None:
    result = factor_analysis(data, 2, rotation="oblimin")
    assert largest_difference(result, data, stata[["f1o", "f2o"]]) < 1e-5
    # estat common after rotate, oblimin: .25651037 in Stata, with the sign of its second factor
    assert result.factor_correlations.iloc[0, 1] == pytest.approx(0.25651037, abs=5e-6)


def test_scores_have_statas_signs_and_order_too(data: pd.DataFrame, stata: pd.DataFrame) -> None:
    for rotation, columns in (("varimax", ["f1", "f2"]), ("oblimin", ["f1o", "f2o"])):
        scores = factor_analysis(data, 2, rotation=rotation).scores(data)
        assert np.abs(scores.to_numpy() - stata[columns].to_numpy()).max() < 1e-5


def test_bartlett_scores_equal_statas(data: pd.DataFrame, stata: pd.DataFrame) -> None:
    for rotation, columns in (("varimax", ["f1b", "f2b"]), ("oblimin", ["f1ob", "f2ob"])):
        scores = factor_analysis(data, 2, rotation=rotation).scores(data, "bartlett")
        assert np.abs(scores.to_numpy() - stata[columns].to_numpy()).max() < 1e-4


def test_kaiser_normalisation_gives_other_scores_than_statas_default(
    data: pd.DataFrame, stata: pd.DataFrame
) -> None:
    assert largest_difference(factor_analysis(data, 2, kaiser=True), data, stata[["f1", "f2"]]) > 1e-3


def test_loadings_eigenvalues_and_uniqueness_equal_one_step_principal_axes(data: pd.DataFrame) -> None:
    from statsmodels.multivariate.factor import Factor

    second = Factor(data, 2, method="pa", smc=True).fit(maxiter=1)
    ours = factor_analysis(data, 2, rotation=None)
    assert np.allclose(ours.eigenvalues, np.sort(second.eigenvals)[::-1], atol=1e-12)
    assert np.allclose(ours.loadings.abs(), np.abs(second.loadings), atol=1e-12)
    assert np.allclose(ours.uniqueness, second.uniqueness, atol=1e-12)


def test_iterated_extraction_equals_principal_axes_run_to_the_end() -> None:
    from statsmodels.multivariate.factor import Factor

    rng = np.random.default_rng(5)
    common = rng.standard_normal((300, 2)) @ np.array(
        [[0.8, 0.7, 0.6, 0.1, 0.2, 0.0], [0.1, 0.0, 0.2, 0.7, 0.6, 0.8]]
    )
    frame = pd.DataFrame(common + 0.6 * rng.standard_normal((300, 6)))
    second = Factor(frame, 2, method="pa", smc=True).fit(maxiter=5000, tol=1e-12)
    ours = factor_analysis(frame, 2, "iterated", None, tolerance=1e-12)
    assert np.allclose(ours.loadings.abs(), np.abs(second.loadings), atol=1e-6)
    assert ours.cumulative[1] == pytest.approx(1.0, abs=1e-6)  # two factors hold all of the reduced trace
