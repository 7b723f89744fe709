"""Several treated units: pooled gap by hand, starts that differ, and draws of donors."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from quant.errors import EffectError
from quant.synthetic_control import prune_donors, synthetic_control
from quant.synthetic_groups import synthetic_controls
from tests.quant.synthetic_panels import factors

ASKED: dict[str, Any] = {"outcome": "y", "unit": "town", "time": "year"}


def made(seed: int, effect: float = 0.0, **starts: int) -> pd.DataFrame:
    """The named towns are treated from their years on."""
    panel = factors(seed, units=16)
    for town, start in starts.items():
        panel.loc[(panel["town"] == town) & (panel["year"] >= start), "y"] += effect
    return panel


def test_the_pooled_gap_is_the_mean_of_each_units_own() -> None:
    panel = made(1, 3.0, T=2020, d01=2020)
    found = synthetic_controls(panel, **ASKED, treated_units=["T", "d01"], start=2020, draws=0)
    donors = [f"d{number:02d}" for number in range(2, 16)]
    alone = [
        synthetic_control(panel, **ASKED, treated_unit=one, start=2020, donors=donors, placebo=False)
        for one in ("T", "d01")
    ]
    gaps = np.mean([one.gap.to_numpy() for one in alone], axis=0)
    assert found.gap["gap"].to_numpy() == pytest.approx(gaps)
    assert found.gap["event_time"].tolist() == list(range(-20, 10))
    assert found.gap["units"].tolist() == [2] * 30
    assert found.effect == pytest.approx(np.mean([one.effect for one in alone]))
    assert found.pre_rmspe == pytest.approx(np.sqrt(np.mean(gaps[:20] ** 2)))
    assert found.ratio == pytest.approx(found.post_rmspe / found.pre_rmspe)
    assert found.units["effect"].tolist() == [one.effect for one in alone]
    weights = pd.DataFrame({one.treated_unit: one.weights for one in alone}).mean(axis=1)
    assert found.weights[weights.index].to_numpy() == pytest.approx(weights.to_numpy())
    assert found.weights.sum() == pytest.approx(1)
    assert set(prune_donors(found.weights)) <= set(donors)
    assert np.isnan(found.p_value)


def test_with_draws_each_unit_has_its_own_placebos_too() -> None:
    panel = made(1, 3.0, T=2020, d01=2020)
    found = synthetic_controls(panel, **ASKED, treated_units=["T", "d01"], start=2020, draws=9)
    donors = [f"d{number:02d}" for number in range(2, 16)]
    alone = synthetic_control(panel, **ASKED, treated_unit="T", start=2020, donors=donors)
    pd.testing.assert_frame_equal(found.results["T"].placebo, alone.placebo)
    assert found.results["T"].p_value == alone.p_value


def test_starts_that_differ_are_pooled_by_time_since_the_start() -> None:
    panel = made(2, 4.0, T=2020, d01=2015)
    found = synthetic_controls(
        panel, **ASKED, treated_units=["T", "d01"], start={"T": 2020, "d01": 2015}, draws=0
    )
    table = found.gap.set_index("event_time")
    assert (table.index[0], table.index[-1]) == (-20, 14)
    assert table.loc[[-20, -16, -15, 9, 10, 14], "units"].tolist() == [1, 1, 2, 2, 1, 1]
    both = found.results["T"].gap[2021] + found.results["d01"].gap[2016]
    assert table.loc[1, "gap"] == pytest.approx(both / 2)
    started = panel.assign(started=panel["town"].map({"T": 2020, "d01": 2015}))
    by_column = synthetic_controls(started, **ASKED, treated_units=["T", "d01"], start="started", draws=0)
    assert by_column.effect == pytest.approx(found.effect)


def test_no_treated_unit_is_a_donor_of_another() -> None:
    found = synthetic_controls(
        made(3, 9.0, T=2020, d01=2020), **ASKED, treated_units=["T", "d01"], start=2020, draws=0
    )
    assert {"T", "d01"}.isdisjoint(found.weights.index)


def test_draws_of_donors_tell_an_effect_from_chance() -> None:
    steps: list[tuple[int, int]] = []
    treated = {f"d{number:02d}": 2020 for number in range(1, 5)}
    found = synthetic_controls(
        made(4, 5.0, **treated),
        **ASKED,
        treated_units=list(treated),
        start=2020,
        draws=199,
        on_step=lambda *step: steps.append(step),
    )
    assert found.effect_p_value == 1 / 200
    assert found.p_value <= 3 / 200
    assert (found.gap.loc[found.gap["event_time"] >= 0, "p_value"] <= 0.05).all()
    assert steps == [(number, 12 + 199) for number in range(1, 12 + 200)]
    none = synthetic_controls(made(4), **ASKED, treated_units=list(treated), start=2020, draws=199)
    assert none.effect_p_value > 0.1


def test_the_same_seed_draws_the_same_donors() -> None:
    panel = made(5, 1.0, T=2020, d01=2020)
    asked = {**ASKED, "treated_units": ["T", "d01"], "start": 2020, "draws": 99}
    first, again, other = (synthetic_controls(panel, **asked, seed=seed) for seed in (3, 3, 4))
    assert first.gap.equals(again.gap)
    assert not first.gap["p_value"].equals(other.gap["p_value"])


def test_units_that_are_matched_badly_are_counted() -> None:
    panel = made(1)
    panel.loc[panel["town"] == "d01", "y"] += 80
    found = synthetic_controls(panel, **ASKED, treated_units=["T", "d01"], start=2020, draws=9)
    assert found.units["fit"].tolist()[1] == "poor"
    assert found.notes[0].reason == "synthetic_group_poor"
    assert found.notes[0].values["found"] == 1


def test_fewer_donors_than_treated_units_are_drawn_twice_and_said() -> None:
    panel = made(7)
    found = synthetic_controls(
        panel,
        **ASKED,
        treated_units=["T", "d01", "d02", "d03"],
        start=2020,
        donors=["d04", "d05", "d06"],
        draws=9,
    )
    assert [note.reason for note in found.notes if "few_donors" in note.reason] == [
        "synthetic_group_few_donors"
    ]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"treated_units": ["T"], "start": 2020}, "synthetic_one_treated"),
        ({"treated_units": ["T", "d01"], "start": {"T": 2020}}, "synthetic_start_missing"),
        ({"treated_units": ["T", "d01"], "start": 2020, "donors": ["d01", "d02"]}, "synthetic_treated_donor"),
        ({"treated_units": ["T", "X"], "start": 2020}, "synthetic_no_treated_unit"),
        ({"treated_units": ["T", "d01"], "start": 2050}, "effect_unknown_period"),
    ],
)
def test_what_cannot_be_pooled_is_refused(asked: dict[str, Any], reason: str) -> None:
    with pytest.raises(EffectError) as refused:
        synthetic_controls(made(8), **ASKED, **asked)
    assert refused.value.reason == reason


def test_the_pooled_result_is_json() -> None:
    found = synthetic_controls(
        made(9), **ASKED, treated_units=["T", "d01"], start={"T": 2020, "d01": 2018}, draws=9
    )
    values = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert values["units"][0]["unit"] == "T"
    assert values["gap"][0]["event_time"] == -20
    assert values["weights"][0]["weight"] == pytest.approx(found.weights.iloc[0])
