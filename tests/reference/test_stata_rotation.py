"""What Stata printed in logs in public repositories: `factor, pcf`, then `rotate` (varimax, Kaiser off).

Digits as printed, four decimals. The first log is of a household survey (13 assets, 6,503 households), the
second of a survey of 2,015 persons (7 statements on control over one's life). A third, of two questions of
the ISSP asked of 55,835 persons, has `pf`, `ipf`, `pcf` and the scoring coefficients of `predict`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import factor_matrix
from quant.adequacy import independence_test
from quant.extraction import Extraction
from quant.factors import ordered
from quant.rotation import varimax

ASSETS_UNROTATED = np.array(
    [
        [0.4322, -0.1652, 0.5913, 0.1876, 0.0338],
        [-0.4976, 0.0136, -0.3653, 0.3985, -0.1179],
        [0.7684, -0.4537, -0.3419, 0.0115, 0.0576],
        [0.0114, 0.0206, -0.0052, 0.2463, 0.7192],
        [-0.1692, -0.1429, 0.3857, -0.2240, -0.0462],
        [0.4039, 0.1031, 0.2406, -0.4775, -0.0872],
        [0.7903, -0.4545, -0.2980, 0.0206, 0.0467],
        [0.2868, -0.0284, 0.4975, 0.5561, 0.0285],
        [0.5051, 0.0013, 0.0104, 0.0315, -0.2687],
        [0.2135, 0.2469, -0.0853, 0.4377, -0.2896],
        [0.5178, 0.6351, -0.0806, -0.0329, 0.1392],
        [-0.2516, -0.2169, 0.0252, -0.1010, 0.5035],
        [0.4835, 0.6025, -0.1089, -0.0682, 0.2250],
    ]
)
ASSETS_ROTATED = np.array(
    [
        [0.1803, -0.0067, 0.6852, 0.3129, 0.0073],
        [-0.2276, -0.2060, -0.1716, -0.6559, -0.0034],
        [0.9535, 0.0653, 0.0342, 0.0449, -0.0002],
        [0.0374, 0.1604, 0.1390, -0.1186, 0.7197],
        [-0.2136, -0.2682, 0.0899, 0.3522, -0.0209],
        [0.1350, 0.2366, 0.0009, 0.5924, -0.2053],
        [0.9525, 0.0668, 0.0785, 0.0669, -0.0132],
        [0.0467, 0.0457, 0.7931, -0.0757, 0.0407],
        [0.3623, 0.1981, 0.1942, 0.0845, -0.3364],
        [0.0630, 0.2657, 0.2714, -0.3834, -0.3066],
        [0.0900, 0.8252, 0.0519, 0.0759, -0.0312],
        [-0.0649, -0.2118, -0.1229, 0.0979, 0.5486],
        [0.0957, 0.8020, -0.0010, 0.0904, 0.0586],
    ]
)
ASSETS_VARIANCE = [2.12478, 1.68573, 1.29190, 1.20696, 1.07501]
CONTROL_UNROTATED = np.array(
    [
        [-0.3988, 0.7030],
        [0.6876, 0.2233],
        [0.6064, 0.3525],
        [-0.2818, 0.7397],
        [0.7860, 0.0821],
        [-0.0447, 0.6644],
        [0.7444, 0.1164],
    ]
)
CONTROL_ROTATED = np.array(
    [
        [-0.1659, 0.7910],
        [0.7229, 0.0034],
        [0.6850, 0.1512],
        [-0.0433, 0.7903],
        [0.7737, -0.1611],
        [0.1596, 0.6465],
        [0.7445, -0.1157],
    ]
)
CONTROL_VARIANCE = [2.19961, 1.73050]


@pytest.mark.parametrize(
    ("unrotated", "rotated", "variance"),
    [
        (ASSETS_UNROTATED, ASSETS_ROTATED, ASSETS_VARIANCE),
        (CONTROL_UNROTATED, CONTROL_ROTATED, CONTROL_VARIANCE),
    ],
)
def test_rotated_loadings_have_statas_digits_order_and_signs(
    unrotated: np.ndarray, rotated: np.ndarray, variance: list[float]
) -> None:
    ours, _ = ordered(varimax(unrotated), np.eye(unrotated.shape[1]))
    assert np.abs(ours - rotated).max() < 1.5e-4
    assert np.allclose((ours**2).sum(axis=0), variance, atol=3e-4)


@pytest.mark.parametrize("unrotated", [ASSETS_UNROTATED, CONTROL_UNROTATED])
def test_unrotated_loadings_already_stand_as_we_order_and_turn_them(unrotated: np.ndarray) -> None:
    ours, _ = ordered(unrotated, np.eye(unrotated.shape[1]))
    assert np.array_equal(ours, unrotated)


@pytest.mark.parametrize(
    ("eigenvalues", "chi2", "df"),
    [
        ([2.25297, 1.67714, 0.76534, 0.66328, 0.62920, 0.52843, 0.48363], 2366.36, 21),
        ([2.16690, 0.69171, 0.64454, 0.49685], 1477.37, 6),
        ([1.69186, 0.78015, 0.52800], 726.97, 3),
    ],
)
def test_the_test_of_independence_is_the_one_stata_prints(
    eigenvalues: list[float], chi2: float, df: int
) -> None:
    """LR test: independent vs. saturated, of three analyses of the second log (n = 2,015)."""
    found = independence_test(np.diag(eigenvalues), 2015)
    assert found.chi2 == pytest.approx(chi2, abs=0.08)
    assert found.df == df


@pytest.mark.parametrize(
    ("extraction", "eigenvalues", "loading", "uniqueness", "weight"),
    [
        ("principal_factor", [0.74514, -0.24999], 0.6104, 0.6274, 0.40758),
        ("iterated", [0.99501, -0.00012], 0.7053, 0.5025, 0.47099),
        ("pcf", [1.49757, 0.50243], 0.8653, 0.2512, 0.57782),
    ],
)
def test_two_items_have_every_digit_of_stata(
    extraction: Extraction, eigenvalues: list[float], loading: float, uniqueness: float, weight: float
) -> None:
    """With `ipf`, two more steps would give the limit .49757 of the communality, uniqueness .5024."""
    correlations = pd.DataFrame([[1, 0.49757], [0.49757, 1]])
    result = factor_matrix(correlations, 55_835, 1, extraction, None)
    assert np.allclose(result.eigenvalues, eigenvalues, atol=1.1e-5)
    assert result.loadings["factor_1"].round(4).tolist() == [loading, loading]
    assert result.uniqueness.round(4).tolist() == [uniqueness, uniqueness]
    assert np.allclose(result.score_weights(), weight, atol=6e-6)
    assert result.proportion[0] == pytest.approx(eigenvalues[0] / sum(eigenvalues), abs=5e-5)
