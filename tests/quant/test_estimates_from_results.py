"""Effects computed here become the same evidence as published ones, and pass the audit of these."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from quant.did import did
from quant.estimate_audit import audit_estimates
from quant.estimates_from_results import estimates_from_effect, estimates_from_synthetic, stars_of
from quant.event_study import event_study
from quant.synthetic_control import synthetic_control


@pytest.fixture(scope="module")
def panel() -> pd.DataFrame:
    draw = np.random.default_rng(3)
    frame = pd.MultiIndex.from_product([range(40), range(6)], names=["unit", "time"]).to_frame(index=False)
    frame["treated"] = (frame["unit"] < 20).astype(int)
    effect = 0.4 * frame["treated"] * (frame["time"] >= 3)
    frame["work"] = 0.5 + 0.02 * frame["time"] + effect + draw.normal(0, 0.1, len(frame))
    return frame


def test_a_pooled_effect_is_one_estimate_with_its_settings(panel: pd.DataFrame) -> None:
    result = did(panel, outcome="work", unit="unit", time="time", treated="treated", start=3, cluster="unit")
    (estimate,) = estimates_from_effect(result, subgroup="men", source="simulated")

    assert estimate.estimate == result.estimate
    assert (estimate.std_error, estimate.n, estimate.df) == (result.std_error, 240, float(result.df))
    assert (estimate.outcome, estimate.subgroup, estimate.stars) == ("work", "men", "***")
    assert (estimate.design, estimate.source) == ("did", "simulated")
    assert estimate.computed["settings"] == result.settings
    assert estimate.computed["clusters"] == 40


def test_an_event_study_is_one_estimate_a_period_and_agrees_with_itself(panel: pd.DataFrame) -> None:
    result = event_study(
        panel, outcome="work", unit="unit", time="time", treated="treated", base=2, start=3, cluster="unit"
    )
    estimates = estimates_from_effect(result)

    assert [estimate.period for estimate in estimates] == ["0", "1", "3", "4", "5"]
    assert [estimate.computed["kind"] for estimate in estimates] == ["pre", "pre", "post", "post", "post"]
    assert audit_estimates(pd.DataFrame([asdict(estimate) for estimate in estimates])).empty


def test_a_synthetic_control_is_one_estimate_without_standard_error(panel: pd.DataFrame) -> None:
    units = panel[panel["unit"].isin([0, *range(20, 40)])]
    result = synthetic_control(units, outcome="work", unit="unit", time="time", treated_unit=0, start=3)
    found = estimates_from_synthetic(result, period="3-5", source="simulated")

    assert len(found) == int(result.interpretable)
    for estimate in found:
        assert (estimate.estimate, estimate.std_error) == (pytest.approx(result.effect), None)
        assert (estimate.subgroup, estimate.period, estimate.p_value) == ("0", "3-5", result.p_value)


def test_stars_follow_the_levels() -> None:
    assert [stars_of(p) for p in (0.0009, 0.001, 0.049, 0.05, 0.1, None)] == ["***", "**", "*", "+", "", ""]
    assert stars_of(0.07, ten_percent="") == ""
