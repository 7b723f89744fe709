"""Difference-in-differences: by hand, against regressions with dummies, windows, errors, bootstrap."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.did import did
from quant.effect_bootstrap import effect_bootstrap
from quant.effect_model import CheckedPanel, RowSource
from quant.effect_request import effect_request
from quant.errors import EffectError
from quant.regression import regression
from quant.regression_bootstrap import wild_bootstrap

COLUMNS: dict[str, Any] = {
    "gaps": "keep",
    "outcome": "y",
    "unit": "person",
    "time": "year",
    "treated": "group",
}


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    """100 persons in 20 towns over 8 years, a fifth of the rows missing; 8 towns are treated from 2014 on."""
    rng = np.random.default_rng(1)
    rows = [
        (person, person // 5, year)
        for person in range(100)
        for year in range(2010, 2018)
        if rng.random() < 0.8
    ]
    frame = pd.DataFrame(rows, columns=["person", "town", "year"])
    n = len(frame)
    frame["group"] = (frame["town"] < 8).astype(int)
    frame["now"] = frame["group"] * (frame["year"] >= 2014)
    frame["age"] = rng.normal(size=n)
    frame["school"] = rng.choice(["a", "b", "c"], n)
    frame["sex"] = np.where(frame["person"] % 2, "man", "woman")
    frame["w"] = rng.integers(1, 4, n)
    shock = rng.normal(size=20)[frame["town"]] * (frame["year"] - 2013) / 8
    frame["y"] = rng.normal(size=n) + shock + 0.5 * frame["now"] + 0.3 * frame["age"] + frame["year"] % 3
    return frame


def test_four_means_give_the_estimate_by_hand() -> None:
    """Treated 1, 3 -> 7; others 2, 4 -> 5: (7 - 2) - (5 - 3) = 3."""
    frame = pd.DataFrame(
        {
            "person": [0, 1, 0, 1, 2, 3, 2, 3],
            "year": [1, 1, 2, 2, 1, 1, 2, 2],
            "group": [1, 1, 1, 1, 0, 0, 0, 0],
            "y": [1.0, 3.0, 6.0, 8.0, 2.0, 4.0, 4.5, 5.5],
        }
    )
    for fixed_effects in ("unit", "group"):
        result = did(frame, **COLUMNS, start=2, fixed_effects=fixed_effects)  # type: ignore[arg-type]
        assert result.estimate == pytest.approx(3, abs=1e-12)
        row = result.table.iloc[0]
        assert (row["term"], row["period"], row["kind"]) == ("effect", "post", "pooled")
        assert row["treated_mean"] == pytest.approx(7)
        assert row["percent_of_mean"] == pytest.approx(300 / 7)
    # Residuals of the group model are the distances to the four means: 6 ones and halves, 8 - 4 parameters.
    assert result.std_error**2 == pytest.approx((6 * 1 + 2 * 0.25) / 4 * (4 / 2))
    assert (result.n, result.df, result.n_units, result.n_treated_units) == (8, 4, 4, 2)


@pytest.mark.parametrize("dof", ["xtreg", "areg"])
@pytest.mark.parametrize("cluster", [None, "town"])
@pytest.mark.parametrize("covariates", [(), ("age", "school")])
def test_unit_effects_are_the_regression_with_persons_absorbed(
    panel: pd.DataFrame, dof: str, cluster: str | None, covariates: tuple[str, ...]
) -> None:
    result = did(panel, **COLUMNS, start=2014, cluster=cluster, covariates=covariates, dof=dof)  # type: ignore[arg-type]
    second = regression(
        " + ".join(["y ~ now + C(year)", *covariates]),
        panel,
        absorb="person",
        vcov={"cluster": cluster} if cluster else "iid",
        dof=dof,  # type: ignore[arg-type]
    )
    row = second.table.set_index("term").loc["now"]
    for column in ("estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high"):
        assert result.table[column].iloc[0] == pytest.approx(row[column], rel=1e-10), column
    assert (result.n, result.df) == (second.n, second.df)
    assert result.r2 == pytest.approx(second.r2_within, rel=1e-10)


@pytest.mark.parametrize("dof", ["xtreg", "areg"])
def test_robust_errors_cluster_on_units_with_xtreg_and_not_with_areg(panel: pd.DataFrame, dof: str) -> None:
    result = did(panel, **COLUMNS, start=2014, vcov="robust", dof=dof)  # type: ignore[arg-type]
    second = regression("y ~ now + C(year)", panel, absorb="person", vcov="robust", dof=dof)  # type: ignore[arg-type]
    assert result.std_error == pytest.approx(second.std_error("now"), rel=1e-10)
    assert result.df == second.df


@pytest.mark.parametrize("vcov", ["iid", "robust", "cluster"])
def test_the_group_design_is_the_regression_with_dummies_of_groups_and_periods(
    panel: pd.DataFrame, vcov: str
) -> None:
    cluster = "town" if vcov == "cluster" else None
    result = did(
        panel,
        **COLUMNS,
        start=2014,
        cluster=cluster,
        vcov=vcov,  # type: ignore[arg-type]
        covariates=["age", "sex"],
        fixed_effects="group",
    )
    second = regression(
        "y ~ now + group + C(year) + age + sex",
        panel,
        vcov={"cluster": "town"} if cluster else vcov,  # type: ignore[arg-type]
    )
    assert result.estimate == pytest.approx(second.estimate("now"), rel=1e-10)
    assert result.std_error == pytest.approx(second.std_error("now"), rel=1e-10)
    assert (result.df, result.n) == (second.df, second.n)
    assert result.r2 == pytest.approx(second.r2, rel=1e-10)


@pytest.mark.parametrize("dof", ["xtreg", "areg"])
def test_absorbed_towns_within_clusters_count_with_areg_only(panel: pd.DataFrame, dof: str) -> None:
    result = did(
        panel,
        **COLUMNS,
        start=2014,
        cluster="town",
        absorb=["town"],
        fixed_effects="group",
        dof=dof,  # type: ignore[arg-type]
    )
    second = regression("y ~ now + C(year)", panel, absorb="town", vcov={"cluster": "town"}, dof=dof)  # type: ignore[arg-type]
    assert result.estimate == pytest.approx(second.estimate("now"), rel=1e-9)
    assert result.std_error == pytest.approx(second.std_error("now"), rel=1e-10)


def test_a_second_absorbed_column_beside_the_units_is_a_set_of_dummies(panel: pd.DataFrame) -> None:
    result = did(panel, **COLUMNS, start=2014, cluster="town", absorb=["school"])
    second = regression(
        "y ~ now + C(year) + school", panel, absorb="person", vcov={"cluster": "town"}, dof="xtreg"
    )
    assert result.estimate == pytest.approx(second.estimate("now"), rel=1e-10)
    assert result.std_error == pytest.approx(second.std_error("now"), rel=1e-10)


@pytest.mark.parametrize("vcov", ["iid", "robust"])
def test_weights_are_analytic_weights(panel: pd.DataFrame, vcov: str) -> None:
    result = did(panel, **COLUMNS, start=2014, weights="w", vcov=vcov, dof="areg")  # type: ignore[arg-type]
    second = regression("y ~ now + C(year)", panel, absorb="person", weights="w", vcov=vcov)  # type: ignore[arg-type]
    assert result.estimate == pytest.approx(second.estimate("now"), rel=1e-10)
    assert result.std_error == pytest.approx(second.std_error("now"), rel=1e-10)


def test_statsmodels_with_a_dummy_a_person_and_year_agrees(panel: pd.DataFrame) -> None:
    from statsmodels.formula.api import ols

    groups = {"groups": panel["town"]}
    second = ols("y ~ now + C(person) + C(year)", panel).fit(cov_type="cluster", cov_kwds=groups, use_t=True)
    result = did(panel, **COLUMNS, start=2014, cluster="town", dof="areg")
    assert result.estimate == pytest.approx(second.params["now"], rel=1e-9)
    assert result.std_error == pytest.approx(second.bse["now"], rel=1e-9)
    assert result.table["p_value"].iloc[0] == pytest.approx(second.pvalues["now"], rel=1e-8)


def test_windows_have_a_coefficient_each_and_leave_other_periods_out(panel: pd.DataFrame) -> None:
    windows = {"2014": [2014], "later": [2015, "2016"]}
    result = did(panel, **{**COLUMNS, "treated": "now"}, cluster="town", windows=windows)
    used = panel[panel["year"] < 2017].assign(
        first=lambda f: f["now"] * (f["year"] == 2014), later=lambda f: f["now"] * (f["year"] > 2014)
    )
    second = regression(
        "y ~ first + later + C(year)", used, absorb="person", vcov={"cluster": "town"}, dof="xtreg"
    )
    assert result.table["term"].tolist() == ["2014", "later"]
    for term, name in (("2014", "first"), ("later", "later")):
        row = result.table.set_index("term").loc[term]
        assert row["estimate"] == pytest.approx(second.estimate(name), rel=1e-10)
        assert row["std_error"] == pytest.approx(second.std_error(name), rel=1e-10)
        mean = used.loc[used[name] == 1, "y"].mean()
        assert row["treated_mean"] == pytest.approx(mean)
        assert row["percent_of_mean"] == pytest.approx(100 * row["estimate"] / mean)
    assert "effect_periods_left_out" in [note.reason for note in result.notes]
    assert result.covariance.loc["2014", "later"] == pytest.approx(
        second.covariance.loc["first", "later"], rel=1e-9
    )


def test_a_base_leaves_out_the_periods_in_which_the_treated_may_have_anticipated(panel: pd.DataFrame) -> None:
    result = did(panel, **COLUMNS, start=2014, base=[2010, 2011, 2012], cluster="town")
    without = did(panel[panel["year"] != 2013], **COLUMNS, start=2014, cluster="town")
    assert result.estimate == pytest.approx(without.estimate, rel=1e-12)
    assert result.std_error == pytest.approx(without.std_error, rel=1e-12)
    assert result.settings["base"] == [2010, 2011, 2012]


def test_a_covariate_that_units_already_say_is_left_out_and_named(panel: pd.DataFrame) -> None:
    result = did(panel, **COLUMNS, start=2014, covariates=["sex"])
    assert result.estimate == pytest.approx(did(panel, **COLUMNS, start=2014).estimate, rel=1e-12)
    (note,) = [note for note in result.notes if note.reason == "effect_covariates_omitted"]
    assert note.values == {"terms": "sex[woman]"}


def test_few_clusters_are_said_and_the_bootstrap_named(panel: pd.DataFrame) -> None:
    result = did(panel, **COLUMNS, start=2014, cluster="town")
    (note,) = [note for note in result.notes if note.reason == "effect_few_clusters"]
    assert note.values == {"clusters": 20, "treated": 8}
    assert (result.clusters, result.treated_clusters, result.df) == (20, 8, 19)


def test_one_treated_cluster_is_said_to_have_errors_of_no_use(panel: pd.DataFrame) -> None:
    one = panel.assign(group=(panel["town"] == 0).astype(int))
    reasons = [note.reason for note in did(one, **COLUMNS, start=2014, cluster="town").notes]
    assert "effect_one_treated_cluster" in reasons
    assert "effect_few_clusters" not in reasons


def test_the_result_is_json_with_its_settings(panel: pd.DataFrame) -> None:
    dated = panel.assign(year=pd.to_datetime(panel["year"].astype(str) + "-01-01"))
    result = did(dated, **COLUMNS, start="2014-01-01", cluster="town", windows={"all": ["2014-01-01"]})
    written = json.loads(json.dumps(result.as_dict()))
    assert written["start"] == "2014-01-01"
    assert written["table"][0]["estimate"] == result.estimate
    assert written["settings"]["cluster"] == "town"
    assert written["settings"]["fixed_effects"] == "unit"


def test_rows_in_any_order_give_the_same_estimate(panel: pd.DataFrame) -> None:
    mixed = panel.sample(frac=1, random_state=3)
    first = did(panel, **COLUMNS, start=2014, cluster="town", covariates=["age"])
    second = did(mixed, **COLUMNS, start=2014, cluster="town", covariates=["age"])
    assert first.estimate == pytest.approx(second.estimate, rel=1e-12)
    assert first.std_error == pytest.approx(second.std_error, rel=1e-12)


def test_badly_scaled_and_nearly_equal_covariates_keep_their_digits(panel: pd.DataFrame) -> None:
    frame = panel.assign(income=3e5 + panel["age"], twin=panel["age"] * (1 + 1e-3 * panel["w"]))
    result = did(frame, **COLUMNS, start=2014, cluster="town", covariates=["income", "twin"])
    second = regression(
        "y ~ now + C(year) + income + twin", frame, absorb="person", vcov={"cluster": "town"}, dof="xtreg"
    )
    assert result.estimate == pytest.approx(second.estimate("now"), rel=1e-7)
    assert result.std_error == pytest.approx(second.std_error("now"), rel=1e-7)


def test_the_bootstrap_of_an_effect_is_that_of_the_regression(panel: pd.DataFrame) -> None:
    result = did(panel, **COLUMNS, start=2014, cluster="town", covariates=["age"])
    second = regression(
        "y ~ now + C(year) + age", panel, absorb="person", vcov={"cluster": "town"}, dof="xtreg"
    )
    ours = effect_bootstrap(result, draws=999, seed=5)
    theirs = wild_bootstrap(second, "now", draws=999, seed=5)
    assert ours.p_value == theirs.p_value
    assert (ours.ci_low, ours.ci_high) == pytest.approx((theirs.ci_low, theirs.ci_high), rel=1e-6)


def test_with_six_clusters_the_bootstrap_is_the_refit_of_every_sign_pattern(panel: pd.DataFrame) -> None:
    frame = panel.assign(region=panel["town"] % 8 % 3 + 3 * (1 - panel["group"]))
    result = did(frame, **COLUMNS, start=2014, cluster="region")
    restricted = regression("y ~ C(year)", frame, absorb="person")
    residuals = restricted.fit.residuals
    seen = abs(result.table["statistic"].iloc[0])
    larger = 0
    for signs in product([1.0, -1.0], repeat=6):
        drawn = frame.assign(y=frame["y"] - residuals + np.array(signs)[frame["region"]] * residuals)
        again = did(drawn, **COLUMNS, start=2014, cluster="region")
        larger += abs(again.table["statistic"].iloc[0]) >= seen * (1 - 1e-9)
    found = effect_bootstrap(result, "effect", interval=False)
    assert (found.draws, found.exact) == (64, True)
    assert found.p_value == pytest.approx(larger / 64)


def test_a_bootstrap_without_clusters_or_of_no_coefficient_is_refused(panel: pd.DataFrame) -> None:
    for given, term, reason in (
        ({}, "effect", "effect_not_clustered"),
        ({"cluster": "town"}, "x", "effect_unknown_term"),
    ):
        with pytest.raises(EffectError) as refused:
            effect_bootstrap(did(panel, **COLUMNS, start=2014, **given), term)
        assert refused.value.reason == reason


def test_too_few_rows_or_one_cluster_admit_no_errors(panel: pd.DataFrame) -> None:
    frame = panel.assign(country=1)
    with pytest.raises(EffectError) as refused:
        did(frame, **COLUMNS, start=2014, cluster="country")
    assert refused.value.reason == "effect_one_cluster"
    two = pd.DataFrame(
        {"person": [0, 0, 1, 1], "year": [1, 2, 1, 2], "group": [1, 1, 0, 0], "y": [1, 2, 1, 5.0]}
    )
    with pytest.raises(EffectError) as refused:
        did(two, **COLUMNS, start=2)
    assert refused.value.reason == "effect_too_few_rows"


def test_an_effect_that_a_covariate_repeats_comes_before_it(panel: pd.DataFrame) -> None:
    result = did(panel.assign(same=panel["now"]), **COLUMNS, start=2014, covariates=["same"])
    assert result.estimate == pytest.approx(did(panel, **COLUMNS, start=2014).estimate, rel=1e-12)


def test_units_that_are_never_seen_on_both_sides_identify_nothing() -> None:
    rows = [(u, t) for u in range(8) for t in ((1,) if u % 2 else (2,))]
    frame = pd.DataFrame(rows, columns=["person", "year"])
    frame["group"] = (frame["person"] < 4).astype(int)
    frame["y"] = frame.index * 1.0
    with pytest.raises(EffectError) as refused:
        did(frame, **COLUMNS, start=2)
    assert refused.value.reason == "effect_not_identified"
    assert did(frame, **COLUMNS, start=2, fixed_effects="group").n == 8


def moving(n_persons: int = 300, schools: int = 60) -> pd.DataFrame:
    """Persons who change schools, in towns; two schools belong to one person alone."""
    rng = np.random.default_rng(6)
    rows = [(person, year) for person in range(n_persons) for year in range(6) if rng.random() < 0.9]
    frame = pd.DataFrame(rows, columns=["person", "year"])
    frame["town"] = frame["person"] % 24
    home = rng.integers(0, schools, n_persons)[frame["person"]]
    frame["place"] = np.where(rng.random(len(frame)) < 0.2, rng.integers(0, schools, len(frame)), home)
    frame.loc[frame["person"] == 0, "place"] = schools + frame.loc[frame["person"] == 0, "year"] % 2
    frame["group"] = (frame["town"] < 10).astype(int)
    frame["now"] = frame["group"] * (frame["year"] >= 3)
    frame["age"] = rng.normal(size=len(frame))
    frame["y"] = rng.normal(size=len(frame)) + frame["place"] / 30 + 0.4 * frame["now"] + 0.2 * frame["age"]
    return frame


@pytest.mark.parametrize("fixed_effects", ["unit", "group"])
@pytest.mark.parametrize(
    "errors",
    [{"cluster": "town"}, {"cluster": "town", "dof": "areg"}, {}, {"vcov": "robust", "dof": "areg"}],
)
def test_columns_with_many_levels_are_taken_out_as_their_dummies_would_be(
    fixed_effects: Any, errors: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {**COLUMNS, **errors, "covariates": ["age"], "absorb": ["place"], "fixed_effects": fixed_effects}
    with_dummies = did(moving(), start=3, **given)
    monkeypatch.setattr("quant.effect_projection.MANY_LEVELS", 20)
    projected = did(moving(), start=3, **given)
    assert projected.estimate == pytest.approx(with_dummies.estimate, rel=1e-9)
    assert projected.std_error == pytest.approx(with_dummies.std_error, rel=1e-9)
    assert projected.df == with_dummies.df


def test_many_levels_of_towns_count_as_in_the_regression_that_absorbs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("quant.effect_projection.MANY_LEVELS", 20)
    frame = moving()
    for dof in ("xtreg", "areg"):
        result = did(
            frame,
            **COLUMNS,
            start=3,
            cluster="town",
            absorb=["town"],
            fixed_effects="group",
            dof=dof,  # type: ignore[arg-type]
        )
        second = regression("y ~ now + C(year)", frame, absorb="town", vcov={"cluster": "town"}, dof=dof)  # type: ignore[arg-type]
        assert result.estimate == pytest.approx(second.estimate("now"), rel=1e-9)
        assert result.std_error == pytest.approx(second.std_error("now"), rel=1e-9)


def test_two_columns_with_many_levels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quant.effect_projection.MANY_LEVELS", 20)
    with pytest.raises(EffectError, match="place, second cannot be absorbed") as refused:
        did(moving().assign(second=lambda f: f["place"] // 2), **COLUMNS, start=3, absorb=["place", "second"])
    assert refused.value.reason == "effect_many_levels"


def test_an_outcome_that_never_changes_within_units_is_refused(panel: pd.DataFrame) -> None:
    fixed = panel.assign(y=panel["person"] * 0.1)
    with pytest.raises(EffectError) as refused:
        did(fixed, **COLUMNS, start=2014)
    assert refused.value.reason == "effect_no_variation"


def test_weights_of_zero_or_less_are_refused(panel: pd.DataFrame) -> None:
    with pytest.raises(EffectError) as refused:
        did(panel.assign(w=panel["w"] - 1), **COLUMNS, start=2014, weights="w")
    assert refused.value.reason == "effect_weights_not_positive"


def test_a_unit_with_a_hole_in_its_records_is_refused_unless_it_is_kept() -> None:
    frame = pd.DataFrame(
        [
            (unit, year, int(unit < 2), unit + year % 3 + (unit < 2 <= year))
            for unit in range(5)
            for year in range(4)
        ],
        columns=["unit", "year", "d", "y"],
    )
    columns = {"outcome": "y", "unit": "unit", "time": "year", "treated": "d", "start": 2}
    holed = frame[~((frame["unit"] == 3) & (frame["year"] == 1))]
    with pytest.raises(EffectError) as refused:
        did(holed, **columns)
    assert refused.value.reason == "effect_gaps_refused"
    assert refused.value.values == {"holes": 1, "units": 5}
    assert did(holed, **columns, gaps="keep").n == 19
    late = frame[~((frame["unit"] == 3) & (frame["year"] == 0))]
    assert did(late, **columns).n == 19


def test_a_panel_that_was_checked_once_gives_the_same_and_is_reduced_once(
    panel: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = effect_request(
        **{name: COLUMNS[name] for name in ("outcome", "unit", "time", "treated")}, start=2014, base=None,
        cluster="town", covariates=(), absorb=(), weights=None, fixed_effects="unit", vcov=None, dof="xtreg",
    )  # fmt: skip
    checked = CheckedPanel(panel, request)
    read: list[int] = []
    once = RowSource.cells
    monkeypatch.setattr(RowSource, "cells", lambda self, kept: read.append(1) or once(self, kept))
    first = did(checked, **COLUMNS, start=2014, cluster="town")
    second = did(checked, **COLUMNS, start=2014, cluster="town")
    assert first.estimate == second.estimate == did(panel, **COLUMNS, start=2014, cluster="town").estimate
    assert len(read) == 2  # once for the checked panel, once for the frame
