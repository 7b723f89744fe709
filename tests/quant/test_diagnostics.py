"""Diagnostics against statsmodels with dummies, and what a reader is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from quant import regression
from quant.diagnostics import collinearity, diagnose, influence, sign_flips


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    group = np.repeat(np.arange(8), 6)
    x = rng.normal(size=48)
    frame = pd.DataFrame({"x": x, "z": 0.6 * x + rng.normal(size=48), "group": group})
    frame["y"] = frame["x"] + group / 3 + rng.normal(size=48)
    return frame.set_index(pd.Index([f"p{place}" for place in range(48)]))


@pytest.mark.parametrize("absorb", [None, "group"])
def test_influence_equals_that_of_the_model_with_dummies(data: pd.DataFrame, absorb: str | None) -> None:
    from statsmodels.formula.api import ols
    from statsmodels.stats.outliers_influence import OLSInfluence

    formula = "y ~ x + z" + (" + C(group)" if absorb else "")
    second = OLSInfluence(ols(formula, data).fit())
    found = influence(regression("y ~ x + z", data, absorb=absorb)).loc[data.index]
    np.testing.assert_allclose(found["leverage"], second.hat_matrix_diag, rtol=1e-9)
    np.testing.assert_allclose(found["cooks"], second.cooks_distance[0], rtol=1e-8)
    np.testing.assert_allclose(found["student"], second.resid_studentized_internal, rtol=1e-8)
    columns = [second.results.model.exog_names.index(name) for name in ("x", "z")]
    of_terms = second.dfbetas[:, columns]
    np.testing.assert_allclose(np.abs(found["dfbeta"]), np.abs(of_terms).max(axis=1), rtol=1e-8)


def test_variance_inflation_of_two_terms_by_hand(data: pd.DataFrame) -> None:
    r = np.corrcoef(data["x"], data["z"])[0, 1]
    assert collinearity(regression("y ~ x + z", data))["vif"].tolist() == pytest.approx([1 / (1 - r**2)] * 2)


def test_a_row_alone_in_its_group_has_no_influence(data: pd.DataFrame) -> None:
    alone = pd.concat([data, pd.DataFrame({"x": 1, "z": 1, "group": 99, "y": 50}, index=["alone"])])
    found = influence(regression("y ~ x + z", alone, absorb="group")).loc["alone"]
    assert (found["leverage"], found["cooks"], found["dfbeta"]) == (pytest.approx(1), 0, 0)


def test_a_reader_is_told_of_few_clusters_small_groups_rare_cases_and_one_row_that_decides(
    data: pd.DataFrame,
) -> None:
    frame = data.assign(rare=(np.arange(48) < 4).astype(int))
    frame.loc["p9", ["x", "y"]] = [40.0, -80.0]
    frame.loc["p10", "z"] = np.nan
    told = {
        each.reason: each.values
        for each in diagnose(regression("y ~ x + z", frame, absorb="group", vcov={"cluster": "group"}))
    }
    assert told["few_clusters"]["clusters"] == 8
    assert told["few_rows_a_group"]["rows"] == pytest.approx(5.9)
    assert told["dropped"] == {"n": 1, "lacking": "z (1)"}
    assert "p9" in told["influential"]["rows"]
    rare = {each.reason: each.values for each in diagnose(regression("rare ~ x + z", frame))}
    assert rare["rare_outcome"]["cases"] == 4


def test_a_sign_that_turns_is_told_and_a_clear_one_by_its_own_word() -> None:
    found = sign_flips(
        {"a": (1.0, 0.1), "b": (0.1, 0.5), "c": (1.0, 0.1)},
        {"a": (-1.0, 0.1), "b": (-0.1, 0.5), "c": (0.2, 0.4)},
    )
    assert [(each.reason, each.values["term"]) for each in found] == [
        ("sign_flip_clear", "a"), ("sign_flip", "b")
    ]  # fmt: skip
