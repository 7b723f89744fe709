"""Stata's `regress` and `xtreg, fe` on public data: coefficients, errors, fit, F and degrees of freedom.

stata_panel.csv and .json: the panel with heavy gaps and Stata 13's output that the wheel of linearmodels 7.1
ships (tests/panel/results/simulated-panel.dta, stata-panel-simulated-results.txt). grunfeld: the data and
Stata's output that statsmodels ships (regression/tests/results/results_grunfeld_ols_robust_cluster.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant import regression

DATA = Path(__file__).parent / "data"
STATA: dict[str, Any] = json.loads((DATA / "stata_panel.json").read_text(encoding="utf-8"))
FORMULA = "y ~ x1 + x2 + x3 + x4 + x5"
VCOV = {"conventional": "iid", "robust": "robust", "cluster": {"cluster": "firm"}}
SCALARS = {"N": "n", "r2": "r2", "r2_a": "adjusted_r2", "df_r": "df", "rmse": "rmse", "rss": "rss"}


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    return pd.read_csv(DATA / "stata_panel.csv")


@pytest.mark.parametrize("name", STATA)
def test_every_printed_digit_of_stata(panel: pd.DataFrame, name: str) -> None:
    model, errors, *weighted = name.split("-")
    result = regression(
        FORMULA,
        panel,
        absorb="firm" if model == "fixed_effect" else None,
        vcov=VCOV[errors],  # type: ignore[arg-type]
        dof="xtreg",
        weights="w" if weighted else None,
    )
    stata = STATA[name]
    for term in result.table["term"]:
        named = "_cons" if term == "Intercept" else term
        assert result.estimate(term) == pytest.approx(stata["b"][named], rel=1e-9)
        assert result.std_error(term) == pytest.approx(stata["variance"][named] ** 0.5, rel=1e-7)
    for theirs, ours in SCALARS.items():
        assert getattr(result, ours) == pytest.approx(stata[theirs], rel=1e-8), theirs
    assert result.f_statistic == pytest.approx(stata["F"], rel=1e-7)
    if model == "fixed_effect":
        assert result.r2_overall == pytest.approx(stata["r2_o"], rel=1e-8)


def test_grunfeld_with_clustered_errors_equals_stata() -> None:
    from statsmodels.datasets import grunfeld
    from statsmodels.regression.tests.results import results_grunfeld_ols_robust_cluster as shipped

    # Stata's file has the ten firms without American Steel.
    data, stata = grunfeld.load_pandas().data, shipped.results_cluster
    data = data[data["firm"] != "American Steel"]
    result = regression("invest ~ value + capital", data, vcov={"cluster": "firm"})
    table = result.table.set_index("term").loc[["value", "capital", "Intercept"]]
    columns = table[["estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high"]]
    np.testing.assert_allclose(columns.to_numpy(), np.asarray(stata.params_table)[:, :6], rtol=2e-7)
    assert (result.n, result.df, result.n_clusters) == (200, stata.df_r, 10)
    assert result.r2 == pytest.approx(stata.r2, rel=1e-7)
    assert result.f_statistic == pytest.approx(stata.F, rel=1e-6)


def test_published_degrees_of_freedom_and_adjusted_r2_agree() -> None:
    """Tables 4.5 and 4.6 of Thuesen et al. (2020): n, R2, adjusted R2, DF; the formula that areg uses."""
    published = {
        (427, 312): ((0.413, 0.199), (0.485, 0.297), (0.489, 0.302), (0.324, 0.078)),
        (417, 302): ((0.496, 0.306), (0.550, 0.380), (0.528, 0.350), (0.354, 0.110)),
    }
    for (n, df), fits in published.items():
        for r2, adjusted in fits:
            assert 1 - (1 - r2) * (n - 1) / df == pytest.approx(adjusted, abs=0.0011)
