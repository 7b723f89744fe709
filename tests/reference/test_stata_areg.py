"""Stata's `regress`, `areg`, `xtreg, fe`, `boottest`: what is omitted, absorbed, weighted, bootstrapped.

The data in data/stata_cross, stata_firms, stata_collinear, stata_event_time, boottest_firms and
boottest_years are drawn by the seeded recipes in the tests of the Python package StatsPAI; the numbers are
those that Stata 18 MP (boottest 4.5.3) gave for them, recorded there (tests/stata_translation_holdout,
tests/reference_parity). Those of Grunfeld's data, which statsmodels ships, are Stata 17's, recorded in the
tests of StataFlow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant import regression
from quant.regression_bootstrap import wild_bootstrap
from quant.regression_logit import logit

DATA = Path(__file__).parent / "data"
FREQUENCY: dict[str, Any] = {"weights": "fw", "weight_kind": "frequency"}
PROBABILITY: dict[str, Any] = {"weights": "w", "weight_kind": "probability"}
CROSS: list[tuple[str, dict[str, Any], list[float], list[float]]] = [
    (
        "x1 + x2",
        {},
        [1.2554597293756185, 0.83154928488013691, -0.083815963010527517],
        [0.070100654415149302, 0.071374914924003996, 0.0629152597784466],
    ),
    (
        "x1 + x2",
        {"vcov": "robust"},
        [1.2554597293756185, 0.83154928488013691, -0.083815963010527517],
        [0.070434142176343403, 0.065610636003658601, 0.063169871427877403],
    ),
    (
        "x1 + x2",
        {"vcov": {"cluster": "g"}},
        [1.2554597293756185, 0.83154928488013691, -0.083815963010527517],
        [0.071606325756352604, 0.072209080349091306, 0.0598670290912637],
    ),
    (
        "x1 + x2",
        {"weights": "w"},
        [1.2438043849127831, 0.86546424240825204, -0.080298907660546467],
        [0.069606598762878294, 0.071995193914395794, 0.061385716345299497],
    ),
    (
        "x1 + x2",
        PROBABILITY,
        [1.2438043849127831, 0.86546424240825204, -0.080298907660546467],
        [0.073575812389370707, 0.066897586432581493, 0.062340554284596401],
    ),
    (
        "x1 + x2",
        {"weights": "w", "vcov": {"cluster": "g"}},
        [1.2438043849127831, 0.86546424240825204, -0.080298907660546467],
        [0.079288707546126755, 0.067997651366517975, 0.061670959656937412],
    ),
    (
        "x1 + x2",
        FREQUENCY,
        [1.2631922523307817, 0.85138048380764897, -0.063549392038384098],
        [0.050229115767924701, 0.05122322311214, 0.043318431382241097],
    ),
    (
        "x1 * x2",
        {},
        [1.2559475182312985, 0.83026675291534358, -0.087697493571544521, -0.032399256037842258],
        [0.070175168159444204, 0.071491908610380406, 0.063476666881692706, 0.066432935509389002],
    ),
    (
        "C(k) + x1",
        {},
        [1.1571025523567589, 0.28351024058375457, 0.018212013820624557, 0.82148343077940811],
        [0.1202334396882308, 0.16964966123303279, 0.17264946071866849, 0.071493979768332105],
    ),
    (
        "0 + x1 + x2",
        {},
        [0.78149693351335803, -0.14234830203271687],
        [0.095775916032619202, 0.084374872651205801],
    ),
    (
        "x1 + xm",
        {},
        [1.2350398866622263, 0.81650133082778453, -0.084086172002051832],
        [0.075632340244367297, 0.076115389742598405, 0.076474778140454405],
    ),
    (
        "x1 + x2",
        {"absorb": "g"},
        [1.255373994579748, 0.80737584526360306, -0.069036052033646503],
        [0.070445583083796698, 0.075740906641766206, 0.066716144320967202],
    ),
    (
        "x1 + x2",
        {"absorb": "g", "vcov": {"cluster": "g"}, "dof": "xtreg"},
        [1.2553739945797482, 0.80737584526360284, -0.069036052033646558],
        [0.0047920376958936004, 0.079055850661101296, 0.064342975889741194],
    ),
]


@pytest.fixture(scope="module")
def cross() -> pd.DataFrame:
    return pd.read_csv(DATA / "stata_cross.csv")


@pytest.mark.parametrize(("right", "options", "estimates", "errors"), CROSS)
def test_estimates_and_errors_are_statas_to_ten_digits(
    cross: pd.DataFrame, right: str, options: dict[str, Any], estimates: list[float], errors: list[float]
) -> None:
    result = regression(f"y ~ {right}", cross, **options)
    np.testing.assert_allclose(result.table["estimate"], estimates, rtol=1e-10)
    np.testing.assert_allclose(result.table["std_error"], errors, rtol=1e-10)


def test_rows_are_counted_as_stata_counts_them(cross: pd.DataFrame) -> None:
    assert regression("y ~ x1 + xm", cross).n == 355
    assert regression("y ~ x1 + x2", cross, **FREQUENCY).n == 806


def test_logit_is_statas(cross: pd.DataFrame) -> None:
    table = logit("yb ~ x1 + x2", cross).table
    np.testing.assert_allclose(
        table["estimate"], [0.035950072155615603, 1.0183897250230465, -0.1176277473874599], rtol=1e-6
    )
    np.testing.assert_allclose(
        table["std_error"], [0.11034004292633720, 0.13519018717500411, 0.099114212235598506], rtol=1e-6
    )


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"vcov": {"cluster": "ind"}}, 0.06986227033998747),
        ({"vcov": "robust"}, 0.07279123977444105),
        ({"vcov": {"cluster": "ind"}, "absorb": "firm"}, 0.06478721594229889),
        ({"vcov": {"cluster": "ind"}, "absorb": "firm", "dof": "xtreg"}, 0.06067113011100477),
    ],
)
def test_groups_within_clusters_count_in_areg_and_not_in_xtreg(options: dict[str, Any], error: float) -> None:
    firms = pd.read_csv(DATA / "stata_firms.csv")
    assert regression("y ~ x + w", firms, **options).std_error("x") == pytest.approx(error, rel=1e-10)


def test_areg_on_grunfelds_data_has_every_digit_of_stata() -> None:
    from statsmodels.datasets import grunfeld

    data = grunfeld.load_pandas().data
    data = data[data["firm"] != "American Steel"]
    result = regression("invest ~ value + capital", data, absorb="firm")
    expected = {
        "Intercept": (-58.743932, 12.453691),
        "value": (0.11012380, 0.01185669),
        "capital": (0.31006534, 0.01735450),
    }
    for term, (estimate, error) in expected.items():
        assert result.estimate(term) == pytest.approx(estimate, rel=1e-6)
        assert result.std_error(term) == pytest.approx(error, rel=1e-6)
    assert (result.n, result.df_residual, result.n_groups) == (200, 188, 10)
    assert result.r2 == pytest.approx(0.94407252, abs=2e-8)
    assert result.adjusted_r2 == pytest.approx(0.94080016, abs=2e-8)
    assert result.rmse == pytest.approx(52.767964, abs=2e-6)
    # "F test that all u_i=0: F(9, 188) = 49.18", the same test in Stata's xtreg
    assert result.f_absorbed == pytest.approx(49.18, abs=5e-3)
    robust = regression("invest ~ value + capital", data, absorb="firm", vcov="robust")
    years = regression("invest ~ value + capital", data, absorb="firm", vcov={"cluster": "year"})
    for term, (one, other) in {"value": (0.01937803, 0.01732792), "capital": (0.042795, 0.03227887)}.items():
        assert robust.std_error(term) == pytest.approx(one, rel=1e-6)
        assert years.std_error(term) == pytest.approx(other, rel=1e-6)
    assert robust.f_statistic == pytest.approx(40.227572, rel=1e-6)
    assert years.f_statistic == pytest.approx(98.110496, rel=1e-6)


COLLINEAR = [
    ("x + C(g) + d1", "d1", {"x": 0.60492442054200968, "C(g)[1]": 0.055910518144038648}, 0.15410865033468088),
    ("d1 + C(g) + x", "C(g)[1]", {"x": 0.60492442054200957, "d1": 0.055910518144038572}, 0.15410865033468066),
    ("x + d0 + d1 + d2", "d2", {"d0": -0.53023073611004989, "d1": -0.47432021796601015}, 0.1489527739356627),
    ("x + w1 + wsum", "w1", {"x": 0.53436813394811933, "wsum": 0.024046305126627622}, 0.063548411861738208),
]


@pytest.mark.parametrize(("right", "omitted", "estimates", "last_error"), COLLINEAR)
def test_of_terms_that_determine_each_other_the_one_stata_omits_goes(
    right: str, omitted: str, estimates: dict[str, float], last_error: float
) -> None:
    data = pd.read_csv(DATA / "stata_collinear.csv")
    dummies = {f"d{level}": (data["g"] == level).astype(int) for level in range(3)}
    data = data.assign(**dummies, wsum=data["x"] + data["w1"])
    result = regression(f"y ~ {right}", data)
    assert result.omitted == (omitted,)
    for term, value in estimates.items():
        assert result.estimate(term) == pytest.approx(value, rel=1e-9)
    assert result.std_error(list(estimates)[-1]) == pytest.approx(last_error, rel=1e-9)


def test_an_event_study_without_untreated_units_omits_the_last_two_periods() -> None:
    data = pd.read_csv(DATA / "stata_event_time.csv")
    since = data["t"] - data["g"]
    names = {k: f"e{'m' if k < 0 else 'p'}{abs(k)}" for k in range(-7, 7) if k != -1}
    data = data.assign(**{name: (since == k).astype(int) for k, name in names.items()})
    result = regression(f"y ~ {' + '.join(names.values())} + C(u) + C(t)", data, vcov={"cluster": "u"})
    assert result.omitted == ("C(t)[8]", "C(t)[9]")
    expected = {
        "em7": (0.070752374780417931, 0.35462663011153384),
        "em2": (0.30797699424252145, 0.49051772617249439),
        "ep0": (1.5386308350871969, 0.42933311328391072),
        "ep6": (1.6144246983287298, 0.31825040289417728),
    }
    for term, (estimate, error) in expected.items():
        assert result.estimate(term) == pytest.approx(estimate, rel=1e-8)
        assert result.std_error(term) == pytest.approx(error, rel=1e-8)
    assert result.r2 == pytest.approx(0.32948430449985744, rel=1e-10)


def test_all_sign_patterns_of_fifteen_clusters_give_boottests_p_value_and_interval() -> None:
    """boottest ends its search of the interval at about a ten-thousandth of its width."""
    firms = pd.read_csv(DATA / "boottest_firms.csv")
    result = regression("y ~ x + z", firms, absorb="firm", vcov={"cluster": "firm"}, dof="xtreg")
    assert result.estimate("x") == pytest.approx(0.06576570970445639, rel=1e-8)
    assert result.std_error("x") == pytest.approx(0.027193981415322716, rel=1e-8)
    found = wild_bootstrap(result, "x", draws=99_999, ties="left_out")
    assert (found.exact, found.draws) == (True, 2**15)
    assert found.p_value == pytest.approx(0.02630615, abs=5e-9)
    assert found.ci_low == pytest.approx(0.0089431, abs=2e-5)
    assert found.ci_high == pytest.approx(0.12568656, abs=7e-5)
    counted = wild_bootstrap(result, "x", draws=99_999, interval=False)
    assert counted.p_value == found.p_value + 2 / 2**15  # the sample itself and its mirror image


@pytest.mark.parametrize(
    ("right", "term", "p_value", "low", "high"),
    [
        ("d + C(year)", "d", 0.634277343750, -0.22277458134243738, 0.59384218321268545),
        ("d + x2 + C(year)", "d", 0.583496093750, -0.24306409002808482, 0.61455181284858962),
        ("d + x2 + C(year)", "x2", 0.0, 0.21111715627601141, 0.40607471001830087),
    ],
)
def test_boottest_after_areg_with_groups_within_clusters(
    right: str, term: str, p_value: float, low: float, high: float
) -> None:
    years = pd.read_csv(DATA / "boottest_years.csv")
    result = regression(f"y ~ {right}", years, absorb="unit", vcov={"cluster": "cl"})
    found = wild_bootstrap(result, term, ties="left_out")
    assert (found.exact, found.draws) == (True, 4096)
    assert found.p_value == p_value
    assert found.ci_low == pytest.approx(low, abs=8e-4 * (high - low))
    assert found.ci_high == pytest.approx(high, abs=8e-4 * (high - low))
