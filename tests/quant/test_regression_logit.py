"""Logit: Stata's margins on Spector's data, separation in words, groups that say nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import RegressionError
from quant.regression_logit import logit


@pytest.fixture(scope="module")
def spector() -> pd.DataFrame:
    from statsmodels.datasets import spector

    return spector.load_pandas().data


def test_coefficients_and_average_marginal_effects_equal_stata(spector: pd.DataFrame) -> None:
    """Stata's logit and margins, dydx(*), as the wheel of statsmodels ships them (discrete/tests/results)."""
    from statsmodels.discrete.tests.results.results_discrete import Spector

    stata = Spector.logit
    found = logit("GRADE ~ GPA + TUCE + PSI", spector)
    terms = ["GPA", "TUCE", "PSI", "Intercept"]
    np.testing.assert_allclose(found.table.set_index("term").loc[terms, "estimate"], stata.params, rtol=1e-4)
    np.testing.assert_allclose(found.table.set_index("term").loc[terms, "std_error"], stata.bse, rtol=1e-4)
    np.testing.assert_allclose(
        found.effects[["estimate", "std_error"]], np.column_stack([stata.margeff_nodummy_dydx,
        stata.margeff_nodummy_dydx_se]), rtol=1e-3,
    )  # fmt: skip
    assert list(found.effects["term"]) == ["GPA", "TUCE", "PSI"]
    assert (found.n, found.separated) == (32, ())


def test_a_term_that_predicts_the_outcome_perfectly_is_named() -> None:
    data = pd.DataFrame(
        {"y": [0, 0, 0, 1, 1, 1, 0, 1], "x": [1, 2, 3, 4, 5, 6, 3, 7], "z": [1, 5, 2, 4, 3, 1, 2, 2]}
    )
    found = logit("y ~ x + z", data)
    assert "x" in found.separated
    assert found.table.empty


def test_a_group_in_which_all_have_the_same_outcome_is_left_out_and_counted() -> None:
    rng = np.random.default_rng(1)
    group = np.repeat([0, 1, 2], 30)
    y = np.where(group == 0, 1, rng.random(90) < 0.5).astype(int)
    found = logit("y ~ x", pd.DataFrame({"y": y, "x": rng.normal(size=90), "group": group}), absorb="group")
    assert (found.n, found.n_constant, found.n_groups) == (60, 30, 2)
    assert list(found.effects["term"]) == ["x"]


@pytest.mark.parametrize(("y", "words"), [([0, 1, 2, 1], "not 0 or 1"), ([1, 1, 1, 1], "does not vary")])
def test_an_outcome_that_no_logit_can_take_is_refused(y: list[int], words: str) -> None:
    with pytest.raises(RegressionError, match=words):
        logit("y ~ x", pd.DataFrame({"y": y, "x": [1.0, 2.0, 4.0, 3.0]}))
