"""R's `factanal`, `psych::KMO` and `cortest.bartlett` on the salespeople of Johnson & Wichern (table 9-12).

Correlations and R's digits stand in published solutions of exercises 9.20-9.22; with three factors two
uniquenesses are at the bound (Heywood case). KMO of Holzinger & Swineford: R's `aaRon::efa.diag`, in the test
page of that package.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from quant import FactorResult, factor_matrix
from quant.adequacy import bartlett_sphericity, kaiser_meyer_olkin

BELOW_DIAGONAL = [
    [0.9260758],
    [0.8840023, 0.8425232],
    [0.5720363, 0.5415080, 0.7003630],
    [0.7080738, 0.7459097, 0.6374712, 0.5907360],
    [0.6744073, 0.4653880, 0.6410886, 0.1469074, 0.3859502],
    [0.9273116, 0.9442960, 0.8525682, 0.4126395, 0.5745533, 0.5663721],
]
UNIQUENESS = {
    2: [0.069191662, 0.070381824, 0.123310363, 0.004987889, 0.473587898, 0.613637835, 0.028817139],
    3: [0.038571561, 0.034480799, 0.088124391, 0.004956640, 0.446617961, 0.004968311, 0.037509883],
}
UNROTATED = {
    2: [
        [0.695, 0.669],
        [0.669, 0.695],
        [0.795, 0.494],
        [0.983, -0.167],
        [0.655, 0.312],
        [0.250, 0.569],
        [0.558, 0.812],
    ],
    3: [
        [0.901, 0.381],
        [0.775, 0.600],
        [0.931, 0.202],
        [0.733, -0.118],
        [0.689, 0.225],
        [0.757, -0.132],
        [0.762, 0.608],
    ],
}
KAISER_VARIMAX = [
    [0.8521502, 0.45238076],
    [0.8684331, 0.41885805],
    [0.7172312, 0.60188785],
    [0.1476020, 0.98652205],
    [0.5007545, 0.52503052],
    [0.6186809, 0.05996736],
    [0.9458237, 0.27676783],
]


def correlations() -> np.ndarray:
    matrix = np.eye(7)
    for row, values in enumerate(BELOW_DIAGONAL, start=1):
        matrix[row, : len(values)] = matrix[: len(values), row] = values
    return matrix


def fitted(n_factors: int) -> FactorResult:
    return factor_matrix(pd.DataFrame(correlations()), 50, n_factors, "ml", "varimax", kaiser=True)


@pytest.mark.parametrize("n_factors", [2, 3])
def test_uniqueness_is_rs_to_five_decimals_also_at_the_bound(n_factors: int) -> None:
    ours = fitted(n_factors)
    assert np.abs(ours.uniqueness.to_numpy() - np.array(UNIQUENESS[n_factors])).max() < 3e-6
    assert ours.notes[0].reason == "heywood_limit"


@pytest.mark.parametrize("n_factors", [2, 3])
def test_unrotated_loadings_have_rs_digits_and_signs(n_factors: int) -> None:
    ours = fitted(n_factors).unrotated_loadings.to_numpy()[:, :2]
    assert np.abs(ours - np.array(UNROTATED[n_factors])).max() < 6e-4


@pytest.mark.parametrize(
    ("n_factors", "chi2", "df", "p_value"), [(2, 117.2, 8, 1.25e-21), (3, 62.18, 3, 2.01e-13)]
)
def test_whether_the_factors_suffice_is_rs_test(n_factors: int, chi2: float, df: int, p_value: float) -> None:
    fit = fitted(n_factors).fit
    assert fit is not None
    assert (fit.chi2, fit.df) == (pytest.approx(chi2, rel=2e-4), df)
    assert fit.p_value == pytest.approx(p_value, rel=4e-3)


def test_kaiser_varimax_is_rs_but_for_where_r_stops() -> None:
    assert np.abs(fitted(2).loadings.to_numpy() - np.array(KAISER_VARIMAX)).max() < 5e-4


def test_regression_and_bartlett_scores_of_a_new_person_are_those_computed_in_r() -> None:
    standardised = np.array([1.5215312, -0.8516132, 0.4647493, 0.9569260, 1.1285815, 0.6730178, 0.4972619])
    ours = fitted(2)
    regression = standardised @ ours.score_weights().to_numpy()
    bartlett = standardised @ ours.score_weights("bartlett").to_numpy()
    assert regression == pytest.approx([0.1145316, 0.9454347], abs=6e-4)
    assert bartlett == pytest.approx([0.1118700, 0.9507092], abs=6e-4)


def test_sampling_adequacy_and_bartletts_test_are_those_of_psych() -> None:
    kmo = kaiser_meyer_olkin(correlations(), list("abcdefg"))
    assert round(kmo.overall, 2) == 0.62
    assert kmo.items.round(2).to_list() == [0.66, 0.78, 0.63, 0.41, 0.75, 0.42, 0.63]
    found = bartlett_sphericity(correlations(), 50)
    assert (found.chi2, found.df) == (pytest.approx(499.6613, abs=5e-4), 21)
    assert found.p_value == pytest.approx(1.737779e-92, rel=1e-4)


def test_sampling_adequacy_of_holzinger_and_swineford_to_five_decimals() -> None:
    stored = json.loads((Path(__file__).parent / "holzinger_swineford.json").read_text())
    n = np.array([group["n"] for group in stored])
    means = np.array([group["mean"] for group in stored])
    within = sum(group["n"] * np.array(group["covariance"]) for group in stored) / n.sum()
    off = means - n @ means / n.sum()
    covariance = within + (off.T * n) @ off / n.sum()
    scale = np.sqrt(np.diag(covariance))
    matrix = covariance / np.outer(scale, scale)
    assert kaiser_meyer_olkin(matrix, list("abcdefghi")).overall == pytest.approx(0.75224, abs=5e-6)
    found = bartlett_sphericity(matrix, int(n.sum()))
    assert (found.chi2, found.df) == (pytest.approx(904.1, abs=0.05), 36)
    assert found.p_value == pytest.approx(1.9121e-166, rel=5e-4)
