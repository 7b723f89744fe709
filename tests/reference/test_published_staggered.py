"""Effects by cohort and period, their averages: the minimum wage in 500 counties (Callaway & Sant'Anna 2021).

mpdta.csv: the public data `mpdta` of R's did, as the wheel of moderndid 0.2.0 ships it (lemp: log of teen
employment; first_treat: year of the county's first rise of the minimum wage, 0 for none).
mpdta_group_time.csv: estimates and analytic errors of csdid 0.4.3 to six decimals. moderndid 0.2.0 gives each
of them too (to 2e-6), but for errors clustered by state, of which it has none. Base periods, with an
effect of 0, are left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from quant.did import did
from quant.effect_results import EffectResult
from quant.staggered import StaggeredResult, staggered

DATA = Path(__file__).parent / "data"
SETTINGS = ["control", "base_period", "anticipation", "covariates", "method", "cluster"]
PORTS = pd.read_csv(DATA / "mpdta_group_time.csv", keep_default_na=False)
AVERAGES = {
    "dynamic": "dynamic",
    "group": "by_group",
    "calendar": "by_period",
    "dynamic_balance_1": "dynamic",
}
OVERALL = {"simple": "simple", "dynamic": "dynamic", "group": "group", "calendar": "period"}
# Printed in the README of R's did 2.5 ("A short example"), without covariates; its errors are bootstrapped.
R_GROUP_TIME = {
    "2004:2004": -0.0105, "2004:2005": -0.0704, "2004:2006": -0.1373, "2004:2007": -0.1008,
    "2006:2004": 0.0065, "2006:2005": -0.0028, "2006:2006": -0.0046, "2006:2007": -0.0412,
    "2007:2004": 0.0305, "2007:2005": -0.0027, "2007:2006": -0.0311, "2007:2007": -0.0261,
}  # fmt: skip
R_DYNAMIC = {
    "-3": 0.0305, "-2": -0.0006, "-1": -0.0245, "0": -0.0199, "1": -0.0510, "2": -0.1373, "3": -0.1008
}  # fmt: skip

R_BY_GROUP = {"2004": -0.0797, "2006": -0.0229, "2007": -0.0261}


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    counties = pd.read_csv(DATA / "mpdta.csv")
    return counties.assign(state=counties["countyreal"] // 1000)


def _estimate(counties: pd.DataFrame, **options: Any) -> StaggeredResult:
    return staggered(counties, outcome="lemp", unit="countyreal", time="year", start="first_treat", **options)


def _rows(table: pd.DataFrame) -> dict[str, tuple[float, float]]:
    return dict(zip(table["term"], zip(table["estimate"], table["std_error"], strict=True), strict=True))


def _assert_equal(
    found: dict[str, tuple[float, float]], expected: dict[str, tuple[float, float]], within: float = 2e-6
) -> None:
    assert list(found) == sorted(expected, key=list(found).index)
    for term, values in expected.items():
        assert found[term] == pytest.approx(values, abs=within), term


@pytest.mark.parametrize(
    "settings",
    [tuple(each) for each in PORTS[SETTINGS].drop_duplicates().itertuples(index=False)],
    ids=lambda each: "-".join(str(value) for value in each if value != ""),
)
def test_every_effect_and_error_equals_the_ports_of_r(
    counties: pd.DataFrame, settings: tuple[str, str, int, str, str, str]
) -> None:
    control, base_period, anticipation, covariates, method, cluster = settings
    expected = PORTS[(PORTS[SETTINGS] == list(settings)).all(axis=1)]
    options: dict[str, Any] = {
        "control": control,
        "base_period": base_period,
        "anticipation": anticipation,
        "covariates": [covariates] if covariates else [],
        "method": method,
        "cluster": cluster or None,
    }
    result = _estimate(counties, **options)
    balanced = _estimate(counties, balance=1, **options)

    _assert_equal(_rows(result.group_time), _rows(expected[expected["table"] == "group_time"]))
    for table, name in AVERAGES.items():
        of: EffectResult = getattr(balanced if table.endswith("balance_1") else result, name)
        rows = expected[(expected["table"] == table) & (expected["term"] != "overall")]
        _assert_equal(_rows(of.table), _rows(rows))
    overall = expected[expected["term"] == "overall"].set_index("table")
    for table, term in OVERALL.items():
        found = _rows(result.overall.table)[term]
        assert found == pytest.approx(tuple(overall.loc[table, ["estimate", "std_error"]]), abs=2e-6)
    assert _rows(balanced.overall.table)["dynamic"] == pytest.approx(
        tuple(overall.loc["dynamic_balance_1", ["estimate", "std_error"]]), abs=2e-6
    )


def test_the_numbers_that_r_prints(counties: pd.DataFrame) -> None:
    result = _estimate(counties)

    assert result.group_time.set_index("term")["estimate"].round(4).to_dict() == R_GROUP_TIME
    assert result.dynamic.table.set_index("term")["estimate"].round(4).to_dict() == R_DYNAMIC
    assert result.by_group.table.set_index("term")["estimate"].round(4).to_dict() == R_BY_GROUP
    overall = result.overall.table.set_index("term")["estimate"].round(4)
    assert overall[["dynamic", "group"]].tolist() == [-0.0772, -0.0310]
    assert result.pretrend is not None
    assert round(result.pretrend.p_value_large_sample, 5) == 0.16812
    assert result.pretrend.df == 5


# diff-diff 3.13.0, CallawaySantAnna("reg" without covariates, "dr" with lpop), on the rows kept below. It
# takes propensities below 0.0001 as 0.0001, which moves the doubly robust effects in the fifth decimal.
WITH_GAPS: dict[str, dict[str, tuple[float, float]]] = {
    "regression": {
        "2004:2004": (-0.007135, 0.02201), "2004:2005": (-0.062991, 0.032655),
        "2004:2006": (-0.149768, 0.044159), "2004:2007": (-0.094911, 0.041018),
        "2006:2004": (-4.8e-05, 0.027004), "2006:2005": (-0.00691, 0.021183),
        "2006:2006": (0.005252, 0.018012), "2006:2007": (-0.040374, 0.021367),
        "2007:2004": (0.028799, 0.016782), "2007:2005": (0.004649, 0.017714),
        "2007:2006": (-0.035655, 0.019697), "2007:2007": (-0.019585, 0.019866),
    },
    "doubly_robust": {
        "2004:2004": (-0.013574, 0.020099), "2004:2005": (-0.073663, 0.029479),
        "2004:2006": (-0.154179, 0.041901), "2004:2007": (-0.101519, 0.0395),
        "2006:2004": (-0.00708, 0.025913), "2006:2005": (-0.009669, 0.020118),
        "2006:2006": (0.006074, 0.018233), "2006:2007": (-0.045979, 0.019981),
        "2007:2004": (0.026253, 0.016093), "2007:2005": (0.003634, 0.01718),
        "2007:2006": (-0.034974, 0.019789), "2007:2007": (-0.024894, 0.019322),
    },
}  # fmt: skip


@pytest.mark.parametrize("method", WITH_GAPS)
def test_a_panel_with_gaps_compares_the_units_seen_in_both_periods(
    counties: pd.DataFrame, method: str
) -> None:
    kept = counties[(counties["countyreal"] * 7 + counties["year"] * 3) % 11 != 0]
    covariates = ["lpop"] if method == "doubly_robust" else []
    result = _estimate(kept, method=method, covariates=covariates)

    _assert_equal(_rows(result.group_time), WITH_GAPS[method], within=2e-6 if not covariates else 2e-5)


def test_units_with_gaps_left_out_as_r_does(counties: pd.DataFrame) -> None:
    kept = counties[(counties["countyreal"] * 7 + counties["year"] * 3) % 11 != 0]
    result = _estimate(kept, gaps="drop")

    # csdid 0.4.3, which keeps the 277 complete counties of 500 as R's did does.
    assert (result.simple.estimate, result.simple.std_error) == pytest.approx((-0.018461, 0.015181), abs=2e-6)
    assert result.simple.n_units == 277
    assert [
        note.values["found"] for note in result.notes if note.reason == "effect_staggered_incomplete"
    ] == [223]


def test_did_gives_the_mean_over_cohorts_and_says_so_where_starts_differ(counties: pd.DataFrame) -> None:
    """R's did prints -0.0400 for the simple average without covariates."""
    columns = {"outcome": "lemp", "unit": "countyreal", "time": "year", "treated": "treat"}
    result = did(counties, **columns, start="first_treat")
    assert (result.design, round(result.estimate, 4)) == ("staggered", -0.0400)
    assert result.notes[0].reason == "effect_by_cohorts"
    begun = (counties["first_treat"] > 0) & (counties["year"] >= counties["first_treat"])
    now = counties.assign(now=begun.astype(int))
    same = did(now, **{**columns, "treated": "now"})
    assert same.estimate == pytest.approx(result.estimate, rel=1e-12)
