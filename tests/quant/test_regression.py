"""Regression: absorbed groups against dummies, degrees of freedom, weights, what is omitted and left out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from quant import RegressionError, regression
from quant.regression import Vcov


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """60 rows in 9 groups of unequal size, within 5 areas; one group has a single row."""
    rng = np.random.default_rng(7)
    group = np.repeat(np.arange(9), [1, 3, 5, 7, 8, 9, 9, 9, 9])
    x = rng.normal(size=60) + group / 4
    z = rng.normal(size=60)
    y = 0.5 * x - 0.2 * z + group / 3 + rng.normal(size=60) * (1 + np.abs(z))
    sex = np.where(rng.random(60) < 0.5, "man", "woman")
    return pd.DataFrame(
        {"y": y, "x": x, "z": z, "group": group, "area": group // 2, "sex": sex, "w": rng.integers(1, 4, 60)}
    )


def dummies(panel: pd.DataFrame, **fit: object) -> object:
    """The same model with a dummy a group, by statsmodels."""
    from statsmodels.formula.api import ols

    return ols("y ~ x + z + C(group)", panel).fit(**fit)


def test_absorbed_groups_give_the_estimates_errors_and_r2_of_dummies(panel: pd.DataFrame) -> None:
    result, second = regression("y ~ x + z", panel, absorb="group"), dummies(panel)
    for term in ("x", "z"):
        assert result.estimate(term) == pytest.approx(second.params[term], rel=1e-11)
        assert result.std_error(term) == pytest.approx(second.bse[term], rel=1e-11)
    assert result.r2 == pytest.approx(second.rsquared, rel=1e-11)
    assert result.adjusted_r2 == pytest.approx(second.rsquared_adj, rel=1e-11)
    assert (result.n, result.df, result.n_groups, result.n_singletons) == (60, 60 - 11, 9, 1)
    assert result.f_statistic == pytest.approx(float(second.f_test("x = z = 0").fvalue), rel=1e-10)


def test_robust_errors_of_areg_are_those_of_the_dummies(panel: pd.DataFrame) -> None:
    result = regression("y ~ x + z", panel, absorb="group", vcov="robust")
    assert result.std_error("x") == pytest.approx(dummies(panel, cov_type="HC1").bse["x"], rel=1e-10)


def test_clustered_errors_of_areg_count_the_dummies_and_those_of_xtreg_do_not(panel: pd.DataFrame) -> None:
    second = dummies(panel, cov_type="cluster", cov_kwds={"groups": panel["area"]}, use_t=True)
    areg = regression("y ~ x + z", panel, absorb="group", vcov={"cluster": "area"})
    xtreg = regression("y ~ x + z", panel, absorb="group", vcov={"cluster": "area"}, dof="xtreg")
    assert areg.std_error("x") == pytest.approx(second.bse["x"], rel=1e-10)
    assert areg.table.set_index("term").loc["x", "p_value"] == pytest.approx(second.pvalues["x"], rel=1e-9)
    assert (areg.df, areg.n_clusters) == (4, 5)
    # (N - 1)/(N - K): K is 11 with the dummies, 3 without.
    assert areg.std_error("x") / xtreg.std_error("x") == pytest.approx((57 / 49) ** 0.5, rel=1e-12)


def test_xtreg_refuses_groups_that_lie_in_two_clusters(panel: pd.DataFrame) -> None:
    with pytest.raises(RegressionError, match="within one cluster"):
        regression("y ~ x", panel, absorb="area", vcov={"cluster": "group"}, dof="xtreg")


def test_the_constant_of_an_absorbed_model_belongs_to_the_means(panel: pd.DataFrame) -> None:
    result = regression("y ~ x", panel, absorb="group")
    expected = panel["y"].mean() - result.estimate("x") * panel["x"].mean()
    assert result.estimate("Intercept") == pytest.approx(expected, rel=1e-12)


def test_frequency_weights_equal_repeated_rows(panel: pd.DataFrame) -> None:
    repeated = panel.loc[panel.index.repeat(panel["w"])]
    for vcov in ("iid", "robust", {"cluster": "area"}):
        weighted = regression("y ~ x", panel, absorb="group", vcov=vcov, weights="w", weight_kind="frequency")
        again = regression("y ~ x", repeated, absorb="group", vcov=vcov)
        assert weighted.std_error("x") == pytest.approx(again.std_error("x"), rel=1e-11)
        assert (weighted.n, weighted.df) == (again.n, again.df)
        assert weighted.r2 == pytest.approx(again.r2, rel=1e-12)


def test_probability_weights_are_analytic_weights_with_robust_errors(panel: pd.DataFrame) -> None:
    probability = regression("y ~ x", panel, weights="w", weight_kind="probability")
    analytic = regression("y ~ x", panel, weights="w", vcov="robust")
    assert probability.vcov == "robust"
    assert probability.std_error("x") == pytest.approx(analytic.std_error("x"), rel=1e-13)


def test_a_term_that_earlier_ones_give_is_omitted_and_named(panel: pd.DataFrame) -> None:
    data = panel.assign(twice=2 * panel["x"] + 1)
    for absorb in (None, "group"):
        result = regression("y ~ x + z + twice + C(sex)", data, absorb=absorb)
        assert result.omitted == ("twice",)
        assert list(result.table["term"]) == ["Intercept", "C(sex)[woman]", "x", "z"]


def test_among_numbers_alone_the_larger_stays_as_in_statas_regress(panel: pd.DataFrame) -> None:
    data = panel.assign(twice=2 * panel["x"] + 1)
    result = regression("y ~ x + z + twice", data)
    assert result.omitted == ("x",)
    assert result.estimate("twice") == pytest.approx(regression("y ~ x + z", data).estimate("x") / 2)


def test_a_category_written_first_stays_though_the_design_puts_categories_first(panel: pd.DataFrame) -> None:
    data = panel.assign(woman=(panel["sex"] == "woman").astype(int))
    assert regression("y ~ woman + C(sex)", data).omitted == ("C(sex)[woman]",)
    assert regression("y ~ C(sex) + woman", data).omitted == ("woman",)


def test_a_term_that_does_not_vary_within_the_groups_is_omitted(panel: pd.DataFrame) -> None:
    result = regression("y ~ area + x", panel, absorb="group")
    assert result.omitted == ("area",)
    assert result.estimate("x") == pytest.approx(regression("y ~ x", panel, absorb="group").estimate("x"))


def test_rows_that_lack_a_value_are_left_out_and_counted_by_column(panel: pd.DataFrame) -> None:
    data = panel.copy()
    data.loc[[3, 4], "x"] = np.nan
    data.loc[[4, 5, 6], "group"] = np.nan
    result = regression("y ~ x", data, absorb="group")
    assert (result.n, result.n_dropped, dict(result.dropped)) == (56, 4, {"x": 2, "group": 3})
    assert result.n_singletons == 1


def test_categories_are_those_of_the_rows_used(panel: pd.DataFrame) -> None:
    data = panel.assign(place=np.where(panel.index < 2, "north", np.where(panel["z"] > 0, "south", "west")))
    data.loc[[0, 1], "y"] = np.nan
    result = regression("y ~ C(place)", data)
    assert list(result.table["term"]) == ["Intercept", "C(place)[west]"]


def test_a_reference_category_can_be_named(panel: pd.DataFrame) -> None:
    result = regression('y ~ x + C(sex, "woman") + C(area, 2)', panel)
    terms = list(result.table["term"])
    assert terms[1:] == ["C(sex)[man]", "C(area)[0]", "C(area)[1]", "C(area)[3]", "C(area)[4]", "x"]
    assert regression("y ~ x * C(sex)", panel).estimate("x:C(sex)[woman]") is not None


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y ~ nothing", "there is no column 'nothing'"),
        ("y x", "cannot be read"),
        ("y ~ x.__class__", "cannot be read"),
        ("y ~ __import__('os')", "cannot be read"),
        ("y ~ open('a')", "there is no column 'open'"),
        ("y ~ x; z", "cannot be read"),
        ('y ~ C(sex, "other")', "its values are: man, woman"),
        ("y ~ log(z)", "no numbers"),
        ("sex ~ x", "not a number"),
        ("y ~ x +", "does not fit"),
    ],
)
def test_a_formula_that_cannot_be_used_says_why(panel: pd.DataFrame, formula: str, words: str) -> None:
    with pytest.raises(RegressionError, match=words):
        regression(formula, panel)


def test_more_parameters_than_rows_are_refused(panel: pd.DataFrame) -> None:
    with pytest.raises(RegressionError, match="cannot hold"):
        regression("y ~ x", panel.head(3), absorb="group")


def test_one_cluster_is_refused(panel: pd.DataFrame) -> None:
    with pytest.raises(RegressionError, match="2 or more clusters"):
        regression("y ~ x", panel.assign(one=1), vcov={"cluster": "one"})


def test_names_that_are_no_plain_words_are_quoted(panel: pd.DataFrame) -> None:
    data = panel.rename(columns={"x": "min score", "z": "C"})
    result = regression('y ~ Q("min score")', data)
    assert list(result.table["term"]) == ["Intercept", "min score"]


def test_the_frame_that_was_given_is_not_changed(panel: pd.DataFrame) -> None:
    before = panel.copy()
    regression("y ~ x + C(sex)", panel, absorb="group", weights="w")
    pd.testing.assert_frame_equal(panel, before)


@pytest.mark.parametrize("write", [str, lambda value: str(value).replace(".", ",")])
def test_texts_that_are_numbers_are_read_as_numbers(
    panel: pd.DataFrame, write: Callable[[float], str]
) -> None:
    rounded = panel.round({"x": 2, "y": 2})
    text = rounded.assign(x=rounded["x"].map(write), y=rounded["y"].map(write))
    found, expected = regression("y ~ x", text, absorb="group"), regression("y ~ x", rounded, absorb="group")
    assert found.estimate("x") == expected.estimate("x")


def test_a_word_among_numbers_is_named_and_may_be_a_category(panel: pd.DataFrame) -> None:
    data = panel.assign(area=[*panel["area"].astype(str)[:-1], "unknown"])
    with pytest.raises(RegressionError, match="'area' holds 'unknown' among numbers"):
        regression("y ~ area", data)
    assert "C(area)[unknown]" in list(regression("y ~ C(area)", data).table["term"])


@pytest.mark.parametrize(
    ("outcome", "absorb", "words"),
    [
        (2.0, None, "the same in every row used"),
        (0.1, "group", "the same in every row used"),
        ("a", None, "not a number"),
        ("area", "group", "does not vary within the groups of 'group'"),
    ],
)
def test_an_outcome_that_does_not_vary_or_is_a_word_is_refused(
    panel: pd.DataFrame, outcome: object, absorb: str | None, words: str
) -> None:
    values = panel["area"] * 1.1 if outcome == "area" else outcome
    with pytest.raises(RegressionError, match=words):
        regression("y ~ x", panel.assign(y=values), absorb=absorb)


def test_two_columns_of_one_name_are_refused(panel: pd.DataFrame) -> None:
    with pytest.raises(RegressionError, match="two columns are called 'x'"):
        regression("y ~ x", pd.concat([panel, panel[["x"]]], axis=1))


def test_groups_of_one_row_each_leave_nothing_to_estimate(panel: pd.DataFrame) -> None:
    with pytest.raises(RegressionError, match="60 rows cannot hold 60 parameters"):
        regression("y ~ x", panel.assign(group=range(60)), absorb="group")


def test_one_absorbed_group_is_the_model_without(panel: pd.DataFrame) -> None:
    one, none = regression("y ~ x", panel.assign(one=1), absorb="one"), regression("y ~ x", panel)
    assert one.std_error("x") == pytest.approx(none.std_error("x"), rel=1e-12)
    assert np.isnan(one.f_absorbed)


@pytest.mark.parametrize("vcov", ["iid", "robust", {"cluster": "area"}])
def test_a_perfect_fit_has_no_error_and_no_test(panel: pd.DataFrame, vcov: Vcov) -> None:
    """Stata prints a root mean square of 0 and points for the errors and F."""
    data = panel.assign(y=3 * panel["x"] + panel["group"])
    result = regression("y ~ x", data, absorb="group", vcov=vcov)
    assert result.estimate("x") == pytest.approx(3)
    assert (result.std_error("x"), result.rmse, result.r2) == (0.0, 0.0, 1.0)
    assert np.isnan([result.f_statistic, result.f_absorbed]).all()
