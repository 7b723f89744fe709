"""R's psych::fa (fm = "pa") on the jute data of SAS: digits in the tests of statsmodels (test_factor.py).

R stops after 50 steps and at coarser tolerances, so the last of its digits are not those of the solution.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from quant.extraction import extract
from quant.rotation import oblimin, varimax

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


def test_iterated_principal_axes_equal_rs_to_five_decimals() -> None:
    found = extract(JUTE.corr().to_numpy(), "iterated", n_factors=2).loadings
    signs = np.sign((found * UNROTATED_IN_R).sum(axis=0))
    assert np.abs(found * signs - UNROTATED_IN_R).max() < 1e-5


def test_raw_varimax_of_rs_loadings_equals_rs_to_five_decimals() -> None:
    found = varimax(UNROTATED_IN_R)
    assert np.abs(found - VARIMAX_IN_R).max() < 1e-5


def test_oblimin_of_rs_loadings_equals_rs() -> None:
    found = oblimin(VARIMAX_IN_R).loadings
    signs = np.sign((found * OBLIMIN_IN_R).sum(axis=0))
    assert np.abs(found * signs - OBLIMIN_IN_R).max() < 1e-4
