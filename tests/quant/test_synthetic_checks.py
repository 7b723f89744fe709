"""Placebo in time and leave one donor out."""

from __future__ import annotations

import pytest

from quant.errors import EffectError
from quant.synthetic_checks import leave_one_donor_out, placebo_in_time
from quant.synthetic_control import synthetic_control
from tests.quant.synthetic_panels import ASKED, factors, mixture


def test_leaving_a_donor_out_gives_what_an_analysis_without_it_gives() -> None:
    panel, asked = factors(3, effect=4.0), {**ASKED, "start": 2020, "placebo": False}
    result = synthetic_control(panel, **asked)
    steps: list[tuple[int, int]] = []
    found = leave_one_donor_out(result, on_step=lambda *step: steps.append(step))
    assert found.table["donor"].tolist() == result.weights.index[result.weights >= 0.001].tolist()
    assert found.table["weight"].tolist() == result.weights[: len(found.table)].tolist()
    assert steps[-1] == (len(found.table), len(found.table))
    for row in found.table.itertuples():
        again = synthetic_control(panel[panel["town"] != row.donor], **asked)
        assert row.effect == pytest.approx(again.effect)
        assert row.pre_rmspe == pytest.approx(again.pre_rmspe)
        assert row.ratio == pytest.approx(again.ratio)
        assert found.gaps[row.donor].to_numpy() == pytest.approx(again.gap.to_numpy())
    assert found.lowest == found.table["effect"].min() <= found.highest == found.table["effect"].max()


def test_leaving_one_of_two_donors_out_is_refused() -> None:
    result = synthetic_control(mixture(), **ASKED, donors=["A", "B"], placebo=False)
    with pytest.raises(EffectError) as refused:
        leave_one_donor_out(result)
    assert refused.value.reason == "synthetic_leave_out"


def test_an_earlier_start_uses_no_period_after_the_true_one_and_finds_no_effect() -> None:
    result = synthetic_control(mixture(effect=5.0), **ASKED)
    earlier = placebo_in_time(result, 2006)
    assert (earlier.start, list(earlier.path.index)) == (2006, list(range(2000, 2010)))
    assert earlier.effect == pytest.approx(0, abs=1e-7)
    assert earlier.settings["placebo_of"] == "2010"
    assert (earlier.settings["periods_before"], earlier.settings["periods_after"]) == (6, 4)


def test_a_placebo_in_time_keeps_what_lies_before_it_of_the_predictors() -> None:
    result = synthetic_control(
        mixture(),
        **ASKED,
        predictors=["y", ("y", [2003, 2008]), ("y", 2009)],
        predictor_weights=[1, 1, 1],
        placebo=False,
    )
    earlier = placebo_in_time(result, 2006)
    assert list(earlier.balance.index) == ["y", "y 2003"]
    assert placebo_in_time(result, 2009).balance.index.tolist() == ["y", "y 2003-2008"]


def test_a_placebo_in_time_keeps_to_the_periods_of_the_predictors() -> None:
    result = synthetic_control(
        mixture(), **ASKED, predictors=["y", ("y", 2002)], predictor_periods=[2003, 2004, 2008], placebo=False
    )
    values = mixture().query("town == 'T'").set_index("year")["y"]
    balance = placebo_in_time(result, 2006).balance
    assert balance.loc["y", "treated"] == pytest.approx((values[2003] + values[2004]) / 2)
    assert list(placebo_in_time(result, 2003).balance.index) == ["y 2002"]


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (2010, "synthetic_placebo_start"),
        (2012, "synthetic_placebo_start"),
        (2001, "synthetic_few_periods"),
        (1999, "effect_unknown_period"),
    ],
)
def test_a_placebo_start_that_is_not_earlier_is_refused(start: int, reason: str) -> None:
    result = synthetic_control(mixture(), **ASKED, placebo=False)
    with pytest.raises(EffectError) as refused:
        placebo_in_time(result, start)
    assert refused.value.reason == reason


def test_a_placebo_before_all_predictors_is_refused() -> None:
    result = synthetic_control(mixture(), **ASKED, predictors=[("y", 2008), ("y", 2009)], placebo=False)
    with pytest.raises(EffectError) as refused:
        placebo_in_time(result, 2006)
    assert refused.value.reason == "synthetic_placebo_predictors"
    with pytest.raises(EffectError) as refused:
        placebo_in_time(result, 2000)
    assert refused.value.reason == "synthetic_placebo_predictors"
