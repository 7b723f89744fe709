"""The published rotated loadings tell which rotation made them."""

from __future__ import annotations

import numpy as np
import pytest

from quant.rotation import rotate
from workbench.demo.fip import published_loadings


@pytest.mark.parametrize("solution", ["citizen", "caseworker"])
def test_published_loadings_stand_still_under_raw_varimax(solution: str) -> None:
    loadings = published_loadings(solution).to_numpy()
    assert np.abs(rotate(loadings, "varimax").loadings - loadings).max() < 1e-4


@pytest.mark.parametrize("solution", ["citizen", "caseworker"])
def test_published_loadings_move_under_kaiser_normalisation(solution: str) -> None:
    loadings = published_loadings(solution).to_numpy()
    assert np.abs(rotate(loadings, "varimax", kaiser=True).loadings - loadings).max() > 0.09
