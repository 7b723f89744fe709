"""R's psych::fa: on the jute data of SAS, digits in the tests of statsmodels (test_factor.py), and of ten
measures of twins, digits in the tests of the Python package factor_analyzer (tests/expected/test02).

R stops after 50 steps and at coarser tolerances, so the last of its digits are not those of the solution. Its
`rotate = "promax"` normalises rows and takes the power 4.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from quant.extraction import extract
from quant.rotation import oblimin, rotate, varimax

JUTE = pd.DataFrame(
    {
        "basal": [2.068, 2.068, 2.09, 2.097, 2.117, 2.14, 2.045, 2.076, 2.09, 2.111, 2.093, 2.1, 2.104],
        "occ": [2.07, 2.074, 2.09, 2.093, 2.125, 2.146, 2.054, 2.088, 2.093, 2.114, 2.098, 2.106, 2.101],
        "max": [1.58, 1.602, 1.613, 1.613, 1.663, 1.681, 1.58, 1.602, 1.643, 1.643, 1.653, 1.623, 1.653],
        "id": range(1, 14),
    }
)
UNROTATED_IN_R = np.array(
    [
        [0.97541115, 0.20280987],
        [0.97113975, 0.17207499],
        [0.9618705, -0.2004196],
        [0.37570708, -0.45821379],
    ]
)
VARIMAX_IN_R = np.array(
    [
        [0.98828898, -0.12587155],
        [0.97424206, -0.15354033],
        [0.84418097, -0.502714],
        [0.20601929, -0.55558235],
    ]
)
OBLIMIN_IN_R = np.array(
    [
        [1.02834170170, 0.06563421],
        [1.00178840104, 0.03096076],
        [0.71824931384, -0.39658839],
        [-0.00013510048, -0.59261944],
    ]
)

TWINS_UNROTATED = np.array(
    [
        [-0.12990627, 0.16394922, 0.73815440],
        [0.03899557, 0.04658475, 0.01150443],
        [0.34874259, 0.61454306, -0.07254390],
        [0.45317137, 0.71924436, -0.07544070],
        [0.36688732, 0.44377936, -0.01736018],
        [0.74141726, -0.15008794, 0.29978721],
        [0.74167831, -0.16122562, -0.20747502],
        [0.82910130, -0.20519222, 0.04930079],
        [0.76042000, -0.23768396, -0.12071163],
        [0.81533442, -0.12494722, 0.17640211],
    ]
)
TWINS_KAISER_VARIMAX = np.array(
    [
        [-0.07692530, 0.04499249, 0.76202695],
        [0.01842029, 0.05757943, 0.01297874],
        [0.06067429, 0.70694334, -0.03312002],
        [0.11314784, 0.84522474, -0.03406962],
        [0.15307085, 0.55535180, -0.00122019],
        [0.77451543, 0.14746699, 0.20119055],
        [0.70629689, 0.17229594, -0.30097360],
        [0.83990626, 0.15058958, -0.06183551],
        [0.76620233, 0.10451961, -0.22652414],
        [0.81373065, 0.20915988, 0.07479499],
    ]
)
TWINS_KAISER_PROMAX = np.array(
    [
        [-0.01054063, -0.00200026, 0.76591805],
        [0.00897083, 0.05604447, 0.01238788],
        [-0.08770628, 0.74172561, -0.05392098],
        [-0.06076819, 0.87731503, -0.05619019],
        [0.04667895, 0.55710852, -0.01028024],
        [0.82016011, -0.03260689, 0.24987129],
        [0.68821244, 0.05306811, -0.26456023],
        [0.86147329, -0.02068567, -0.01258335],
        [0.77464489, -0.03888756, -0.18280773],
        [0.83565971, 0.03544523, 0.12219096],
    ]
)
TWINS_OBLIMIN = np.array(
    [
        [-0.00609708, 0.00797512, 0.76647878],
        [0.01279508, 0.05500434, 0.01578854],
        [-0.03645655, 0.72086361, -0.00469745],
        [-0.00049472, 0.85359209, 0.00113190],
        [0.08430754, 0.54413614, 0.02433831],
        [0.81178499, -0.01172759, 0.23065208],
        [0.68391147, 0.06231782, -0.27584115],
        [0.85199699, -0.00273318, -0.03207423],
        [0.76372842, -0.02451129, -0.20173817],
        [0.83105250, 0.05326496, 0.10691708],
    ]
)


def test_iterated_principal_axes_equal_rs_to_five_decimals() -> None:
    found = extract(JUTE.corr().to_numpy(), "iterated", n_factors=2, tolerance=1e-9).loadings
    signs = np.sign((found * UNROTATED_IN_R).sum(axis=0))
    assert np.abs(found * signs - UNROTATED_IN_R).max() < 1e-5


def test_raw_varimax_of_rs_loadings_equals_rs_to_five_decimals() -> None:
    found = varimax(UNROTATED_IN_R)
    assert np.abs(found - VARIMAX_IN_R).max() < 1e-5


def test_oblimin_of_rs_loadings_equals_rs() -> None:
    found = oblimin(VARIMAX_IN_R).loadings
    signs = np.sign((found * OBLIMIN_IN_R).sum(axis=0))
    assert np.abs(found * signs - OBLIMIN_IN_R).max() < 1e-4


def test_promax_with_rows_normalised_and_power_four_is_rs() -> None:
    found = rotate(TWINS_UNROTATED, "promax", kaiser=True, promax_power=4)
    assert np.abs(found.loadings - TWINS_KAISER_PROMAX).max() < 2e-4
    varimaxed = rotate(TWINS_UNROTATED, "varimax", kaiser=True).loadings
    assert np.abs(varimaxed - TWINS_KAISER_VARIMAX).max() < 2e-3  # where R stops


def test_oblimin_of_three_factors_is_rs_to_four_decimals() -> None:
    assert np.abs(oblimin(TWINS_UNROTATED).loadings - TWINS_OBLIMIN).max() < 5e-5


def test_promax_is_the_least_squares_fit_to_the_powers_with_unit_factor_variances() -> None:
    """Hendrickson and White by hand: regression of the powers on the varimax loadings, columns rescaled."""
    start = varimax(TWINS_UNROTATED)
    turn = np.linalg.solve(start.T @ start, start.T @ start**3)
    between = np.linalg.inv(turn.T @ turn)
    pattern = start @ turn * np.sqrt(np.diag(between))
    found = rotate(TWINS_UNROTATED, "promax")
    assert np.allclose(found.loadings, pattern, atol=1e-12)
    scale = np.sqrt(np.diag(between))
    assert np.allclose(found.correlations, between / np.outer(scale, scale), atol=1e-12)
